//! The seam between pages and data.

use std::collections::HashMap;
use std::future::Future;
use std::pin::Pin;

use analyzer::Kind;
use capi::Target;
use packaging::ProjectName;
use store::{
    BlockedProjects, Error, Frozen, Inquiry, ItemHit, ItemPage, ItemPlace, LookedUp, LookupState, Overview, Paged,
    ProjectDetail, ProjectQuery, ProjectRow, ProposalId, PureMisses, ReleaseBlockers, ReleaseDetail, SavedHead,
    SavedProposal, SearchPage, SearchPlace, SiteLine, SnapshotHead, SnapshotName, SourceFound, SourceQuery, Start,
    Status, Store, StructureRow, TrendChanges, TrendMark, TrendRange, UserPlace, WheelCounts,
};
use trends::{Month, Scope, Series, Subject};
use whatif::Proposal;

/// An answer on its way.
pub type Answer<'a, T> = Pin<Box<dyn Future<Output = Result<T, Error>> + Send + 'a>>;

/// What pages ask: the read side of [`Store`] and its look-ups, method by method and under the same names.
pub trait Survey: Send + Sync {
    /// [`Store::overview`].
    fn overview(&self, target: Target) -> Answer<'_, Overview>;
    /// [`Store::projects`].
    fn projects<'a>(&'a self, query: &'a ProjectQuery) -> Answer<'a, Paged<ProjectRow>>;
    /// [`Store::project`].
    fn project<'a>(&'a self, name: &'a ProjectName, target: Target) -> Answer<'a, Option<ProjectDetail>>;
    /// [`Store::release`].
    fn release<'a>(&'a self, name: &'a ProjectName, version: Option<&'a str>) -> Answer<'a, Option<ReleaseDetail>>;
    /// [`Store::sites`].
    fn sites<'a>(
        &'a self,
        name: &'a ProjectName,
        version: &'a str,
        item: &'a str,
        limit: usize,
    ) -> Answer<'a, Paged<SiteLine>>;
    /// [`Store::first_sites`].
    fn first_sites<'a>(
        &'a self,
        name: &'a ProjectName,
        version: &'a str,
        items: &'a [&'a str],
    ) -> Answer<'a, HashMap<String, SiteLine>>;
    /// [`Store::snippet`].
    fn snippet<'a>(
        &'a self,
        name: &'a ProjectName,
        version: &'a str,
        path: &'a str,
        from: u32,
        to: u32,
    ) -> Answer<'a, Option<Vec<String>>>;
    /// [`Store::item`].
    fn item<'a>(
        &'a self,
        item: &'a str,
        kind: Option<Kind>,
        start: &'a Start<UserPlace>,
    ) -> Answer<'a, Option<ItemPage>>;
    /// [`Store::items`].
    fn items<'a>(
        &'a self,
        search: Option<&'a str>,
        kind: Option<Kind>,
        start: &'a Start<ItemPlace>,
    ) -> Answer<'a, Paged<ItemHit>>;
    /// [`Store::search`].
    fn search<'a>(&'a self, text: &'a str, after: &'a SearchPlace, limit: usize) -> Answer<'a, SearchPage>;
    /// [`Store::source_search`].
    fn source_search<'a>(&'a self, query: &'a SourceQuery) -> Answer<'a, SourceFound>;
    /// [`Store::status`].
    fn status(&self) -> Answer<'_, Status>;
    /// [`Store::wheel_counts`].
    fn wheel_counts(&self) -> Answer<'_, WheelCounts>;
    /// [`Store::pure_misses`].
    fn pure_misses(&self, sampled: fn(&ProjectName) -> bool) -> Answer<'_, PureMisses>;
    /// [`Store::lookup_state`].
    fn lookup_state<'a>(&'a self, name: &'a ProjectName) -> Answer<'a, LookupState>;
    /// [`Store::look_up`]: the one thing that visitors write.
    fn look_up<'a>(&'a self, name: &'a ProjectName) -> Answer<'a, LookedUp>;
    /// [`Store::inquire`].
    fn inquire<'a>(&'a self, proposal: &'a Proposal) -> Answer<'a, Inquiry>;
    /// [`Store::say_first_sites`].
    fn say_first_sites<'a>(&'a self, inquiry: &'a Inquiry, rows: &'a mut [whatif::Row]) -> Answer<'a, ()>;
    /// [`Store::proposal_saved`]: what the operator writes.
    fn proposal_saved<'a>(&'a self, inquiry: &'a Inquiry) -> Answer<'a, SavedProposal>;
    /// [`Store::saved_proposal`].
    fn saved_proposal<'a>(&'a self, id: &'a ProposalId) -> Answer<'a, Option<SavedProposal>>;
    /// [`Store::saved_proposals`].
    fn saved_proposals(&self, limit: u32) -> Answer<'_, Vec<SavedHead>>;
    /// [`Store::structures`].
    fn structures(&self) -> Answer<'_, Vec<StructureRow>>;
    /// [`Store::blocked_projects`].
    fn blocked_projects(&self, target: Target) -> Answer<'_, BlockedProjects>;
    /// [`Store::release_blockers`].
    fn release_blockers<'a>(&'a self, name: &'a ProjectName, target: Target) -> Answer<'a, Vec<ReleaseBlockers>>;
    /// [`Store::series`].
    fn series<'a>(&'a self, subject: &'a Subject, scope: Scope) -> Answer<'a, Series>;
    /// [`Store::trend_changes`].
    fn trend_changes<'a>(
        &'a self,
        subject: &'a Subject,
        scope: Scope,
        between: (Month, Month),
    ) -> Answer<'a, Option<TrendChanges>>;
    /// [`Store::trend_marks`].
    fn trend_marks(&self) -> Answer<'_, Vec<TrendMark>>;
    /// [`Store::trend_range`].
    fn trend_range(&self) -> Answer<'_, TrendRange>;
    /// [`Store::snapshots`].
    fn snapshots(&self) -> Answer<'_, Vec<SnapshotHead>>;
    /// [`Store::snapshot_figures`].
    fn snapshot_figures<'a>(&'a self, name: &'a SnapshotName) -> Answer<'a, Option<Frozen>>;
    /// [`Store::warm_up`].
    fn warm_up(&self) -> Answer<'_, ()>;
    /// [`Store::shown_version`].
    fn data_version(&self) -> Answer<'_, i64>;
}

impl Survey for Store {
    fn overview(&self, target: Target) -> Answer<'_, Overview> {
        Box::pin(self.overview(target))
    }

    fn projects<'a>(&'a self, query: &'a ProjectQuery) -> Answer<'a, Paged<ProjectRow>> {
        Box::pin(self.projects(query))
    }

    fn project<'a>(&'a self, name: &'a ProjectName, target: Target) -> Answer<'a, Option<ProjectDetail>> {
        Box::pin(self.project(name, target))
    }

    fn release<'a>(&'a self, name: &'a ProjectName, version: Option<&'a str>) -> Answer<'a, Option<ReleaseDetail>> {
        Box::pin(self.release(name, version))
    }

    fn sites<'a>(
        &'a self,
        name: &'a ProjectName,
        version: &'a str,
        item: &'a str,
        limit: usize,
    ) -> Answer<'a, Paged<SiteLine>> {
        Box::pin(self.sites(name, version, item, limit))
    }

    fn first_sites<'a>(
        &'a self,
        name: &'a ProjectName,
        version: &'a str,
        items: &'a [&'a str],
    ) -> Answer<'a, HashMap<String, SiteLine>> {
        Box::pin(self.first_sites(name, version, items))
    }

    fn snippet<'a>(
        &'a self,
        name: &'a ProjectName,
        version: &'a str,
        path: &'a str,
        from: u32,
        to: u32,
    ) -> Answer<'a, Option<Vec<String>>> {
        Box::pin(self.snippet(name, version, path, from, to))
    }

    fn item<'a>(
        &'a self,
        item: &'a str,
        kind: Option<Kind>,
        start: &'a Start<UserPlace>,
    ) -> Answer<'a, Option<ItemPage>> {
        Box::pin(self.item(item, kind, start))
    }

    fn items<'a>(
        &'a self,
        search: Option<&'a str>,
        kind: Option<Kind>,
        start: &'a Start<ItemPlace>,
    ) -> Answer<'a, Paged<ItemHit>> {
        Box::pin(self.items(search, kind, start))
    }

    fn search<'a>(&'a self, text: &'a str, after: &'a SearchPlace, limit: usize) -> Answer<'a, SearchPage> {
        Box::pin(self.search(text, after, limit))
    }

    fn source_search<'a>(&'a self, query: &'a SourceQuery) -> Answer<'a, SourceFound> {
        Box::pin(self.source_search(query))
    }

    fn status(&self) -> Answer<'_, Status> {
        Box::pin(self.status())
    }

    fn wheel_counts(&self) -> Answer<'_, WheelCounts> {
        Box::pin(self.wheel_counts())
    }

    fn pure_misses(&self, sampled: fn(&ProjectName) -> bool) -> Answer<'_, PureMisses> {
        Box::pin(self.pure_misses(sampled))
    }

    fn lookup_state<'a>(&'a self, name: &'a ProjectName) -> Answer<'a, LookupState> {
        Box::pin(self.lookup_state(name))
    }

    fn look_up<'a>(&'a self, name: &'a ProjectName) -> Answer<'a, LookedUp> {
        Box::pin(self.look_up(name))
    }

    fn inquire<'a>(&'a self, proposal: &'a Proposal) -> Answer<'a, Inquiry> {
        Box::pin(self.inquire(proposal))
    }

    fn say_first_sites<'a>(&'a self, inquiry: &'a Inquiry, rows: &'a mut [whatif::Row]) -> Answer<'a, ()> {
        Box::pin(self.say_first_sites(inquiry, rows))
    }

    fn proposal_saved<'a>(&'a self, inquiry: &'a Inquiry) -> Answer<'a, SavedProposal> {
        Box::pin(self.proposal_saved(inquiry))
    }

    fn saved_proposal<'a>(&'a self, id: &'a ProposalId) -> Answer<'a, Option<SavedProposal>> {
        Box::pin(self.saved_proposal(id))
    }

    fn saved_proposals(&self, limit: u32) -> Answer<'_, Vec<SavedHead>> {
        Box::pin(self.saved_proposals(limit))
    }

    fn structures(&self) -> Answer<'_, Vec<StructureRow>> {
        Box::pin(self.structures())
    }

    fn blocked_projects(&self, target: Target) -> Answer<'_, BlockedProjects> {
        Box::pin(self.blocked_projects(target))
    }

    fn release_blockers<'a>(&'a self, name: &'a ProjectName, target: Target) -> Answer<'a, Vec<ReleaseBlockers>> {
        Box::pin(self.release_blockers(name, target))
    }

    fn series<'a>(&'a self, subject: &'a Subject, scope: Scope) -> Answer<'a, Series> {
        Box::pin(self.series(subject, scope))
    }

    fn trend_changes<'a>(
        &'a self,
        subject: &'a Subject,
        scope: Scope,
        between: (Month, Month),
    ) -> Answer<'a, Option<TrendChanges>> {
        Box::pin(self.trend_changes(subject, scope, between))
    }

    fn trend_marks(&self) -> Answer<'_, Vec<TrendMark>> {
        Box::pin(self.trend_marks())
    }

    fn trend_range(&self) -> Answer<'_, TrendRange> {
        Box::pin(self.trend_range())
    }

    fn snapshots(&self) -> Answer<'_, Vec<SnapshotHead>> {
        Box::pin(self.snapshots())
    }

    fn snapshot_figures<'a>(&'a self, name: &'a SnapshotName) -> Answer<'a, Option<Frozen>> {
        Box::pin(self.snapshot_figures(name))
    }

    fn warm_up(&self) -> Answer<'_, ()> {
        Box::pin(self.warm_up())
    }

    fn data_version(&self) -> Answer<'_, i64> {
        Box::pin(self.shown_version())
    }
}

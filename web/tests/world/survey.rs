//! The questions of the pages, answered from memory.

use std::collections::{BTreeMap, HashMap, HashSet};

use ::trends::{Month, Scope, Series, Subject};
use analyzer::{Kind, Outcome};
use capi::Target;
use packaging::ProjectName;
use store::{
    BlockedProjects, Error, Frozen, Inquiry, ItemHit, ItemPage, ItemPlace, ItemUser, JobKind, LookedUp, LookupState,
    Overview, Paged, ProjectDetail, ProjectQuery, ProjectRow, ProposalId, PureMisses, ReleaseBlockers, ReleaseDetail,
    SavedHead, SavedProposal, SearchPage, SearchPlace, SiteLine, SnapshotHead, SnapshotName, SourceFound, SourceQuery,
    Start, Status, StructureRow, TargetRow, TrendChanges, TrendMark, TrendRange, Underway, UserPlace, WheelCounts,
};
use web::{Answer, Survey};
use whatif::{Blocked, Proposal};

use super::counted::{count, starting_at};
use super::{Known, World, day, evidence, sources, trends};

impl World {
    fn answer<'a, T: Send + 'a>(&'a self, work: impl FnOnce() -> T + Send + 'a) -> Answer<'a, T> {
        Box::pin(async move { if self.gone { Err(Error::Database(sqlx::Error::PoolClosed)) } else { Ok(work()) } })
    }
}

impl Survey for World {
    fn overview(&self, target: Target) -> Answer<'_, Overview> {
        self.answer(move || {
            let (projects, _, files) = self.states();
            let blocks = |known: &Known, _: Kind, item: &str| {
                known.verdict(target).is_some_and(|verdict| {
                    [&verdict.blocking, &verdict.blocking_members]
                        .iter()
                        .any(|items| items.iter().any(|one| one == item))
                })
            };
            Overview {
                chain: self.chain(target),
                targets: Target::all().map(|target| TargetRow { target, counts: self.counts(target) }).collect(),
                top_blockers: self.hits(blocks).into_iter().take(20).collect(),
                projects,
                files,
                updated_at: day("2026-11-22"),
            }
        })
    }

    fn projects<'a>(&'a self, query: &'a ProjectQuery) -> Answer<'a, Paged<ProjectRow>> {
        self.answer(move || {
            let mut rows: Vec<ProjectRow> = self.projects.iter().map(|known| known.row(query.target)).collect();
            rows.retain(|row| query.verdict.is_none_or(|verdict| row.verdict == Some(verdict)));
            rows.retain(|row| {
                query.search.as_ref().is_none_or(|text| row.name.as_str().contains(&text.to_lowercase()))
            });
            rows.sort_by(|one, other| query.order(&query.place(one), &query.place(other)));
            starting_at(rows, &query.start, |row, place| query.order(&query.place(row), place).is_le())
        })
    }

    fn project<'a>(&'a self, name: &'a ProjectName, target: Target) -> Answer<'a, Option<ProjectDetail>> {
        self.answer(move || {
            let known = self.find(name)?;
            let mut detail = known.detail.clone();
            if let Some(latest) = detail.releases.iter_mut().find(|row| row.latest) {
                latest.verdict = known.verdict(target).map(|verdict| verdict.verdict);
            }
            Some(detail)
        })
    }

    fn release<'a>(&'a self, name: &'a ProjectName, version: Option<&'a str>) -> Answer<'a, Option<ReleaseDetail>> {
        self.answer(move || {
            let known = self.find(name)?;
            let release = known.release.clone()?;
            match version {
                Some(version) if version != release.version => {
                    let row = known.detail.releases.iter().find(|row| row.version == version)?;
                    Some(ReleaseDetail {
                        version: row.version.clone(),
                        state: row.state,
                        prerelease: row.prerelease,
                        file: None,
                        ..release
                    })
                }
                _ => Some(release),
            }
        })
    }

    fn sites<'a>(
        &'a self,
        name: &'a ProjectName,
        _: &'a str,
        item: &'a str,
        limit: usize,
    ) -> Answer<'a, Paged<SiteLine>> {
        self.answer(move || {
            let users = self.find(name).map(|known| known.users(item, None)).unwrap_or_default();
            let mut rows: Vec<SiteLine> = users.iter().flat_map(|user| lines_of(user, item)).collect();
            rows.sort_by(|one, other| (&one.path, one.line).cmp(&(&other.path, other.line)));
            let total = count(rows.len());
            rows.truncate(limit);
            if self.find(name).is_some_and(Known::hides) {
                for row in &mut rows {
                    row.text.clear();
                }
            }
            Paged { rows, total }
        })
    }

    fn structures(&self) -> Answer<'_, Vec<StructureRow>> {
        self.answer(|| {
            let mut rows: BTreeMap<&str, StructureRow> = BTreeMap::new();
            let files = self.projects.iter().filter_map(|known| known.release.as_ref()?.file.as_ref());
            for (name, counts) in files.flat_map(|file| &file.structures) {
                let row = rows.entry(name).or_insert_with(|| StructureRow {
                    structure: name.clone(),
                    direct: 0,
                    direct_sites: 0,
                    inside: 0,
                    inside_sites: 0,
                });
                row.direct += i64::from(counts.api_level > 0);
                row.inside += i64::from(counts.api_level == 0 && counts.abi_level > 0);
                row.direct_sites += i64::try_from(counts.api_level).expect("few");
                row.inside_sites += i64::try_from(counts.abi_level).expect("few");
            }
            let mut rows: Vec<StructureRow> = rows.into_values().collect();
            rows.sort_by_key(|row| std::cmp::Reverse((row.direct, row.inside)));
            rows
        })
    }

    fn blocked_projects(&self, target: Target) -> Answer<'_, BlockedProjects> {
        self.answer(move || {
            let mut blocked = BlockedProjects::default();
            let verdicts = self.projects.iter().filter_map(|known| known.verdict(target));
            for (verdict, n) in verdicts.filter(|verdict| verdict.verdict == Outcome::Blocked).zip(1..) {
                let mut blockers = [&verdict.blocking[..], &verdict.blocking_members].concat();
                blockers.extend((!verdict.blocking_types.is_empty()).then(|| store::STATIC_TYPES.to_owned()));
                blocked.weighed.push(Blocked { weight: 1_000_000 / n, blockers: blockers.clone() });
                blocked.each.push(Blocked { weight: 1, blockers });
            }
            blocked
        })
    }

    fn inquire<'a>(&'a self, proposal: &'a Proposal) -> Answer<'a, Inquiry> {
        self.answer(move || Inquiry::made(proposal.clone(), evidence::of(self, proposal)))
    }

    fn proposal_saved<'a>(&'a self, inquiry: &'a Inquiry) -> Answer<'a, SavedProposal> {
        self.answer(move || evidence::saved(self, inquiry))
    }

    fn saved_proposal<'a>(&'a self, id: &'a ProposalId) -> Answer<'a, Option<SavedProposal>> {
        self.answer(move || self.saved.lock().expect("nobody panicked").get(id).cloned())
    }

    fn saved_proposals(&self, limit: u32) -> Answer<'_, Vec<SavedHead>> {
        self.answer(move || {
            let saved = self.saved.lock().expect("nobody panicked");
            saved.values().take(limit as usize).map(|saved| saved.head.clone()).collect()
        })
    }

    fn say_first_sites<'a>(&'a self, inquiry: &'a Inquiry, rows: &'a mut [whatif::Row]) -> Answer<'a, ()> {
        self.answer(move || {
            for row in rows {
                let site = row.first.take().and_then(|hit| evidence::first_site(self, &inquiry.evidence, &hit));
                row.first_site = site.unwrap_or_default();
            }
        })
    }

    fn first_sites<'a>(
        &'a self,
        name: &'a ProjectName,
        _: &'a str,
        items: &'a [&'a str],
    ) -> Answer<'a, HashMap<String, SiteLine>> {
        self.answer(move || {
            let Some(known) = self.find(name) else { return HashMap::new() };
            let first = |item: &&str| {
                let user = known.users(item, None).into_iter().next()?;
                let mut site = lines_of(&user, item).into_iter().next()?;
                if known.hides() {
                    site.text.clear();
                }
                Some(((*item).to_owned(), site))
            };
            items.iter().filter_map(first).collect()
        })
    }

    fn snippet<'a>(
        &'a self,
        name: &'a ProjectName,
        _: &'a str,
        _: &'a str,
        from: u32,
        to: u32,
    ) -> Answer<'a, Option<Vec<String>>> {
        self.answer(move || {
            self.find(name).filter(|known| !known.hides())?;
            let lines = [
                "    if (!PyTuple_Check(seq)) {",
                "        goto error;  /* <script>alert('x')</script> \u{202e} */",
                "    }",
                "    n = PyTuple_GET_SIZE(seq);",
                "    for (i = 0; i < n && PyTuple_GET_ITEM(seq, i) != NULL; i++) {",
                "\t/* a tab, then text */",
                "        Py_INCREF(PyTuple_GET_ITEM(seq, i));",
            ];
            (from < 100_000)
                .then(|| lines.iter().take((to - from + 1) as usize).map(|line| (*line).to_owned()).collect())
        })
    }

    fn item<'a>(
        &'a self,
        item: &'a str,
        kind: Option<Kind>,
        start: &'a Start<UserPlace>,
    ) -> Answer<'a, Option<ItemPage>> {
        self.answer(move || {
            let mut users: Vec<ItemUser> = self.projects.iter().flat_map(|known| known.users(item, kind)).collect();
            users.sort_by_key(ItemUser::place);
            (!users.is_empty()).then(|| ItemPage {
                item: item.to_owned(),
                kinds: self.hits(|_, _, name| name == item),
                users: starting_at(users, start, |user, place| user.place() <= *place),
                chain: self.chain("abi3-3.11".parse().expect("a target")),
            })
        })
    }

    fn items<'a>(
        &'a self,
        search: Option<&'a str>,
        kind: Option<Kind>,
        start: &'a Start<ItemPlace>,
    ) -> Answer<'a, Paged<ItemHit>> {
        self.answer(move || {
            let fits = |_: &Known, of: Kind, item: &str| {
                kind.is_none_or(|kind| of == kind)
                    && search.is_none_or(|text| item.to_lowercase().contains(&text.to_lowercase()))
            };
            let mut hits = self.hits(fits);
            hits.sort_by_key(ItemHit::place);
            starting_at(hits, start, |hit, place| hit.place() <= *place)
        })
    }

    fn search<'a>(&'a self, text: &'a str, after: &'a SearchPlace, limit: usize) -> Answer<'a, SearchPage> {
        self.answer(move || {
            let small = text.to_lowercase();
            let names = self.projects.iter().map(|known| &known.detail.name);
            let projects = names.filter(|name| name.as_str().contains(&small)).cloned();
            let hits = self.hits(|_, _, item| item.to_lowercase().contains(&small));
            // One of each name: an item has several kinds.
            let items: BTreeMap<String, i64> = hits.into_iter().map(|hit| (hit.item, hit.projects)).collect();
            SearchPage::of(text, projects, items.into_iter(), after, limit, |users| users)
        })
    }

    fn source_search<'a>(&'a self, query: &'a SourceQuery) -> Answer<'a, SourceFound> {
        self.answer(move || sources::found(self, query))
    }

    fn status(&self) -> Answer<'_, Status> {
        self.answer(move || {
            let (projects, releases, files) = self.states();
            Status {
                schema: 1,
                projects,
                releases,
                files,
                database_bytes: 48_300_000,
                updated_at: day("2026-11-22"),
                ..self.crawl()
            }
        })
    }

    fn wheel_counts(&self) -> Answer<'_, WheelCounts> {
        self.answer(|| WheelCounts {
            projects: 39,
            with_wheels: 37,
            abi3: 4,
            abi3t: 0,
            free_threaded: 21,
            one_version: 33,
            bundled: 2,
            pure: 3,
        })
    }

    fn pure_misses(&self, sampled: fn(&ProjectName) -> bool) -> Answer<'_, PureMisses> {
        self.answer(move || {
            let drawn: Vec<_> =
                self.projects.iter().map(|known| &known.detail.name).filter(|name| sampled(name)).collect();
            let missed = drawn.iter().take(2).map(|name| ((*name).clone(), "1.0".to_owned()));
            PureMisses {
                pure: 31_240,
                sampled: count(drawn.len()),
                decided: count(drawn.len()),
                with_native: count(drawn.len().min(2)),
                misses: missed.collect(),
            }
        })
    }

    fn lookup_state<'a>(&'a self, name: &'a ProjectName) -> Answer<'a, LookupState> {
        self.answer(move || LookupState {
            underway: self.looked_up.lock().expect("no test panics while holding it").get(name).cloned(),
            workers_silent_seconds: self.workers_silent,
        })
    }

    fn look_up<'a>(&'a self, name: &'a ProjectName) -> Answer<'a, LookedUp> {
        self.answer(move || {
            if self.full {
                return LookedUp::Full;
            }
            let kind = if self.find(name).is_some() { JobKind::Fetch } else { JobKind::ReadProject };
            self.looked_up.lock().expect("no test panics while holding it").insert(name.clone(), in_a_hurry(kind));
            *self.version.lock().expect("no test panics while holding it") += 1;
            LookedUp::Queued
        })
    }

    fn release_blockers<'a>(&'a self, name: &'a ProjectName, target: Target) -> Answer<'a, Vec<ReleaseBlockers>> {
        self.answer(move || {
            let Some(known) = self.find(name) else { return Vec::new() };
            let (Some(release), Some(verdict)) = (&known.release, known.verdict(target)) else { return Vec::new() };
            let made = |version: &str, blockers: Vec<String>| ReleaseBlockers {
                version: version.to_owned(),
                uploaded_at: release.uploaded_at,
                yanked: false,
                verdict: verdict.verdict,
                blockers,
            };
            let now = [&verdict.blocking[..], &verdict.blocking_members].concat();
            vec![made("0.1", vec!["PyUnicode_READY".to_owned()]), made(&release.version, now)]
        })
    }

    fn series<'a>(&'a self, subject: &'a Subject, scope: Scope) -> Answer<'a, Series> {
        self.answer(move || {
            let trends = self.trends();
            trends.series(subject, scope).unwrap_or_else(|| trends.members(scope).series(subject, &HashSet::new()))
        })
    }

    fn trend_changes<'a>(
        &'a self,
        subject: &'a Subject,
        scope: Scope,
        between: (Month, Month),
    ) -> Answer<'a, Option<TrendChanges>> {
        self.answer(move || self.trend_changed(subject, scope, between))
    }

    fn trend_marks(&self) -> Answer<'_, Vec<TrendMark>> {
        self.answer(trends::marks)
    }

    fn trend_range(&self) -> Answer<'_, TrendRange> {
        self.answer(|| trends::range(&self.trends()))
    }

    fn snapshots(&self) -> Answer<'_, Vec<SnapshotHead>> {
        self.answer(|| if self.projects.is_empty() { Vec::new() } else { trends::snapshots(&self.frozen()) })
    }

    fn snapshot_figures<'a>(&'a self, name: &'a SnapshotName) -> Answer<'a, Option<Frozen>> {
        self.answer(move || (name.as_str() == "2026-11").then(|| self.frozen()))
    }

    fn warm_up(&self) -> Answer<'_, ()> {
        self.answer(|| ())
    }

    fn data_version(&self) -> Answer<'_, i64> {
        self.answer(move || *self.version.lock().expect("no test panics while holding it"))
    }
}

/// A job that somebody waits for, queued just now.
pub(crate) fn in_a_hurry(kind: JobKind) -> Underway {
    Underway {
        kind,
        in_a_hurry: true,
        running: false,
        due_seconds: 0,
        tries: 0,
        last_error: None,
        queued_at: chrono::Utc::now(),
    }
}

fn lines_of(user: &ItemUser, item: &str) -> Vec<SiteLine> {
    let (path, first) = user.first_site.rsplit_once(':').expect("path:line");
    let first: u32 = first.parse().expect("a line");
    let step = |i: i64| u32::try_from(i * 13).expect("few");
    (0..user.sites)
        .map(|i| SiteLine {
            path: path.to_owned(),
            line: first + step(i),
            column: 9,
            origin: user.origin.clone(),
            condition: user.condition.clone(),
            text: format!("        value = {item}(op);  /* <b>not markup</b> */"),
        })
        .collect()
}

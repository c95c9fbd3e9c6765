//! What this world counts, and the rows that it shows.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use analyzer::{Kind, Outcome};
use capi::Target;
use packaging::ProjectName;
use store::{Chain, FileState, ItemHit, ItemUser, OutcomeCounts, Paged, ProjectRow, ReleaseState, Start};

use super::{Known, World};

const ROWS: usize = 50;

impl Known {
    pub(super) fn verdict(&self, target: Target) -> Option<&analyzer::Verdict> {
        let file = self.release.as_ref()?.file.as_ref()?;
        file.verdicts.iter().find(|verdict| verdict.target == target)
    }

    pub(super) fn hides(&self) -> bool {
        self.release.as_ref().is_some_and(|release| release.source_hidden.is_some())
    }

    pub(super) fn file_state(&self) -> Option<FileState> {
        self.release.as_ref()?.file.as_ref().map(|file| file.state)
    }

    pub(super) fn row(&self, target: Target) -> ProjectRow {
        let release = self.release.as_ref();
        let file = release.and_then(|release| release.file.as_ref());
        let verdict = self.verdict(target);
        let reasons = [
            file.and_then(|file| file.reason.clone()),
            release.and_then(|release| release.reason.clone()),
            self.detail.reason.clone(),
        ];
        ProjectRow {
            name: self.detail.name.clone(),
            display_name: self.detail.display_name.clone(),
            state: self.detail.state,
            version: release.map(|release| release.version.clone()),
            release_state: release.map(|release| release.state),
            file_state: self.file_state(),
            reason: reasons.into_iter().flatten().next(),
            verdict: verdict.map(|verdict| verdict.verdict),
            blockers: verdict.map_or(0, |verdict| {
                count(verdict.blocking.len() + verdict.blocking_members.len() + verdict.blocking_types.len())
            }),
            floor: file.and_then(|file| file.floor),
            uploaded_at: release.and_then(|release| release.uploaded_at),
        }
    }

    pub(super) fn users(&self, item: &str, kind: Option<Kind>) -> Vec<ItemUser> {
        let Some(release) = &self.release else {
            return Vec::new();
        };
        let Some(file) = &release.file else { return Vec::new() };
        let rows = file.uses.iter().zip(&self.first_sites);
        rows.filter(|(row, _)| row.item == item && kind.is_none_or(|kind| row.kind == kind))
            .map(|(row, first_site)| ItemUser {
                name: self.detail.name.clone(),
                version: release.version.clone(),
                kind: row.kind,
                access: row.access.clone(),
                origin: row.origin.clone(),
                origin_by: row.origin_by.clone(),
                condition: row.condition.clone(),
                certainty: row.certainty.clone(),
                sites: row.sites,
                first_site: first_site.clone(),
            })
            .collect()
    }
}

pub(super) fn count(n: usize) -> i64 {
    i64::try_from(n).expect("few")
}

pub(super) fn starting_at<T, P>(rows: Vec<T>, start: &Start<P>, is_before: impl Fn(&T, &P) -> bool) -> Paged<T> {
    let total = count(rows.len());
    match start {
        Start::Page(page) => paged(rows, *page),
        Start::After(place, most) => {
            let rest = rows.into_iter().filter(|row| place.as_ref().is_none_or(|place| !is_before(row, place)));
            Paged { rows: rest.take(*most).collect(), total }
        }
    }
}

pub(super) fn paged<T>(rows: Vec<T>, page: u32) -> Paged<T> {
    let total = count(rows.len());
    let first = (page as usize - 1) * ROWS;
    Paged { rows: rows.into_iter().skip(first).take(ROWS).collect(), total }
}

impl World {
    pub(super) fn find(&self, name: &ProjectName) -> Option<&Known> {
        self.projects.iter().find(|known| known.detail.name == *name)
    }

    pub(super) fn chain(&self, target: Target) -> Chain {
        let number = |test: &dyn Fn(&Known) -> bool| count(self.projects.iter().filter(|known| test(known)).count());
        let state = |known: &Known| known.release.as_ref().map(|release| release.state);
        let read = |known: &Known| !matches!(known.file_state(), None | Some(FileState::Queued | FileState::Deferred));
        let verdict = |known: &Known| known.verdict(target).map(|verdict| verdict.verdict);
        Chain {
            all: count(self.projects.len()),
            with_files: number(&|known| known.release.is_some()),
            with_sdist: number(&|known| state(known).is_some_and(|state| state != ReleaseState::NoSource)),
            selected: number(&|known| state(known) == Some(ReleaseState::Selected)),
            fetched: number(&read),
            readable: number(&|known| read(known) && known.file_state() == Some(FileState::Analysed)),
            with_native: number(&|known| !matches!(verdict(known), None | Some(Outcome::Pure))),
            decided: number(&|known| !matches!(verdict(known), None | Some(Outcome::Pure | Outcome::Undecided))),
        }
    }

    pub(super) fn counts(&self, target: Target) -> OutcomeCounts {
        let mut counts = OutcomeCounts::default();
        for verdict in self.projects.iter().filter_map(|known| known.verdict(target)) {
            match verdict.verdict {
                Outcome::NoBlocker => counts.no_blocker += 1,
                Outcome::Blocked => counts.blocked += 1,
                Outcome::ToolBlocks => counts.tool_blocks += 1,
                Outcome::Undecided => counts.undecided += 1,
                Outcome::Pure => counts.pure += 1,
            }
        }
        counts
    }

    /// Items with the projects that use them, most first, those that `keep` keeps.
    pub(super) fn hits(&self, keep: impl Fn(&Known, Kind, &str) -> bool) -> Vec<ItemHit> {
        let mut found: HashMap<(Kind, &str), (BTreeSet<&ProjectName>, i64)> = HashMap::new();
        for known in &self.projects {
            let uses = known.release.iter().filter_map(|release| release.file.as_ref()).flat_map(|file| &file.uses);
            for row in uses.filter(|row| keep(known, row.kind, &row.item)) {
                let hit = found.entry((row.kind, &row.item)).or_default();
                hit.0.insert(&known.detail.name);
                hit.1 += row.sites;
            }
        }
        let mut hits: Vec<ItemHit> = found
            .into_iter()
            .map(|((kind, item), (projects, sites))| ItemHit {
                item: item.to_owned(),
                kind,
                projects: count(projects.len()),
                sites,
            })
            .collect();
        hits.sort_by(|one, other| {
            other.projects.cmp(&one.projects).then(other.sites.cmp(&one.sites)).then(one.item.cmp(&other.item))
        });
        hits
    }

    pub(super) fn states(&self) -> (BTreeMap<String, i64>, BTreeMap<String, i64>, BTreeMap<String, i64>) {
        let (mut projects, mut releases, mut files) = (BTreeMap::new(), BTreeMap::new(), BTreeMap::new());
        for known in &self.projects {
            *projects.entry(known.detail.state.to_string()).or_default() += 1;
            for release in &known.detail.releases {
                *releases.entry(release.state.to_string()).or_default() += 1;
            }
            if let Some(state) = known.file_state() {
                *files.entry(state.to_string()).or_default() += 1;
            }
        }
        (projects, releases, files)
    }
}

//! The row of one project: its sites, items, and what solves it.

use std::cell::OnceCell;
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use analyzer::OriginClass;

use super::cases::{Case, counts, first_of};
use super::reviewed::Replayed;
use super::{Row, solved};
use crate::conditions::Live;
use crate::evidence::hits_of;
use crate::{Evidence, Hit, Status};

/// What rows are made of.
pub(super) struct Rows<'a> {
    evidence: &'a Evidence,
    live: &'a Live<'a>,
    hits: &'a [Hit],
    replayed: &'a Replayed,
    /// Asked of all hits, once, if a row needs it.
    solved: OnceCell<solved::Generators>,
}

impl<'a> Rows<'a> {
    pub(super) fn new(evidence: &'a Evidence, live: &'a Live<'a>, hits: &'a [Hit], replayed: &'a Replayed) -> Self {
        Self { evidence, live, hits, replayed, solved: OnceCell::new() }
    }

    /// The row of a project.
    pub(super) fn row(&self, project: u32, case: &Case) -> Row {
        let hits = hits_of(self.hits, project).iter();
        let hits: Vec<&Hit> = hits.filter(|hit| counts(self.evidence, self.live, case.status, hit)).collect();
        let mut items: BTreeMap<&str, i64> = BTreeMap::new();
        let mut sites: BTreeMap<OriginClass, i64> = BTreeMap::new();
        for hit in &hits {
            *sites.entry(self.evidence.origin(hit).class).or_default() += i64::from(hit.sites);
            *items.entry(self.evidence.name(hit)).or_default() += i64::from(hit.sites);
        }
        let mut items: Vec<(String, i64)> = items.into_iter().map(|(item, sites)| (item.to_owned(), sites)).collect();
        // Stable: by name where the sites are as many.
        items.sort_by_key(|(_, sites)| Reverse(*sites));
        let known = self.evidence.project(project);
        let first = first_of(self.evidence, &hits);
        let first_site = first.and_then(|hit| self.replayed.first_site(hit));
        Row {
            name: known.map(|known| known.name.to_string()).unwrap_or_default(),
            version: known.and_then(|known| known.version.clone()).unwrap_or_default(),
            status: case.status,
            solved: case.solved.clone().or_else(|| self.solved_by_hits(case.status, &hits)),
            sites: sites.into_iter().map(|(class, sites)| (class.as_str().to_owned(), sites)).collect(),
            replaceable: case.replaceable,
            items,
            first_site: first_site.unwrap_or_default().to_owned(),
            first: first.filter(|_| first_site.is_none()).copied(),
            rank: known.and_then(|known| known.rank),
            downloads: known.and_then(|known| known.downloads),
        }
    }

    fn solved_by_hits(&self, status: Status, hits: &[&Hit]) -> Option<String> {
        match status {
            // What was not searched may hold code of newer generators.
            Status::Regenerate if self.evidence.searched.iter().all(|searched| searched.complete) => {
                let solved = || solved::Generators::of(self.evidence, self.hits, self.live);
                self.solved.get_or_init(solved).sentence(self.evidence, hits)
            }
            Status::Vendored => self.copied(hits),
            _ => None,
        }
    }

    /// `copied from pythoncapi_compat`.
    fn copied(&self, hits: &[&Hit]) -> Option<String> {
        let origins = hits.iter().map(|hit| self.evidence.origin(hit));
        let vendored = origins.filter(|origin| origin.class == OriginClass::Vendored);
        let from: BTreeSet<&str> = vendored.filter_map(|origin| origin.by.as_deref()).collect();
        (!from.is_empty()).then(|| format!("copied from {}", from.into_iter().collect::<Vec<_>>().join(", ")))
    }
}

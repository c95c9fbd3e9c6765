//! The row of one project: its sites, items, and what solves it.

use std::cell::OnceCell;
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use analyzer::OriginClass;

use super::cases::{Case, Makers, counts, first_of};
use super::counted::Counted;
use super::{Row, solved};
use crate::conditions::Live;
use crate::{Hit, Status};

/// What rows are made of.
pub(super) struct Rows<'a> {
    counted: Counted<'a>,
    live: &'a Live<'a>,
    makers: &'a Makers,
    /// Asked of all hits, once, if a row needs it.
    solved: OnceCell<solved::Generators>,
}

impl<'a> Rows<'a> {
    pub(super) fn new(counted: Counted<'a>, live: &'a Live<'a>, makers: &'a Makers) -> Self {
        Self { counted, live, makers, solved: OnceCell::new() }
    }

    /// The row of a project.
    pub(super) fn row(&self, project: u32, case: &Case) -> Row {
        let evidence = self.counted.evidence;
        let all = self.counted.of(project);
        let hits: Vec<&Hit> = all.iter().filter(|hit| counts(evidence, self.live, case.status, hit)).collect();
        let mut items: BTreeMap<&Arc<str>, i64> = BTreeMap::new();
        let mut sites: BTreeMap<OriginClass, i64> = BTreeMap::new();
        for hit in &hits {
            *sites.entry(evidence.origin(hit).class).or_default() += i64::from(hit.sites);
            if let Some(item) = evidence.item(hit) {
                *items.entry(&item.name).or_default() += i64::from(hit.sites);
            }
        }
        let mut items: Vec<_> = items.into_iter().map(|(item, sites)| (Arc::clone(item), sites)).collect();
        // Stable: by name where the sites are as many.
        items.sort_by_key(|(_, sites)| Reverse(*sites));
        let known = evidence.project(project);
        let first = first_of(evidence, &hits);
        let first_site = first.and_then(|hit| self.counted.replayed.first_site(hit));
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
            Status::Regenerate if self.counted.evidence.searched.iter().all(|searched| searched.complete) => {
                let solved = || solved::Generators::of(self.counted.evidence, self.makers);
                self.solved.get_or_init(solved).sentence(self.counted.evidence, hits)
            }
            Status::Vendored => self.copied(hits),
            _ => None,
        }
    }

    /// `copied from pythoncapi_compat`.
    fn copied(&self, hits: &[&Hit]) -> Option<String> {
        let origins = hits.iter().map(|hit| self.counted.evidence.origin(hit));
        let vendored = origins.filter(|origin| origin.class == OriginClass::Vendored);
        let from: BTreeSet<&str> = vendored.filter_map(|origin| origin.by.as_deref()).collect();
        (!from.is_empty()).then(|| format!("copied from {}", from.into_iter().collect::<Vec<_>>().join(", ")))
    }
}

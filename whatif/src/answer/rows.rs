//! The row of one project: its sites, items, and what solves it.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use analyzer::OriginClass;

use super::cases::{Case, counts, first_of};
use super::reviewed::Counted;
use super::{Row, solved};
use crate::conditions::Live;
use crate::{Evidence, Status};

/// What rows are made of.
pub(super) struct Rows<'a> {
    pub(super) evidence: &'a Evidence,
    pub(super) live: &'a Live<'a>,
    pub(super) solved: &'a solved::Generators,
    pub(super) counted: &'a [Counted<'a>],
}

impl Rows<'_> {
    /// The row of a project.
    pub(super) fn row(&self, project: u32, case: &Case) -> Row {
        let hits = self.counted.get(case.hits.clone()).unwrap_or_default().iter();
        let hits: Vec<Counted<'_>> =
            hits.filter(|one| counts(self.evidence, self.live, case.status, one.hit)).copied().collect();
        let mut items: BTreeMap<&str, i64> = BTreeMap::new();
        let mut sites: BTreeMap<OriginClass, i64> = BTreeMap::new();
        for Counted { hit, .. } in &hits {
            *sites.entry(self.evidence.origin(hit).class).or_default() += i64::from(hit.sites);
            *items.entry(self.evidence.name(hit)).or_default() += i64::from(hit.sites);
        }
        let mut items: Vec<(String, i64)> = items.into_iter().map(|(item, sites)| (item.to_owned(), sites)).collect();
        // Stable: by name where the sites are as many.
        items.sort_by_key(|(_, sites)| Reverse(*sites));
        let known = self.evidence.project(project);
        let first = first_of(self.evidence, &hits);
        Row {
            name: known.map(|known| known.name.to_string()).unwrap_or_default(),
            version: known.and_then(|known| known.version.clone()).unwrap_or_default(),
            status: case.status,
            solved: case.solved.clone().or_else(|| self.solved_by_hits(case.status, &hits)),
            sites: sites.into_iter().map(|(class, sites)| (class.as_str().to_owned(), sites)).collect(),
            replaceable: case.replaceable,
            items,
            first_site: first.and_then(|one| one.first).unwrap_or_default().to_owned(),
            first: first.filter(|one| one.first.is_none()).map(|one| *one.hit),
            rank: known.and_then(|known| known.rank),
            downloads: known.and_then(|known| known.downloads),
        }
    }

    fn solved_by_hits(&self, status: Status, hits: &[Counted<'_>]) -> Option<String> {
        match status {
            Status::Regenerate => self.solved.sentence(self.evidence, hits),
            Status::Vendored => self.copied(hits),
            _ => None,
        }
    }

    /// `copied from pythoncapi_compat`.
    fn copied(&self, hits: &[Counted<'_>]) -> Option<String> {
        let origins = hits.iter().map(|one| self.evidence.origin(one.hit));
        let vendored = origins.filter(|origin| origin.class == OriginClass::Vendored);
        let from: BTreeSet<&str> = vendored.filter_map(|origin| origin.by.as_deref()).collect();
        (!from.is_empty()).then(|| format!("copied from {}", from.into_iter().collect::<Vec<_>>().join(", ")))
    }
}

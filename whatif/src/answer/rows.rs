//! The row of one project: its sites, items, and what solves it.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet, HashMap};

use analyzer::{Access, OriginClass};

use super::reviewed::Counted;
use super::{Row, solved};
use crate::conditions::Live;
use crate::{Evidence, Hit, Status};

/// Makes rows.
pub(super) struct Rows<'a> {
    evidence: &'a Evidence,
    live: &'a Live<'a>,
    solved: &'a solved::Generators,
    /// Items, written to or not, for which there is something to write instead.
    instead: HashMap<(u32, bool), bool>,
}

impl<'a> Rows<'a> {
    pub(super) fn new(evidence: &'a Evidence, live: &'a Live<'a>, solved: &'a solved::Generators) -> Self {
        Self { evidence, live, solved, instead: HashMap::new() }
    }

    /// The row of a project with these hits.
    pub(super) fn row(&mut self, project: u32, status: Status, hits: &[Counted<'_>]) -> Row {
        let wants_live = status != Status::Guarded;
        let counts = |hit: &Hit| {
            self.evidence.origin(hit).class != OriginClass::TestOrDoc && self.live.is_live(hit.condition) == wants_live
        };
        let counted: Vec<Counted<'_>> = hits.iter().filter(|one| counts(one.hit)).copied().collect();
        let mut row = bare(self.evidence, project, status);
        let mut items: BTreeMap<&str, i64> = BTreeMap::new();
        let mut sites: BTreeMap<OriginClass, i64> = BTreeMap::new();
        for Counted { hit, .. } in &counted {
            let class = self.evidence.origin(hit).class;
            *sites.entry(class).or_default() += i64::from(hit.sites);
            *items.entry(self.evidence.name(hit)).or_default() += i64::from(hit.sites);
            if class == OriginClass::Own && self.has_instead(hit) {
                row.replaceable += i64::from(hit.sites);
            }
        }
        row.sites = sites.into_iter().map(|(class, sites)| (class.as_str().to_owned(), sites)).collect();
        row.items = items.into_iter().map(|(item, sites)| (item.to_owned(), sites)).collect();
        // Stable: by name where the sites are as many.
        row.items.sort_by_key(|(_, sites)| Reverse(*sites));
        match counted.iter().min_by(|one, other| self.order(one.hit).cmp(&self.order(other.hit))) {
            Some(Counted { first: Some(place), .. }) => (*place).clone_into(&mut row.first_site),
            Some(Counted { hit, first: None }) => row.first = Some(**hit),
            None => {}
        }
        row.solved = match status {
            Status::Regenerate => self.solved.sentence(self.evidence, &counted),
            Status::Vendored => copied(self.evidence, &counted),
            _ => None,
        };
        row
    }

    /// The project's own code first: its first site is the one to look at. The rest is to have one order.
    fn order(&self, hit: &Hit) -> impl Ord + use<'_> {
        let origin = self.evidence.origin(hit);
        (
            (origin.class != OriginClass::Own, Reverse(hit.sites)),
            self.evidence.item(hit).map(|item| (item.kind.as_str(), &item.name)),
            (hit.access, origin.class, &origin.by),
            (self.evidence.conditions.text(hit.condition), hit.probable),
        )
    }

    fn has_instead(&mut self, hit: &Hit) -> bool {
        let writes = hit.access.iter().any(|access| access == Access::Write);
        let find = || {
            let item = self.evidence.item(hit);
            item.is_some_and(|item| !analyzer::instead(item.kind, &item.name, writes).is_empty())
        };
        *self.instead.entry((hit.item, writes)).or_insert_with(find)
    }
}

/// `copied from pythoncapi_compat`.
fn copied(evidence: &Evidence, hits: &[Counted<'_>]) -> Option<String> {
    let origins = hits.iter().map(|one| evidence.origin(one.hit));
    let vendored = origins.filter(|origin| origin.class == OriginClass::Vendored);
    let from: BTreeSet<&str> = vendored.filter_map(|origin| origin.by.as_deref()).collect();
    (!from.is_empty()).then(|| format!("copied from {}", from.into_iter().collect::<Vec<_>>().join(", ")))
}

/// A row without sites.
pub(super) fn bare(evidence: &Evidence, project: u32, status: Status) -> Row {
    let known = evidence.project(project);
    Row {
        name: known.map(|known| known.name.to_string()).unwrap_or_default(),
        version: known.and_then(|known| known.version.clone()).unwrap_or_default(),
        status,
        solved: None,
        sites: BTreeMap::new(),
        replaceable: 0,
        items: Vec::new(),
        first_site: String::new(),
        first: None,
        rank: known.and_then(|known| known.rank),
        downloads: known.and_then(|known| known.downloads),
    }
}

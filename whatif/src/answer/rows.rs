//! The row of one project: its sites, items, and what solves it.

use std::collections::{BTreeMap, BTreeSet};

use analyzer::OriginClass;

use super::{Row, solved};
use crate::status::Live;
use crate::{Evidence, Hit, Status};

/// The row of a project with these hits.
pub(super) fn row(
    evidence: &Evidence,
    project: usize,
    status: Status,
    hits: &[&Hit],
    solved: &solved::Generators,
    live: &mut Live,
) -> Row {
    let wants_live = status != Status::Guarded;
    let mut counted: Vec<&&Hit> = hits
        .iter()
        .filter(|hit| hit.origin != OriginClass::TestOrDoc.as_str() && live.is_live(&hit.condition) == wants_live)
        .collect();
    // The project's own code first: its first site is the one to look at.
    counted.sort_by_key(|hit| (hit.origin != OriginClass::Own.as_str(), std::cmp::Reverse(hit.sites)));
    let mut row = bare(evidence, project, status, None);
    let mut items: BTreeMap<&str, i64> = BTreeMap::new();
    for hit in &counted {
        *row.sites.entry(hit.origin.clone()).or_default() += hit.sites;
        *items.entry(&hit.item).or_default() += hit.sites;
        if hit.origin == OriginClass::Own.as_str() && has_instead(hit) {
            row.replaceable += hit.sites;
        }
    }
    row.items = items.into_iter().map(|(item, sites)| (item.to_owned(), sites)).collect();
    row.items.sort_by(|one, other| other.1.cmp(&one.1).then_with(|| one.0.cmp(&other.0)));
    row.first_site = counted.first().map(|hit| hit.first_site.clone()).unwrap_or_default();
    row.solved = match status {
        Status::Regenerate => solved.sentence(&counted),
        Status::Vendored => copied(&counted),
        _ => None,
    };
    row
}

fn has_instead(hit: &Hit) -> bool {
    let writes = hit.access.split('+').any(|word| word == analyzer::Access::Write.as_str());
    !analyzer::instead(hit.kind, &hit.item, writes).is_empty()
}

/// `copied from pythoncapi_compat`.
fn copied(hits: &[&&Hit]) -> Option<String> {
    let vendored = hits.iter().filter(|hit| hit.origin == OriginClass::Vendored.as_str());
    let from: BTreeSet<&str> = vendored.filter_map(|hit| hit.by.as_deref()).collect();
    (!from.is_empty()).then(|| format!("copied from {}", from.into_iter().collect::<Vec<_>>().join(", ")))
}

/// A row without sites.
pub(super) fn bare(evidence: &Evidence, project: usize, status: Status, solved: Option<String>) -> Row {
    let known = evidence.projects.get(project);
    Row {
        name: known.map(|known| known.name.to_string()).unwrap_or_default(),
        version: known.and_then(|known| known.version.clone()).unwrap_or_default(),
        status,
        solved,
        sites: BTreeMap::new(),
        replaceable: 0,
        items: Vec::new(),
        first_site: String::new(),
        rank: known.and_then(|known| known.rank),
        downloads: known.and_then(|known| known.downloads),
    }
}

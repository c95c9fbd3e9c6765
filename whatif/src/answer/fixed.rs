//! Who was affected once: the release that had such a use last, and the one after it.

use std::collections::BTreeMap;

use analyzer::OriginClass;

use super::asked::AskedItems;
use crate::conditions::Live;
use crate::{Evidence, Hit, Past};

/// `fixed in 1.1, 1.0 was affected` for each project of which an earlier release had uses that the version compiles, and
/// the standing release has none: not even one that is asked of others only.
pub(super) fn fixed(evidence: &Evidence, asked: &AskedItems, live: &Live) -> BTreeMap<u32, String> {
    let compiled = evidence.past.iter().filter(|past| live.is_live(past.condition));
    let mut last: BTreeMap<u32, u32> = BTreeMap::new();
    for Past { project, last: release, .. } in compiled {
        last.entry(*project).and_modify(|known| *known = (*known).max(*release)).or_insert(*release);
    }
    if !asked.is_all() {
        let counts = |hit: &Hit| evidence.origin(hit).class != OriginClass::TestOrDoc && live.is_live(hit.condition);
        last.retain(|project, _| !evidence.hits.of(*project).iter().any(|hit| !asked.has(hit) && counts(hit)));
    }
    last.into_iter().filter_map(|(project, last)| Some((project, sentence(evidence, project, last)?))).collect()
}

fn sentence(evidence: &Evidence, project: u32, last: u32) -> Option<String> {
    let releases = &evidence.project(project)?.releases;
    let (affected, next) = (releases.get(last as usize)?, releases.get(last as usize + 1)?);
    Some(format!("fixed in {next}, {affected} was affected"))
}

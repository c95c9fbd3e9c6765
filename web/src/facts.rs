//! What `capi` knows about an item, in the shape of pages.

use analyzer::Kind;
use capi::{Alternative, Version};

/// Something to write instead.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Instead {
    pub(crate) name: &'static str,
    /// `limited since 3.2`, and what else there is to say about when it came.
    pub(crate) since: String,
}

/// One cell of the tier strip.
pub(crate) struct TierCell {
    pub(crate) version: Version,
    pub(crate) word: &'static str,
}

/// What is known about an item.
pub(crate) struct Facts {
    /// `macro`, `function`, `member of type const char *`.
    pub(crate) what: String,
    /// `not limited`, `limited since 3.2`, `limited from 3.2 to 3.9`.
    pub(crate) limited: String,
    /// The header that shows it.
    pub(crate) header: &'static str,
    /// What is written instead, best first; empty where nothing is known.
    pub(crate) instead: Vec<Instead>,
    /// The tier in each CPython version of the data, oldest first.
    pub(crate) tiers: Vec<TierCell>,
    /// Why it matters, a sentence each.
    pub(crate) why: Vec<String>,
    /// What else there is to say about replacing it.
    pub(crate) hints: Vec<String>,
}

/// The facts about `item`; `None` if the data has no such name.
pub(crate) fn facts(kind: Kind, item: &str) -> Option<Facts> {
    let known = capi::explain(item)?;
    Some(Facts {
        what: known.what,
        limited: known.limited,
        header: known.header,
        instead: match kind {
            Kind::Member => alternatives(&known.instead),
            _ => alternatives(&analyzer::instead(kind, item, false)),
        },
        tiers: known.tiers.into_iter().map(|(version, tier)| TierCell { version, word: tier.as_str() }).collect(),
        why: known.why,
        hints: known.hints,
    })
}

/// What to write instead of `item`, used in this way, best first.
pub(crate) fn instead(kind: Kind, item: &str, access: &str) -> Vec<Instead> {
    let writes = access.split('+').any(|word| word == analyzer::Access::Write.as_str());
    alternatives(&analyzer::instead(kind, item, writes))
}

/// The limited-API level that has `item` itself, if a higher floor alone would help.
pub(crate) fn limited_since(item: &str) -> Option<Version> {
    capi::item(item).filter(|known| known.limited_last.is_none()).and_then(|known| known.limited_since)
}

/// `macro, not limited`: what an item is and whether it is limited, if the data knows it.
pub(crate) fn tier(kind: Kind, item: &str) -> String {
    facts(kind, item).map(|facts| format!("{}, {}", facts.what, facts.limited)).unwrap_or_default()
}

fn alternatives(known: &[Alternative]) -> Vec<Instead> {
    known.iter().map(|one| Instead { name: one.name, since: one.availability() }).collect()
}

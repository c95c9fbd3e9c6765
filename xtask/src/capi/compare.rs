//! Differences between two columns, and which of them are explained.

use std::collections::BTreeMap;

use anyhow::{Context as _, bail};
use capi::Version;
use serde::Deserialize;

use super::columns::Columns;

/// The differences that are known, with their reasons.
const KNOWN: &str = include_str!("../../../capi/data/known-differences.jsonl");

/// One line of the list.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Known {
    /// What differs, as in [`Difference::what`].
    what: String,
    /// The name or member; `*` at its end stands for any end.
    name: String,
    /// The versions it holds for; empty: all.
    #[serde(default)]
    versions: Vec<Version>,
    /// Why.
    reason: String,
}

/// Something that one side has and the other has not, or has otherwise.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Difference {
    /// `only in headers`, `only in data`, `kind`, `header`, `limited`, `member only in headers`, `member only in data`.
    pub(super) what: &'static str,
    pub(super) name: String,
    /// Both sides, for people.
    pub(super) detail: String,
    /// The reason from the list.
    pub(super) reason: Option<String>,
}

/// All differences, in the order of kinds and names.
pub(super) fn differences(version: Version, found: &Columns, committed: &Columns) -> Vec<Difference> {
    let mut all = names(found, committed);
    let gone = |name: &&String| !committed.members.contains(*name);
    let new = |name: &&String| !found.members.contains(*name);
    all.extend(
        found
            .members
            .iter()
            .filter(gone)
            .map(|n| difference("member only in headers", n, String::new())),
    );
    all.extend(
        committed
            .members
            .iter()
            .filter(new)
            .map(|n| difference("member only in data", n, String::new())),
    );
    let known = known();
    for difference in &mut all {
        difference.reason = known
            .iter()
            .flatten()
            .find(|known| known.explains(version, difference))
            .map(|known| known.reason.clone());
    }
    all
}

fn names(found: &Columns, committed: &Columns) -> Vec<Difference> {
    let mut all = Vec::new();
    for (name, row) in &found.names {
        let Some(other) = committed.names.get(name) else {
            all.push(difference(
                "only in headers",
                name,
                format!("{:?} in {}", row.kind, row.header),
            ));
            continue;
        };
        if row.kind != other.kind {
            all.push(difference(
                "kind",
                name,
                format!("headers {:?}, data {:?}", row.kind, other.kind),
            ));
        }
        if row.limited != other.limited {
            all.push(difference(
                "limited",
                name,
                format!("headers {}, data {}", row.limited, other.limited),
            ));
        }
    }
    for (name, row) in &committed.names {
        if !found.names.contains_key(name) {
            all.push(difference(
                "only in data",
                name,
                format!("{:?} in {}", row.kind, row.header),
            ));
        }
    }
    all
}

fn difference(what: &'static str, name: &str, detail: String) -> Difference {
    Difference {
        what,
        name: name.to_owned(),
        detail,
        reason: None,
    }
}

fn known() -> Result<Vec<Known>, serde_json::Error> {
    KNOWN.lines().map(serde_json::from_str).collect()
}

impl Known {
    fn explains(&self, version: Version, difference: &Difference) -> bool {
        let named = match self.name.strip_suffix('*') {
            Some(start) => difference.name.starts_with(start),
            None => difference.name == self.name,
        };
        named && self.what == difference.what && (self.versions.is_empty() || self.versions.contains(&version))
    }
}

/// Prints the differences by reason; an unexplained one is an error.
pub(super) fn report(all: &[Difference]) -> anyhow::Result<()> {
    known().context("reading capi/data/known-differences.jsonl")?;
    let mut by_reason: BTreeMap<&str, Vec<&Difference>> = BTreeMap::new();
    for difference in all.iter() {
        by_reason
            .entry(difference.reason.as_deref().unwrap_or_default())
            .or_default()
            .push(difference);
    }
    let unexplained = by_reason.remove("").unwrap_or_default();
    for (reason, of) in &by_reason {
        let names: Vec<&str> = of.iter().map(|difference| difference.name.as_str()).collect();
        println!("{} explained ({reason}): {}", of.len(), names.join(" "));
    }
    for difference in &unexplained {
        println!(
            "UNEXPLAINED {}: {} {}",
            difference.what, difference.name, difference.detail
        );
    }
    println!("{} differences, {} unexplained", all.len(), unexplained.len());
    if unexplained.is_empty() {
        return Ok(());
    }
    bail!(
        "{} differences between the headers and the data are not explained",
        unexplained.len()
    )
}

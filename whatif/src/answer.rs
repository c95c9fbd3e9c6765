//! The answer: who stands in the way of a proposal, and how many that is of how many.

mod reviewed;
mod rows;
mod solved;
mod sums;

use std::collections::{BTreeMap, BTreeSet, HashMap};

use analyzer::OriginClass;
use capi::Version;
use serde::{Deserialize, Serialize};

pub use reviewed::Reviewed;
pub use sums::{Stratum, Sums};

use self::rows::{bare, row};
use crate::status::{self, Live};
use crate::{Earlier, EarlierRelease, Evidence, Hit, Judged, Proposal, Rule, Selector, Status, selectors};

/// What a proposal means for the projects of a survey.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Answer {
    /// The proposal's title; may be empty.
    pub title: String,
    /// The CPython that would make the change.
    pub python: Version,
    /// The rules, in words.
    pub rules: Vec<String>,
    /// Its fields as addresses have them, without the title.
    pub fields: Vec<(String, String)>,
    /// Projects that are in the way or were, by status, then rank, then name.
    pub rows: Vec<Row>,
    /// How many of how many.
    pub sums: Sums,
    /// What people said about sites of the question, by project and place; absent where nobody said anything.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub reviewed: Vec<Reviewed>,
}

/// One project.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Row {
    /// Its name.
    pub name: String,
    /// The release that stands for it.
    pub version: String,
    /// What the proposal means for it.
    pub status: Status,
    /// What solves it or solved it, if that is known: `not seen from cython 3.1.0 on`, `fixed in 2.0`.
    pub solved: Option<String>,
    /// Sites that count in code of its own, in generated and in vendored code. Of a guarded project those in dead branches.
    pub sites: BTreeMap<String, i64>,
    /// Sites of its own for whose item there is something to write instead.
    pub replaceable: i64,
    /// The items, most sites first, with their sites.
    pub items: Vec<(String, i64)>,
    /// The first site, `path:line`; empty for what has none.
    pub first_site: String,
    /// Its place in the list of downloads.
    pub rank: Option<i64>,
    /// Its downloads.
    pub downloads: Option<i64>,
}

impl Row {
    /// Sites in code of its own.
    pub fn own_sites(&self) -> i64 {
        self.sites.get(OriginClass::Own.as_str()).copied().unwrap_or(0)
    }
}

/// Answers `proposal` from what a survey knows about it.
pub fn answer(proposal: &Proposal, evidence: &Evidence) -> Answer {
    answer_reviewed(proposal, evidence, &[])
}

/// The same after a review: sites that were judged false positives for every rule that asks for them do not count. The
/// answer names them all, with the reason.
pub fn answer_reviewed(proposal: &Proposal, evidence: &Evidence, judged: &[Judged]) -> Answer {
    let mut live = Live::new(proposal.python);
    let selectors = selectors(proposal);
    let limited: HashMap<usize, Version> = evidence.limited.iter().map(|one| (one.project, one.level)).collect();
    let mut hits: BTreeMap<usize, Vec<&Hit>> = BTreeMap::new();
    let replayed = reviewed::Replayed::of(proposal, evidence, judged, &limited);
    for hit in replayed.hits(evidence).filter(|hit| is_asked(hit, &selectors, &limited)) {
        hits.entry(hit.project).or_default().push(hit);
    }
    let solved = solved::Generators::of(hits.values().flatten().copied(), &evidence.generators, &mut live);
    let mut rows: BTreeMap<usize, Row> = BTreeMap::new();
    for (project, hits) in &hits {
        if let Some(status) = status::of_hits(hits, &mut live) {
            rows.insert(*project, row(evidence, *project, status, hits, &solved, &mut live));
        }
    }
    for project in unresolved(proposal, evidence) {
        rows.entry(project).or_insert_with(|| bare(evidence, project, Status::Unresolved, None));
    }
    for one in below_minimum(proposal, evidence) {
        let solved = Some(format!("built for abi3 from {}", one.level));
        let row = rows.entry(one.project).or_insert_with(|| bare(evidence, one.project, Status::Affected, None));
        (row.status, row.solved) = (Status::Affected, solved);
    }
    for earlier in &evidence.earlier {
        let is_open = rows.get(&earlier.project).is_some_and(|row| row.status.is_open());
        let Some(solved) = fixed(earlier, &mut live).filter(|_| !is_open) else { continue };
        let row = rows.entry(earlier.project).or_insert_with(|| bare(evidence, earlier.project, Status::Fixed, None));
        row.solved = Some(solved);
    }
    let sums = sums::sums(evidence, &rows);
    let mut rows: Vec<Row> = rows.into_values().collect();
    rows.sort_by(|one, other| order(one).cmp(&order(other)));
    Answer {
        title: proposal.title.clone(),
        python: proposal.python,
        rules: proposal.rules.iter().map(ToString::to_string).collect(),
        fields: proposal.fields().into_iter().map(|(name, value)| (name.to_owned(), value)).collect(),
        rows,
        sums,
        reviewed: replayed.reviewed,
    }
}

fn order(row: &Row) -> (Status, i64, &str) {
    (row.status, row.rank.unwrap_or(i64::MAX), &row.name)
}

fn is_asked(hit: &Hit, selectors: &BTreeSet<Selector>, limited: &HashMap<usize, Version>) -> bool {
    let asks = |item: Option<&str>, limited_only| {
        selectors.contains(&Selector { kind: hit.kind, item: item.map(str::to_owned), limited_only })
    };
    asks(Some(&hit.item), false)
        || asks(None, false)
        || limited.contains_key(&hit.project) && asks(Some(&hit.item), true)
}

/// `fixed in 1.1, 1.0 was affected`: the last release that was read with live uses, and the one after it.
fn fixed(earlier: &Earlier, live: &mut Live) -> Option<String> {
    let mut is_affected = |release: &EarlierRelease| release.conditions.iter().any(|condition| live.is_live(condition));
    let last = earlier.releases.iter().rposition(&mut is_affected)?;
    let (affected, next) = (earlier.releases.get(last)?, earlier.releases.get(last + 1)?);
    Some(format!("fixed in {}, {} was affected", next.version, affected.version))
}

/// Projects with accesses that may be to a member the proposal hides: its structure could not be told.
fn unresolved<'e>(proposal: &Proposal, evidence: &'e Evidence) -> impl Iterator<Item = usize> + 'e {
    let members: BTreeSet<String> = selectors(proposal)
        .into_iter()
        .filter(|selector| selector.kind == analyzer::Kind::Member)
        .filter_map(|selector| selector.item?.rsplit('.').next().map(str::to_owned))
        .collect();
    let has_one = move |names: &BTreeMap<String, u64>| names.keys().any(|name| members.contains(name));
    evidence.unresolved.iter().filter(move |(_, names)| has_one(names)).map(|(project, _)| *project)
}

fn below_minimum<'e>(proposal: &Proposal, evidence: &'e Evidence) -> impl Iterator<Item = &'e crate::Limited> {
    let minimum = proposal.rules.iter().filter_map(|rule| match rule {
        Rule::MinimumLimited(version) => Some(*version),
        _ => None,
    });
    let minimum = minimum.max();
    evidence.limited.iter().filter(move |one| minimum.is_some_and(|minimum| one.level < minimum))
}

#[cfg(test)]
mod tests;

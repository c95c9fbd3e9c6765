//! The answer: who stands in the way of a proposal, and how many that is of how many.

mod asked;
mod cases;
mod counted;
mod fixed;
mod notes;
mod reviewed;
mod rows;
mod shared;
mod solved;
mod sums;

use std::collections::{BTreeMap, HashSet};
use std::sync::Arc;

use analyzer::OriginClass;
use capi::Version;
use serde::{Deserialize, Serialize};

pub use reviewed::Reviewed;
pub use sums::{Stratum, Sums};

use self::asked::AskedItems;
use self::cases::Case;
use self::counted::Counted;
use self::reviewed::Replayed;
use self::rows::Rows;
use crate::{Evidence, Hit, Judged, Proposal, Rule, Status, selectors};

/// What a proposal means for the projects of a survey.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
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
    /// What has to be known about an answer to patterns, in sentences; absent where no rule is one.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<String>,
    /// A search for a pattern ran into its bounds: counts are lower bounds, and projects may be missing. Absent where none
    /// did.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub cut_short: bool,
}

/// One project.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
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
    #[serde(with = "shared")]
    #[schemars(with = "Vec<(String, i64)>")]
    pub items: Vec<(Arc<str>, i64)>,
    /// The first site, `path:line`; empty for what has none, and until whoever holds the survey says it.
    pub first_site: String,
    /// The hit whose first site is to be said.
    #[serde(skip)]
    pub first: Option<Hit>,
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

/// Which rows of an answer are wanted. Its sums are about all.
#[derive(Debug, Clone, Copy)]
pub struct Page {
    /// Of this status; `None`: of each.
    pub status: Option<Status>,
    /// So many are left out before.
    pub skipped: usize,
    /// At most so many.
    pub rows: usize,
}

impl Page {
    /// Every row.
    pub const ALL: Self = Self { status: None, skipped: 0, rows: usize::MAX };
}

/// Answers `proposal` from what a survey knows about it, after what people judged: sites that are false positives for
/// every rule that asks for them do not count, and the answer names them with the reason. Only the rows of `page` are made.
pub fn answer(proposal: &Proposal, evidence: &Evidence, judged: &[Judged], page: Page) -> Answer {
    let live = &evidence.conditions.live(proposal.python);
    let limited: HashSet<u32> = evidence.limited.iter().map(|one| one.project).collect();
    let asked = AskedItems::of(&selectors(proposal), evidence, &limited);
    let replayed = Replayed::of(proposal, evidence, judged, &limited);
    let counted = Counted { evidence, asked: &asked, replayed: &replayed };
    let (mut cases, makers) = cases::of_hits(counted, live);
    for project in &evidence.unresolved {
        cases.entry(*project).or_insert_with(|| Case::bare(Status::Unresolved));
    }
    for one in below_minimum(proposal, evidence) {
        let case = cases.entry(one.project).or_insert_with(|| Case::bare(Status::Affected));
        (case.status, case.solved) = (Status::Affected, Some(format!("built for abi3 from {}", one.level)));
    }
    for (project, solved) in fixed::fixed(evidence, &asked, live) {
        let case = cases.entry(project).or_insert_with(|| Case::bare(Status::Fixed));
        if !case.status.is_open() {
            case.solved = Some(solved);
        }
    }
    let rows = Rows::new(counted, live, &makers);
    let wanted = cases::in_order(evidence, &cases, page.status).into_iter().skip(page.skipped).take(page.rows);
    Answer {
        title: proposal.title.clone(),
        python: proposal.python,
        rules: proposal.rules.iter().map(ToString::to_string).collect(),
        fields: proposal.fields().into_iter().map(|(name, value)| (name.to_owned(), value)).collect(),
        rows: wanted.filter_map(|project| Some(rows.row(project, cases.get(&project)?))).collect(),
        sums: sums::sums(evidence, &cases),
        reviewed: replayed.reviewed,
        notes: notes::notes(evidence),
        cut_short: evidence.searched.iter().any(|searched| !searched.complete),
    }
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

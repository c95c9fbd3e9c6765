//! The front page.

use std::collections::BTreeMap;

use analyzer::{Kind, Outcome};
use capi::Target;
use chrono::{DateTime, Utc};

use super::{Chain, ItemHit};
use crate::blocking::compute;
use crate::standing::{Standing, Words, place};
use crate::{Error, FileState, Store};

/// Rows of the list of blockers.
const BLOCKERS: usize = 20;

/// How many projects have each verdict for one target.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, serde::Serialize, schemars::JsonSchema)]
#[expect(missing_docs, reason = "the verdicts' own words")]
pub struct OutcomeCounts {
    pub no_blocker: i64,
    pub blocked: i64,
    pub tool_blocks: i64,
    pub undecided: i64,
    pub pure: i64,
}

/// One line of the overview's table.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, schemars::JsonSchema)]
pub struct TargetRow {
    /// The target.
    pub target: Target,
    /// Projects by verdict, each by the release that stands for it.
    pub counts: OutcomeCounts,
}

/// The front page.
#[derive(Debug, Clone, serde::Serialize, schemars::JsonSchema)]
pub struct Overview {
    /// The chain, `decided` being about the target asked for.
    pub chain: Chain,
    /// Every target.
    pub targets: Vec<TargetRow>,
    /// The items that block most projects for the target asked for, most first.
    pub top_blockers: Vec<ItemHit>,
    /// Projects by state.
    pub projects: BTreeMap<String, i64>,
    /// The sdists of these releases by state.
    pub files: BTreeMap<String, i64>,
    /// When anything was last written.
    pub updated_at: Option<DateTime<Utc>>,
}

impl OutcomeCounts {
    fn of(&mut self, outcome: Outcome) -> &mut i64 {
        match outcome {
            Outcome::NoBlocker => &mut self.no_blocker,
            Outcome::Blocked => &mut self.blocked,
            Outcome::ToolBlocks => &mut self.tool_blocks,
            Outcome::Undecided => &mut self.undecided,
            Outcome::Pure => &mut self.pure,
        }
    }
}

impl Store {
    /// The front page, for `target`.
    pub async fn overview(&self, target: Target) -> Result<Overview, Error> {
        let standing = self.standing().await?;
        Ok(compute(|| standing.overview(target)))
    }
}

impl Standing {
    fn overview(&self, target: Target) -> Overview {
        Overview {
            chain: self.chain(target),
            targets: self.target_rows(),
            top_blockers: place(target).map(|place| self.top_blockers(place)).unwrap_or_default(),
            projects: counted(self.projects.iter().map(|project| project.state.as_str())),
            files: counted(self.projects.iter().filter_map(|project| project.file_state).map(FileState::as_str)),
            updated_at: self.updated_at,
        }
    }

    fn target_rows(&self) -> Vec<TargetRow> {
        let row = |target| TargetRow { target, counts: OutcomeCounts::default() };
        let mut rows: Vec<TargetRow> = Target::all().map(row).collect();
        for report in self.projects.iter().filter_map(|project| project.report.as_ref()) {
            for (row, judged) in rows.iter_mut().zip(&report.verdicts) {
                if let Some(outcome) = judged.outcome {
                    *row.counts.of(outcome) += 1;
                }
            }
        }
        rows
    }

    /// Identifiers and members; static types are variables of the projects' own. Sites in tests do not count.
    fn top_blockers(&self, place: usize) -> Vec<ItemHit> {
        let (mut names, mut members) = (vec![0; self.words.names.len()], vec![0; self.words.members.len()]);
        for report in self.projects.iter().filter_map(|project| project.report.as_ref()) {
            count(&mut names, &report.names_block, place);
            count(&mut members, &report.members_block, place);
        }
        let of = |counts: Vec<i64>, words: &Words, kind| {
            let word = |number| words.get(number).map(ToString::to_string).unwrap_or_default();
            let hits = (0..).zip(counts).filter(|(_, projects)| *projects > 0);
            hits.map(|(number, projects)| ItemHit { item: word(number), kind, projects, sites: 0 }).collect()
        };
        let mut hits: Vec<ItemHit> = of(names, &self.words.names, Kind::Api);
        hits.extend::<Vec<ItemHit>>(of(members, &self.words.members, Kind::Member));
        hits.sort_by(|one, other| other.projects.cmp(&one.projects).then_with(|| one.item.cmp(&other.item)));
        hits.truncate(BLOCKERS);
        for hit in &mut hits {
            hit.sites = self.judged_sites(hit);
        }
        hits
    }

    /// Sites of a blocker, whatever the kind of use.
    fn judged_sites(&self, hit: &ItemHit) -> i64 {
        let is_member = |item: &u32| self.words.items.get(*item).is_some_and(|word| word.kind == Kind::Member);
        let of_it = self.words.named(&hit.item).filter(|item| is_member(item) == (hit.kind == Kind::Member));
        of_it.map(|item| self.spread.totals(item).judged).sum()
    }
}

/// Adds one to each number that blocks the target at a place.
fn count(counts: &mut [i64], blocking: &[(u32, u32)], place: usize) {
    for (number, _) in blocking.iter().filter(|(_, targets)| targets & (1 << place) != 0) {
        if let Some(count) = counts.get_mut(*number as usize) {
            *count += 1;
        }
    }
}

fn counted(words: impl Iterator<Item = &'static str>) -> BTreeMap<String, i64> {
    let mut counts = BTreeMap::new();
    for word in words {
        *counts.entry(word.to_owned()).or_default() += 1;
    }
    counts
}

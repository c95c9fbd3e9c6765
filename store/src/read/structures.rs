//! What stands in the way of opaque structures, and of the stable ABI, over all projects.

use std::cmp::Reverse;

use analyzer::Outcome;
use capi::Target;
use whatif::Blocked;

use crate::standing::{StandingReport, Vocabulary, place};
use crate::{Error, Store};

/// What stands for all static types among blockers: their variables are the projects' own.
pub const STATIC_TYPES: &str = "static types";

/// How many projects touch one structure, each by the release that stands for it.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, schemars::JsonSchema)]
pub struct StructureRow {
    /// The structure.
    pub structure: String,
    /// Projects whose code touches it itself: members, itself by value, static variables.
    pub direct: i64,
    /// The sites of these.
    pub direct_sites: i64,
    /// Projects that touch it through macros and inline functions only.
    pub inside: i64,
    /// The sites of macros, of all projects.
    pub inside_sites: i64,
}

/// Blocked projects, twice: each counting one, and each counting its downloads.
#[derive(Debug, Clone, Default)]
pub struct BlockedProjects {
    /// Each counts one.
    pub each: Vec<Blocked>,
    /// Each counts its downloads; empty without a list of downloads.
    pub weighed: Vec<Blocked>,
}

impl Store {
    /// Every structure that a project touches, most projects first.
    pub async fn structures(&self) -> Result<Vec<StructureRow>, Error> {
        let standing = self.standing().await?;
        let none = |structure: u32| StructureRow {
            structure: standing.words.structures.get(structure).map(ToString::to_string).unwrap_or_default(),
            direct: 0,
            direct_sites: 0,
            inside: 0,
            inside_sites: 0,
        };
        let mut rows: Vec<StructureRow> = (0..).take(standing.words.structures.len()).map(none).collect();
        let reports = standing.projects.iter().filter_map(|project| project.report.as_ref());
        for touched in reports.flat_map(|report| &report.touched) {
            let Some(row) = rows.get_mut(touched.structure as usize) else { continue };
            row.direct += i64::from(touched.direct > 0);
            row.direct_sites += touched.direct;
            row.inside += i64::from(touched.direct == 0 && touched.inside > 0);
            row.inside_sites += touched.inside;
        }
        rows.retain(|row| row.direct_sites + row.inside_sites > 0);
        rows.sort_by(|one, other| key(one).cmp(&key(other)));
        Ok(rows)
    }

    /// Every project that is blocked for `target`, with what blocks it.
    pub async fn blocked_projects(&self, target: Target) -> Result<BlockedProjects, Error> {
        let standing = self.standing().await?;
        let mut blocked = BlockedProjects::default();
        let Some(place) = place(target) else { return Ok(blocked) };
        for project in &standing.projects {
            let Some(report) = &project.report else { continue };
            if report.judged(place).outcome != Some(Outcome::Blocked) {
                continue;
            }
            let blockers = blockers(report, place, &standing.words);
            if let Some(weight) = project.downloads {
                blocked.weighed.push(Blocked { weight, blockers: blockers.clone() });
            }
            blocked.each.push(Blocked { weight: 1, blockers });
        }
        Ok(blocked)
    }
}

fn key(row: &StructureRow) -> (Reverse<i64>, Reverse<i64>, &str) {
    (Reverse(row.direct), Reverse(row.inside), &row.structure)
}

fn blockers(report: &StandingReport, place: usize, words: &Vocabulary) -> Vec<String> {
    let bit = 1 << place;
    let named = report.names_block.iter().filter(|(_, targets)| targets & bit != 0);
    let members = report.members_block.iter().filter(|(_, targets)| targets & bit != 0);
    let named = named.filter_map(|(name, _)| words.names.get(*name));
    let members = members.filter_map(|(member, _)| words.members.get(*member));
    let types = (report.types_block & bit != 0).then(|| STATIC_TYPES.to_owned());
    named.chain(members).map(ToString::to_string).chain(types).collect()
}

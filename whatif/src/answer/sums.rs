//! How many of how many, and how much of all downloads.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use xxhash_rust::xxh3::xxh3_64;

use super::cases::Cases;
use crate::{Evidence, Project, Status};

/// The sums of an answer with their denominators.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Sums {
    /// Projects by status.
    pub statuses: BTreeMap<Status, i64>,
    /// Sites in code of the projects' own that has to change.
    pub own_sites: i64,
    /// Of them, those for whose item there is something to write instead.
    pub replaceable: i64,
    /// The denominator chain.
    pub chain: Vec<(String, i64)>,
    /// Projects whose sources were not read.
    pub not_scanned: i64,
    /// Downloads of all projects of the survey, where they are known.
    pub downloads: i64,
    /// Of them, those of projects where something is left to do.
    pub downloads_open: i64,
    /// Of them, those of projects that were not read.
    pub downloads_not_scanned: i64,
    /// The month of these downloads.
    pub downloads_of: Option<String>,
    /// The same for parts of the survey, so that no choice of projects misleads.
    pub strata: Vec<Stratum>,
}

/// A part of the survey.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Stratum {
    /// `top 1,000`.
    pub name: String,
    /// Projects in it.
    pub projects: i64,
    /// Of them, those that were read.
    pub scanned: i64,
    /// Of them, those whose own code has to change.
    pub affected: i64,
    /// Of them, those where anything is left to do.
    pub open: i64,
}

/// One project in so many belongs to the sample, by a hash of its name.
const SAMPLE: u64 = 10;

/// A name and which projects belong to it.
type Part = (&'static str, fn(&Project) -> bool);

const STRATA: [Part; 5] = [
    ("top 1,000", |project| project.rank.is_some_and(|rank| rank <= 1000)),
    ("top 5,000", |project| project.rank.is_some_and(|rank| rank <= 5000)),
    ("top 15,000", |project| project.rank.is_some_and(|rank| rank <= 15_000)),
    ("all", |_| true),
    ("one in ten, drawn by a hash of the name", |project| {
        xxh3_64(project.name.as_str().as_bytes()).is_multiple_of(SAMPLE)
    }),
];

pub(super) fn sums(evidence: &Evidence, cases: &Cases) -> Sums {
    // By project, since each stratum asks for each.
    let mut statuses: Vec<Option<Status>> = vec![None; evidence.projects.len()];
    for (project, case) in cases {
        if let Some(status) = statuses.get_mut(*project as usize) {
            *status = Some(case.status);
        }
    }
    let mut sums = Sums {
        chain: evidence.chain.clone(),
        downloads_of: evidence.downloads_of.clone(),
        strata: STRATA.iter().map(|part| stratum(part, evidence, &statuses)).filter(|part| part.projects > 0).collect(),
        ..Sums::default()
    };
    for case in cases.values() {
        *sums.statuses.entry(case.status).or_default() += 1;
        if case.status == Status::Affected {
            sums.own_sites += case.own_sites;
            sums.replaceable += case.replaceable;
        }
    }
    for (project, status) in evidence.projects.iter().zip(&statuses) {
        let downloads = project.downloads.unwrap_or(0);
        sums.downloads += downloads;
        if !project.scanned {
            sums.not_scanned += 1;
            sums.downloads_not_scanned += downloads;
        }
        if status.is_some_and(Status::is_open) {
            sums.downloads_open += downloads;
        }
    }
    sums
}

fn stratum((name, belongs): &Part, evidence: &Evidence, statuses: &[Option<Status>]) -> Stratum {
    let mut stratum = Stratum { name: (*name).to_owned(), projects: 0, scanned: 0, affected: 0, open: 0 };
    for (project, status) in evidence.projects.iter().zip(statuses).filter(|(project, _)| belongs(project)) {
        stratum.projects += 1;
        stratum.scanned += i64::from(project.scanned);
        stratum.affected += i64::from(*status == Some(Status::Affected));
        stratum.open += i64::from(status.is_some_and(Status::is_open));
    }
    stratum
}

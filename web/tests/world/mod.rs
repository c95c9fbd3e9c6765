//! A small survey in memory: what pages are tested and looked at with. Names, versions and counts of uses are
//! those of real packages (see `uses.tsv`); states, wheels and conditions are made up to show every kind of page.

mod counted;
mod crawl;
mod evidence;
mod projects;
mod sources;
pub(crate) mod survey;
mod table;
mod trends;

use std::collections::BTreeMap;
use std::sync::Mutex;

use chrono::{DateTime, TimeZone, Utc};
use packaging::ProjectName;
use store::{ProjectDetail, ProposalId, ReleaseDetail, SavedProposal, Underway};

/// The survey.
pub(crate) struct World {
    pub(crate) projects: Vec<Known>,
    /// If set, every question fails: the database is gone.
    pub(crate) gone: bool,
    /// Moves when a test says so, and with each look-up.
    pub(crate) version: Mutex<i64>,
    /// What was looked up, and how the job for it stands.
    pub(crate) looked_up: Mutex<BTreeMap<ProjectName, Underway>>,
    /// Seconds since a worker was seen.
    pub(crate) workers_silent: Option<i64>,
    /// No more look-ups are taken.
    pub(crate) full: bool,
    /// Answers that were saved.
    pub(crate) saved: Mutex<BTreeMap<ProposalId, SavedProposal>>,
}

/// A project and the release that stands for it.
pub(crate) struct Known {
    pub(crate) detail: ProjectDetail,
    pub(crate) release: Option<ReleaseDetail>,
    /// The first site of each row of uses, in their order.
    pub(crate) first_sites: Vec<String>,
}

impl World {
    /// The 40 packages and a few odd ones.
    pub(crate) fn new() -> Self {
        Self { projects: projects::all(), ..Self::without_projects() }
    }

    fn without_projects() -> Self {
        Self {
            projects: Vec::new(),
            gone: false,
            version: Mutex::new(17),
            looked_up: Mutex::default(),
            workers_silent: Some(7),
            full: false,
            saved: Mutex::default(),
        }
    }

    /// A survey that has read nothing.
    #[allow(dead_code, reason = "not every user of the world needs it")]
    pub(crate) fn empty() -> Self {
        Self::without_projects()
    }
}

/// A day, at eight in the morning.
pub(crate) fn day(text: &str) -> Option<DateTime<Utc>> {
    let mut parts = text.split('-').map(|part| part.parse::<u32>().expect("a number"));
    let (year, month, day) = (parts.next()?, parts.next()?, parts.next()?);
    Utc.with_ymd_and_hms(i32::try_from(year).ok()?, month, day, 8, 0, 0).single()
}

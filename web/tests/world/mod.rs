//! A small survey in memory: what pages are tested and looked at with. Names, versions and counts of uses are
//! those of real packages (see `uses.tsv`); states, wheels and conditions are made up to show every kind of page.

mod projects;
mod survey;
mod table;

use std::sync::Mutex;

use chrono::{DateTime, TimeZone, Utc};
use store::{ProjectDetail, ReleaseDetail};

/// The survey.
pub(crate) struct World {
    pub(crate) projects: Vec<Known>,
    /// If set, every question fails: the database is gone.
    pub(crate) gone: bool,
    /// Moves when a test says so.
    pub(crate) version: Mutex<i64>,
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
        Self { projects: projects::all(), gone: false, version: Mutex::new(17) }
    }

    /// A survey that has read nothing.
    #[allow(dead_code, reason = "not every user of the world needs it")]
    pub(crate) fn empty() -> Self {
        Self { projects: Vec::new(), ..Self::new() }
    }
}

/// A day, at eight in the morning.
pub(crate) fn day(text: &str) -> Option<DateTime<Utc>> {
    let mut parts = text.split('-').map(|part| part.parse::<u32>().expect("a number"));
    let (year, month, day) = (parts.next()?, parts.next()?, parts.next()?);
    Utc.with_ymd_and_hms(i32::try_from(year).ok()?, month, day, 8, 0, 0).single()
}

//! The survey as it stands, in memory: every project by the release that stands for it, and who uses what.
//!
//! Lists and counts are about all projects at once, and what they ask changes only when something is written. So each
//! process that shows them reads the standing releases once, keeps them in a form as small as it is quick to count in,
//! and reads again only what has changed: `load` reads, [`crate::keep`] decides when, `spread` turns uses round. Facts of one
//! project or release are asked of Postgres as ever.

mod haystack;
mod load;
mod past;
mod question;
mod report;
mod spread;
mod uses;
mod vocabulary;

use std::sync::Arc;

use capi::{Target, Version};
use chrono::{DateTime, Utc};
use packaging::ProjectName;

pub(crate) use haystack::Haystack;
pub(crate) use load::{limited, standing_rows};
pub(crate) use past::Past;
pub(crate) use question::Shared;
pub(crate) use report::{Judged, StandingReport};
pub(crate) use spread::Spread;
pub(crate) use uses::UseRow as StandingUse;
pub(crate) use vocabulary::{ItemName, Vocabulary, Words};

use crate::keep::{Keeper, Memory};
use crate::{Error, FileState, ProjectState, ReleaseState, Sha256, Store};

/// The standing releases of one data version. It never changes; a newer one takes its place.
#[derive(Debug, Default)]
pub(crate) struct Standing {
    /// The data version it was read at: it holds what that says, or newer.
    pub(crate) data_version: i64,
    /// When anything was last written.
    pub(crate) updated_at: Option<DateTime<Utc>>,
    /// Every project, by name.
    pub(crate) projects: Vec<StandingProject>,
    /// Their names, to be searched.
    pub(crate) names: Haystack,
    /// Items, origins, conditions, blockers and structures.
    pub(crate) words: Arc<Vocabulary>,
    /// Who uses each item.
    pub(crate) spread: Spread,
    /// What only earlier releases had.
    pub(crate) past: Past,
    /// What every what-if question needs.
    pub(crate) shared: Shared,
}

impl Memory for Standing {
    const WHAT: &'static str = "standing";

    fn data_version(&self) -> i64 {
        self.data_version
    }

    fn projects(&self) -> usize {
        self.projects.len()
    }

    fn keeper(store: &Store) -> &Keeper<Self> {
        &store.standing
    }

    fn read(store: &Store, before: Option<Arc<Self>>) -> impl Future<Output = Result<Self, Error>> + Send {
        store.load_standing(before)
    }
}

impl Store {
    /// The survey as it stands. Of a large survey that is being written it may be some moments old.
    pub(crate) async fn standing(&self) -> Result<Arc<Standing>, Error> {
        self.remembered().await
    }

    /// The data version of what lists and counts show: that of the survey in memory, if there is one.
    pub async fn shown_version(&self) -> Result<i64, Error> {
        match self.kept_standing() {
            Some(_) => Ok(self.standing().await?.data_version),
            None => self.data_version().await,
        }
    }

    /// The survey that was read last, however old, without waiting for one.
    pub(crate) fn kept_standing(&self) -> Option<Arc<Standing>> {
        self.standing.kept()
    }

    /// Reads the survey and its past now, so that whoever asks first need not wait for them.
    pub async fn warm_up(&self) -> Result<(), Error> {
        // One after the other: each takes much of what the database has to give.
        self.standing().await?;
        self.past().await.map(drop)
    }
}

/// A project and the release that stands for it.
#[derive(Debug)]
pub(crate) struct StandingProject {
    pub(crate) name: ProjectName,
    pub(crate) display_name: Box<str>,
    pub(crate) state: ProjectState,
    pub(crate) version: Option<Box<str>>,
    pub(crate) release_state: Option<ReleaseState>,
    pub(crate) file_state: Option<FileState>,
    /// The hash of its selected sdist.
    pub(crate) sdist: Option<Sha256>,
    /// Why, of the file, else the release, else the project.
    pub(crate) reason: Option<Box<str>>,
    pub(crate) uploaded_at: Option<DateTime<Utc>>,
    pub(crate) floor: Option<Target>,
    /// The last step of the denominator chain that it reached, before `decided`.
    pub(crate) reached: Step,
    /// Its place in the list of downloads of the newest month that is known.
    pub(crate) rank: Option<i64>,
    /// Its downloads in that month.
    pub(crate) downloads: Option<i64>,
    /// The lowest level of the limited API that it is built for, if it is.
    pub(crate) limited: Option<Version>,
    /// The versions of the releases that were read up to the standing one, oldest first, if an earlier one was.
    pub(crate) earlier: Option<Arc<[Box<str>]>>,
    /// What this analyzer says, if it has read the sdist.
    pub(crate) report: Option<Arc<StandingReport>>,
}

impl Standing {
    /// A hash over what stands: a line for each project with its release and the hash of its sdist, in the order of their
    /// names. Others who survey the same can make it again.
    pub(crate) fn snapshot(&self) -> Sha256 {
        let mut text = String::new();
        for project in &self.projects {
            text += &project.snapshot_line();
        }
        Sha256::of(text.as_bytes())
    }
}

impl StandingProject {
    /// What it adds to the hash over what stands.
    pub(crate) fn snapshot_line(&self) -> String {
        let sdist = self.sdist.map(|hash| hash.to_string()).unwrap_or_default();
        snapshot_line(self.name.as_str(), self.version.as_deref().unwrap_or_default(), &sdist)
    }
}

/// What a project adds to the hash over what stood: its name, the version and its sdist's hash in hexadecimal, each of the
/// two empty if there is none.
pub(crate) fn snapshot_line(name: &str, version: &str, sdist: &str) -> String {
    format!("{name}\t{version}\t{sdist}\n")
}

/// Steps of the denominator chain.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Step {
    All,
    WithFiles,
    WithSdist,
    Selected,
    Fetched,
    Readable,
    WithNative,
}

/// The place of a target among all, and its bit in masks.
pub(crate) fn place(target: Target) -> Option<usize> {
    Target::all().position(|one| one == target)
}

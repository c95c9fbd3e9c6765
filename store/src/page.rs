//! What the crawler read about a project: the input of [`crate::Store::project_recorded`].

use chrono::{DateTime, Utc};
use packaging::{ProjectName, ReleaseVersion};

use crate::{ProjectState, ReleaseState, Sha256};

/// A project's page, judged: each release has its state.
#[derive(Debug, Clone)]
pub struct ProjectPage {
    /// The normalised name.
    pub name: ProjectName,
    /// The name as the project writes it.
    pub display_name: String,
    /// `listed` or `quarantined`.
    pub state: ProjectState,
    /// The index's word about the project (PEP 792), verbatim, if it has one.
    pub status_text: Option<String>,
    /// The index's serial, if it sent one.
    pub serial: Option<i64>,
    /// For conditional requests, if the index sent one.
    pub etag: Option<String>,
    /// By which policy old releases were selected; `None`: none were.
    pub history: Option<String>,
    /// Every release, lowest version first.
    pub releases: Vec<ReleaseRecord>,
}

/// A release.
#[derive(Debug, Clone)]
pub struct ReleaseRecord {
    /// As the index writes it.
    pub version: ReleaseVersion,
    /// An alpha, beta, candidate or development release.
    pub prerelease: bool,
    /// All its files are yanked.
    pub yanked: bool,
    /// The release that stands for the project now.
    pub latest: bool,
    /// `requires-python` of the selected file, else of any.
    pub requires_python: Option<String>,
    /// When its first file was uploaded.
    pub uploaded_at: Option<DateTime<Utc>>,
    /// Its state.
    pub state: ReleaseState,
    /// Why, in a sentence, where the state alone does not tell.
    pub reason: Option<String>,
    /// Index into `files` of the sdist to analyse; set when the state is `selected`.
    pub selected: Option<usize>,
    /// Every file.
    pub files: Vec<FileRecord>,
}

/// A file of a release.
#[derive(Debug, Clone)]
pub struct FileRecord {
    /// Its name.
    pub filename: String,
    /// Where the index says it is. Untrusted.
    pub url: String,
    /// Its hash; without one a file is never fetched.
    pub sha256: Option<Sha256>,
    /// Its size in bytes, as the index says.
    pub size: Option<i64>,
    /// When it was uploaded.
    pub uploaded_at: Option<DateTime<Utc>>,
    /// The reason for yanking (may be empty), if it is yanked.
    pub yanked: Option<String>,
    /// What it is.
    pub kind: FileKind,
}

/// What a file is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FileKind {
    /// A source archive.
    Sdist,
    /// A built distribution, with its tags as written: `cp311-abi3-manylinux_2_17_x86_64`.
    Wheel(String),
    /// Neither, with the reason.
    Other(String),
}

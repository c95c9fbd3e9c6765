//! Snapshots: which file stood for each project on a day, frozen under a name, with the figures that reports of it show.

mod freeze;
mod verify;

use std::fmt;
use std::str::FromStr;

use chrono::{DateTime, NaiveDate, Utc};
use packaging::ProjectName;
use serde::{Deserialize, Serialize};
use trends::{Scope, Series, Subject};

use crate::standing::snapshot_line;
use crate::{Sha256, TrendMark};

pub use verify::Verified;

/// The name of a snapshot: lower-case letters, digits, dots and hyphens.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub struct SnapshotName(String);

/// The text is no name of a snapshot.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is no name for a snapshot: lower-case letters, digits, dots and hyphens, 63 at most, such as 2026-11")]
pub struct NotASnapshotName(pub String);

impl FromStr for SnapshotName {
    type Err = NotASnapshotName;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let is_plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit();
        let is_name = (1..=63).contains(&text.len())
            && text.bytes().next().is_some_and(is_plain)
            && text.bytes().all(|byte| is_plain(byte) || byte == b'.' || byte == b'-');
        if is_name { Ok(Self(text.to_owned())) } else { Err(NotASnapshotName(text.to_owned())) }
    }
}

impl fmt::Display for SnapshotName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl SnapshotName {
    /// As text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// A snapshot to be made.
#[derive(Debug, Clone)]
pub struct NewSnapshot {
    /// Under which name; never one that is taken.
    pub name: SnapshotName,
    /// Of which day, to its end.
    pub day: NaiveDate,
    /// The snapshot that it takes the place of.
    pub corrects: Option<SnapshotName>,
}

/// A snapshot, without its list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, schemars::JsonSchema)]
pub struct SnapshotHead {
    /// By which it is cited.
    pub name: String,
    /// Its day.
    pub day: NaiveDate,
    /// Hash over its list: a line for each project in the order of names, with name, version and the sdist's sha256, tabs
    /// between.
    #[serde(serialize_with = "crate::read::word")]
    #[schemars(with = "String")]
    pub hash: Sha256,
    /// Projects in the list.
    pub projects: i64,
    /// Of them those whose sdist was read.
    pub read: i64,
    /// Whose figures it holds.
    pub analyzer_version: String,
    /// With which data about CPython.
    pub capi_version: String,
    /// What had been written when it was made.
    pub data_version: i64,
    /// The snapshot that it takes the place of.
    pub corrects: Option<String>,
    /// When it was made.
    pub made_at: DateTime<Utc>,
}

/// A line of the list of a snapshot.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SnapshotFile {
    /// The project.
    pub project: String,
    /// The release that stood for it.
    pub version: String,
    /// Its selected sdist, if one was.
    pub filename: Option<String>,
    /// The sdist's hash, in hexadecimal.
    pub sha256: Option<String>,
    /// The digest of its report, if it was read.
    pub report: Option<String>,
}

impl SnapshotFile {
    /// The line that the hash is over, with its end.
    pub fn line(&self) -> String {
        snapshot_line(&self.project, &self.version, self.sha256.as_deref().unwrap_or_default())
    }
}

/// How often the prefilter missed native source, in the sample: see [`crate::PureMisses`].
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Prefilter {
    /// Releases whose wheels are all pure.
    pub pure: i64,
    /// Of them, those of the sample.
    pub sampled: i64,
    /// Of them, those that were read.
    pub decided: i64,
    /// Of them, those with native source.
    pub with_native: i64,
}

/// What reports show, and who is in the sample that measures the prefilter.
#[derive(Debug, Clone)]
pub struct Wanted {
    /// Series, each of a part of the projects.
    pub series: Vec<(Subject, Scope)>,
    /// Whether a project is fetched whatever its wheels say.
    pub sampled: fn(&ProjectName) -> bool,
}

/// What reports of a day show.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Frozen {
    /// The day.
    pub day: NaiveDate,
    /// When the survey began to look.
    pub observed_from: Option<NaiveDate>,
    /// Hash over the list.
    pub hash: String,
    /// Whose figures they are.
    pub analyzer_version: String,
    /// With which data about CPython.
    pub capi_version: String,
    /// Since when the answers of each analyzer were held.
    pub marks: Vec<TrendMark>,
    /// What the prefilter missed, as far as was measured.
    pub prefilter: Prefilter,
    /// The series that were asked for.
    pub series: Vec<Series>,
    /// Structures that a project touches itself on that day, most projects first, with how many.
    pub structures: Vec<(String, i64)>,
    /// The list, by name.
    pub files: Vec<SnapshotFile>,
}

/// The hash over a list.
fn hash_of(files: &[SnapshotFile]) -> Sha256 {
    Sha256::of(files.iter().map(SnapshotFile::line).collect::<String>().as_bytes())
}

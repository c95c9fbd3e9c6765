//! Reading: what pages and the JSON API show. Everything is of the current analyzer version.
//!
//! One file for each page. A page costs a fixed number of queries, whatever it shows. A project is seen through the
//! release that stands for it: the SQL function `standing` of the migrations is that sentence.

mod blockers;
mod bulk;
mod chain;
mod crawl_status;
mod fetching;
mod first_site;
mod inquiry;
mod items;
mod overview;
mod page_ages;
mod patterns;
mod project;
mod projects;
mod release;
mod search;
mod source;
mod status;
mod structures;
mod users;
mod wheels;

pub use blockers::ReleaseBlockers;
pub use bulk::{Bulk, BulkTable};
pub use chain::Chain;
pub use crawl_status::{BudgetState, CrawlStatus, LastHour, QueueDepth};
pub use fetching::SelectedFile;
pub use inquiry::Inquiry;
pub use items::{ItemHit, ItemPlace};
pub use overview::{OutcomeCounts, Overview, TargetRow};
pub use page_ages::PageAges;
pub use project::{ProjectDetail, ReleaseRow};
pub use projects::{ProjectPlace, ProjectQuery, ProjectRow, ProjectSort};
pub use release::{FileAnswer, ReleaseDetail, UseRow};
pub use search::{SearchHit, SearchPage, SearchPlace};
pub(crate) use source::Blobs as ReleaseBlobs;
pub use source::SiteLine;
pub use status::Status;
pub use structures::{BlockedProjects, STATIC_TYPES, StructureRow};
pub use users::{ItemPage, ItemUser, UserPlace};
pub use wheels::{PureMisses, Wheel, WheelCounts};

use packaging::ProjectName;

use crate::{Error, FileState, ReleaseState};

/// Rows of a page of a list.
const ROWS: usize = 50;

/// A page of a list, and how long the list is.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, schemars::JsonSchema)]
#[schemars(rename = "PageOf{T}")]
pub struct Paged<T> {
    /// The rows of this page.
    pub rows: Vec<T>,
    /// Rows in all.
    pub total: i64,
}

/// Where the rows of an answer begin in their list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Start<Place> {
    /// With a 1-based page, 50 rows each.
    Page(u32),
    /// With the first row after a place (or with the first of all), so many rows.
    After(Option<Place>, usize),
}

/// The asked part of a list in its order, all of which is counted. `is_before`: a row is at a place, or before it.
fn starting_at<T, P, R>(
    list: &[T],
    start: &Start<P>,
    is_before: impl Fn(&T, &P) -> bool,
    row: impl Fn(&T) -> Option<R>,
) -> Paged<R> {
    let (first, rows) = match start {
        Start::Page(page) => (((*page).max(1) as usize - 1).saturating_mul(ROWS), ROWS),
        Start::After(None, rows) => (0, *rows),
        Start::After(Some(place), rows) => (list.partition_point(|one| is_before(one, place)), *rows),
    };
    let shown = list.iter().skip(first).take(rows).filter_map(row).collect();
    Paged { rows: shown, total: i64::try_from(list.len()).unwrap_or(i64::MAX) }
}

pub(crate) fn project_name(name: &str) -> Result<ProjectName, Error> {
    name.parse().map_err(|_| Error::Damaged(format!("{name:?} is not a project's name")))
}

/// A column of JSON that the store itself wrote.
pub(crate) fn json<T: serde::de::DeserializeOwned>(value: serde_json::Value) -> Result<T, Error> {
    serde_json::from_value(value).map_err(|error| Error::Damaged(format!("a report: {error}")))
}

/// A word that may be missing.
pub(crate) fn optional<T>(word: Option<&str>, read: fn(&str) -> Result<T, Error>) -> Result<Option<T>, Error> {
    word.map(read).transpose()
}

pub(crate) fn word<T: std::fmt::Display, S: serde::Serializer>(state: &T, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(state)
}

#[expect(
    clippy::ref_option,
    clippy::trivially_copy_pass_by_ref,
    reason = "serde's serialize_with hands a reference to the field"
)]
fn optional_release_word<S: serde::Serializer>(state: &Option<ReleaseState>, serializer: S) -> Result<S::Ok, S::Error> {
    serde::Serialize::serialize(&state.map(ReleaseState::as_str), serializer)
}

#[expect(
    clippy::ref_option,
    clippy::trivially_copy_pass_by_ref,
    reason = "serde's serialize_with hands a reference to the field"
)]
fn optional_file_word<S: serde::Serializer>(state: &Option<FileState>, serializer: S) -> Result<S::Ok, S::Error> {
    serde::Serialize::serialize(&state.map(FileState::as_str), serializer)
}

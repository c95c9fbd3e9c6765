//! What outlives a process: Postgres rows and blobs. All SQL of abiscope lives here.
//!
//! Writing goes in the order of an sdist's way: [`Store::project_recorded`], [`Store::file_fetched`],
//! [`Store::file_analysed`], or [`Store::file_ended`] with the state that says why not. Each is one transaction and an
//! upsert: doing it twice changes nothing, as [`Store::digest`] tells. Reading serves pages: [`Store::overview`],
//! [`Store::projects`], … Blobs go to disk before any row names them.

mod blobs;
mod blocking;
mod digest;
mod error;
mod ids;
mod pack;
mod packed;
mod page;
mod read;
mod reanalysis;
mod retention;
mod schema;
mod sha256;
mod sites;
mod states;
mod text;
mod transition;
mod visible;
mod words;
mod write;

pub use blobs::{BlobEntry, BlobPlace, Blobs, NotABlobPlace, S3Address};
pub use error::Error;
pub use ids::{FileId, ProjectId, ReleaseId};
pub use packed::{Packed, unpacked};
pub use page::{FileKind, FileRecord, ProjectPage, ReleaseRecord};
pub use read::{
    Chain, FileAnswer, ItemHit, ItemPage, ItemUser, OutcomeCounts, Overview, Paged, ProjectDetail, ProjectQuery,
    ProjectRow, ProjectSort, ReleaseDetail, ReleaseRow, SearchHit, SiteLine, Status, TargetRow, UseRow,
};
pub use reanalysis::Outdated;
pub use retention::{Archives, Removed, Retained, Retention, Run};
pub use sha256::Sha256;
pub use states::{FileState, ProjectState, ReleaseState};
pub use write::Recorded;

/// The database and the blobs, together.
#[derive(Debug, Clone)]
pub struct Store {
    pool: sqlx::PgPool,
    blobs: Blobs,
}

//! What outlives a process: Postgres rows and blobs. All SQL of abiscope lives here.
//!
//! Writing goes in the order of an sdist's way: [`Store::project_recorded`], [`Store::file_fetched`],
//! [`Store::file_analysed`], or [`Store::file_ended`] with the state that says why not. Each is one transaction and an
//! upsert: doing it twice changes nothing, as [`Store::digest`] tells. Reading serves pages: [`Store::overview`],
//! [`Store::projects`], … Blobs go to disk before any row names them.
//!
//! The crawl: a listing of the index is compared with the last one ([`Store::listing_begun`]), what is due is enqueued
//! ([`Store::enqueue_due`]) and worked off by any number of processes ([`Store::work`]), which together ask the index no
//! faster than its budget allows ([`Store::budget_set`], [`Store::request_turn`]).

mod alarms;
mod blobs;
mod blocking;
mod budget;
mod digest;
mod discovery;
mod error;
mod frozen;
mod hiding;
mod ids;
mod keep;
mod leb128;
mod pack;
mod packed;
mod page;
mod presence;
mod proposals;
mod queue;
mod read;
mod reanalysis;
mod restore;
mod retention;
mod reviews;
mod schema;
mod sha256;
mod sites;
mod snapshots;
mod source_search;
mod standing;
mod states;
mod text;
mod transition;
mod trends;
mod visible;
mod words;
mod write;

pub use alarms::Alarm;
pub use blobs::{BlobEntry, BlobPlace, Blobs, NotABlobPlace, S3Address};
pub use budget::{Budget, Connection, HeldConnection, Reservation};
pub use discovery::{
    Completeness, Due, DueRules, LastListing, ListedName, Listing, ListingOutcome, ListingRules, Month, NameCounts,
    TopRow,
};
pub use error::Error;
pub use hiding::{HiddenProject, SourceHidden};
pub use ids::{FileId, ProjectId, ReleaseId};
pub use keep::MEMORY_SECONDS;
pub use packed::{Packed, Unchanged, sources_packed, unpacked};
pub use page::{FileKind, FileRecord, ProjectPage, ReleaseRecord};
pub use presence::{Presence, SILENCE, Seen};
pub use proposals::{NotAProposalId, ProposalId, SavedHead, SavedProposal};
pub use queue::{
    BoxFuture, Job, JobEnd, JobFailure, JobHandler, JobKind, LookedUp, LookupState, NOT_FOUND_FOR, NewJob, ParkedJob,
    Priority, READ_AGAIN_AFTER, RequeueFilter, Underway, WorkOptions,
};
pub use read::{
    BlockedProjects, BudgetState, Bulk, BulkTable, Chain, CrawlStatus, FileAnswer, Inquiry, ItemHit, ItemPage,
    ItemPlace, ItemUser, LastHour, OutcomeCounts, Overview, PageAges, Paged, ProjectDetail, ProjectPlace, ProjectQuery,
    ProjectRow, ProjectSort, PureMisses, QueueDepth, ReleaseBlockers, ReleaseDetail, ReleaseRow, STATIC_TYPES,
    SearchHit, SearchPage, SearchPlace, SelectedFile, SiteLine, Start, Status, StructureRow, TargetRow, UseRow,
    UserPlace, Wheel, WheelCounts,
};
pub use reanalysis::Outdated;
pub use restore::Contents;
pub use retention::{Archives, Removed, Retained, Retention, Run};
pub use reviews::{NoSuchSite, Said};
pub use sha256::Sha256;
pub use snapshots::{
    Frozen, NewSnapshot, NotASnapshotName, Prefilter, SnapshotFile, SnapshotHead, SnapshotName, Verified,
    Wanted as SnapshotWanted,
};
pub use source_search::{IndexProgress, Indexed, ProjectHits, SourceFound, SourceHit, SourceQuery};
pub use states::{FileState, ProjectState, ReleaseState};
pub use trends::{TrendChange, TrendChanges, TrendMark, TrendRange};
pub use write::{KnownPage, Recorded, Withdrawal};

/// The database and the blobs, together.
#[derive(Debug, Clone)]
pub struct Store {
    pool: sqlx::PgPool,
    blobs: Blobs,
    /// Told when this process gave a connection to an index back.
    freed: std::sync::Arc<tokio::sync::Notify>,
    /// The survey as it stands, once somebody asked for a list or a count.
    standing: std::sync::Arc<keep::Keeper<standing::Standing>>,
    /// How every figure moved, once somebody asked.
    trends: std::sync::Arc<keep::Keeper<trends::Past>>,
}

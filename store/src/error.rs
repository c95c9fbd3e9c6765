//! What can go wrong here.

use std::error::Error as _;

/// A failed call of the store.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A snapshot has this name already, and none is ever changed.
    #[error(
        "there is a snapshot {0} already, and none is ever changed: take another name, and --corrects {0} if it takes its place"
    )]
    SnapshotTaken(String),
    /// There is no snapshot of this name.
    #[error("there is no snapshot {0}: `abiscope snapshot list` names those there are")]
    NoSuchSnapshot(String),
    /// Postgres refused.
    #[error("the database: {0}")]
    Database(#[source] sqlx::Error),
    /// Postgres is gone, not up yet, or shutting down. Passing.
    #[error("the database cannot be reached: {0}")]
    DatabaseGone(#[source] sqlx::Error),
    /// The disk of Postgres is full. Passing, once there is room.
    #[error("the database's disk is full, nothing was written: {0}")]
    DatabaseFull(#[source] sqlx::Error),
    /// A migration failed.
    #[error("migrating the database: {0}")]
    Migration(#[from] sqlx::migrate::MigrateError),
    /// The database was made by a newer abiscope.
    #[error("the database has schema {found}, but this abiscope knows {known}: use abiscope {needed} or later")]
    NewerSchema {
        /// The schema found.
        found: i64,
        /// The newest schema this binary knows.
        known: i64,
        /// The version of abiscope that knows the schema found.
        needed: String,
    },
    /// The database has not been migrated yet.
    #[error("the database has schema {found}, this abiscope needs {known}: run `abiscope migrate`")]
    OlderSchema {
        /// The schema found; 0 for an empty database.
        found: i64,
        /// The schema this binary needs.
        known: i64,
    },
    /// The database was to be made empty, and is not unused.
    #[error("the database holds a survey, or tables that are not abiscope's: nothing was changed")]
    InUse,
    /// The queue's schema was migrated by a newer abiscope in a way that this one cannot work with.
    #[error("the queue in the database is at step {found}, but this abiscope knows {known}: use a newer abiscope")]
    NewerQueue {
        /// The newest step found that breaks older programs.
        found: i32,
        /// The newest step this binary knows.
        known: i32,
    },
    /// The queue's schema has not been migrated yet.
    #[error("the queue in the database is at step {found}, this abiscope needs {known}: run `abiscope migrate`")]
    OlderQueue {
        /// The step found; 0 if there is no queue.
        found: i32,
        /// The step this binary needs.
        known: i32,
    },
    /// The queue refused.
    #[error("the queue: {0}")]
    Queue(String),
    /// An index was to be asked for which no budget was set.
    #[error("there is no request budget for {0}: set one before the first request")]
    NoBudget(String),
    /// The blob store refused: not allowed, no such bucket.
    #[error("the blob store: {0}")]
    Blobs(#[source] object_store::Error),
    /// The place of the blobs cannot be used as it is configured.
    #[error("the blob store: {0}")]
    BlobsMisconfigured(String),
    /// The blob store cannot be reached, or fails. Passing.
    #[error("the blob store cannot be used now, nothing was written: {0}")]
    BlobsGone(#[source] object_store::Error),
    /// The disk of the blob store is full. Passing, once there is room.
    #[error("the blob store's disk is full, nothing was written: {0}")]
    BlobsFull(#[source] object_store::Error),
    /// The bytes are not those that the index promises for this file; nothing was stored.
    #[error("{filename} has the hash {found}, but the index promises {}", promised.as_deref().unwrap_or("none"))]
    OtherBytes {
        /// The file.
        filename: String,
        /// The hash of the bytes.
        found: String,
        /// The hash in the index, if it gave one.
        promised: Option<String>,
    },
    /// There is no such file in the database.
    #[error("there is no file {0} in the database")]
    NoSuchFile(i64),
    /// A report was to be stored of a file whose bytes were not.
    #[error("{0} cannot be analysed: its bytes were never stored")]
    NotFetched(String),
    /// The state is not one in which a file's or a project's way ends without data.
    #[error("{0:?} is not a state that something ends in")]
    NotAnEnd(&'static str),
    /// The sources or sites of a file cannot be packed.
    #[error("packing the sources: {0}")]
    Unpackable(String),
    /// A row could not be handed out: what takes it refused it.
    #[error("writing the export: {0}")]
    Export(#[from] export::Error),
    /// A stored value cannot be read back.
    #[error("stored data is damaged: {0}")]
    Damaged(String),
}

impl Error {
    /// Whether the same call may succeed later without anybody changing the data: the work goes back to the queue, and
    /// the worker pauses. Nothing claims what was not written.
    pub fn is_passing(&self) -> bool {
        match self {
            Self::DatabaseGone(_) | Self::DatabaseFull(_) | Self::BlobsGone(_) | Self::BlobsFull(_) => true,
            // Serialisation failures and deadlocks: try the transaction again from its start.
            Self::Database(error) => code(error).is_some_and(|code| matches!(&*code, "40001" | "40P01")),
            _ => false,
        }
    }
}

fn code(error: &sqlx::Error) -> Option<String> {
    error.as_database_error()?.code().map(std::borrow::Cow::into_owned)
}

impl From<sqlx::Error> for Error {
    fn from(error: sqlx::Error) -> Self {
        let code = code(&error).unwrap_or_default();
        match error {
            sqlx::Error::Io(_) | sqlx::Error::PoolTimedOut | sqlx::Error::PoolClosed | sqlx::Error::Tls(_) => {
                Self::DatabaseGone(error)
            }
            // Class 53: no room on disk; 57P0x: shutting down or starting; class 08: connection; 53300: too many of them.
            _ if code == "53100" => Self::DatabaseFull(error),
            _ if code.starts_with("57P0") || code.starts_with("08") || code == "53300" => Self::DatabaseGone(error),
            _ => Self::Database(error),
        }
    }
}

impl From<object_store::Error> for Error {
    fn from(error: object_store::Error) -> Self {
        use std::io::ErrorKind;
        match io_cause(&error) {
            Some(ErrorKind::StorageFull | ErrorKind::QuotaExceeded) => Self::BlobsFull(error),
            Some(ErrorKind::PermissionDenied | ErrorKind::ReadOnlyFilesystem) => Self::Blobs(error),
            // Whatever else a disk, a network or a server does: the retries inside the store did not help, later ones may.
            _ if matches!(error, object_store::Error::Generic { .. } | object_store::Error::JoinError { .. }) => {
                Self::BlobsGone(error)
            }
            _ => Self::Blobs(error),
        }
    }
}

/// The innermost trouble with a file or connection that led to the error, if one did.
fn io_cause(error: &object_store::Error) -> Option<std::io::ErrorKind> {
    let causes = std::iter::successors(error.source(), |&cause| cause.source());
    causes.filter_map(|cause| cause.downcast_ref::<std::io::Error>()).map(std::io::Error::kind).last()
}

impl From<crate::pack::PackError> for Error {
    fn from(error: crate::pack::PackError) -> Self {
        Self::Damaged(format!("a source pack: {error}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn trouble(kind: std::io::ErrorKind) -> Error {
        let source = Box::new(std::io::Error::from(kind));
        Error::from(object_store::Error::Generic { store: "LocalFileSystem", source })
    }

    #[test]
    fn a_full_disk_is_told_from_other_trouble_of_the_blob_store() {
        let full = trouble(std::io::ErrorKind::StorageFull);
        assert!(matches!(full, Error::BlobsFull(_)) && full.is_passing());
        let denied = trouble(std::io::ErrorKind::PermissionDenied);
        assert!(matches!(denied, Error::Blobs(_)) && !denied.is_passing());
    }

    #[test]
    fn a_blob_store_that_fails_is_passing_and_one_that_refuses_is_not() {
        let reset = trouble(std::io::ErrorKind::ConnectionReset);
        assert!(matches!(reset, Error::BlobsGone(_)) && reset.is_passing());
        let source = "the server answered 503".into();
        assert!(Error::from(object_store::Error::Generic { store: "S3", source }).is_passing());
        let (path, source) = (String::new(), "no".into());
        assert!(!Error::from(object_store::Error::Unauthenticated { path, source }).is_passing());
    }

    #[test]
    fn a_database_that_is_gone_is_passing() {
        assert!(Error::from(sqlx::Error::PoolTimedOut).is_passing());
        assert!(!Error::from(sqlx::Error::RowNotFound).is_passing());
    }
}

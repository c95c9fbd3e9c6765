//! What can go wrong here.

/// A failed call of the store.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Postgres refused, or is gone.
    #[error("the database: {0}")]
    Database(#[from] sqlx::Error),
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
    /// The blob store refused: full, gone, not allowed.
    #[error("the blob store: {0}")]
    Blobs(#[from] object_store::Error),
    /// A stored value cannot be read back.
    #[error("stored data is damaged: {0}")]
    Damaged(String),
}

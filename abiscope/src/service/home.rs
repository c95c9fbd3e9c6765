//! Where the data lives: the database and the blobs.

use anyhow::Context;
use private_postgres::Step;
use store::{BlobPlace, Blobs, Store};

use super::data_dir::data_dir;
use super::database::Database;
use super::db;
use crate::cli::HomeArgs;
use crate::logs::say;

/// An open store, and the private server it stands on, if there is one.
#[derive(Debug)]
pub struct Home {
    /// The database and the blobs.
    pub store: Store,
    /// Keeps the private server up; left last.
    database: Database,
}

impl Home {
    /// Opens the database that the operator named, or the private one, starting it if need be.
    ///
    /// A private database is migrated here, after a copy was kept; one that was named is migrated only by
    /// `abiscope migrate`.
    pub async fn open(args: &HomeArgs) -> anyhow::Result<Self> {
        // Made only where it is needed: a worker with a named database and blob store keeps nothing here.
        let blobs = match &args.blobs {
            Some(place) => place.clone(),
            None => BlobPlace::Folder(data_dir(args.data_dir.as_deref())?.join("blobs")),
        };
        let blobs = Blobs::open(&blobs).with_context(|| format!("opening the blob store at {blobs}"))?;
        let database = Database::open(args).await?;
        let store = match database.data_dir() {
            None => Store::connect(database.url(), blobs).await.context("opening the database at DATABASE_URL")?,
            Some(data_dir) => {
                db::kept_before_migrating(&database, data_dir).await?;
                Store::migrate(database.url()).await?;
                Store::connect(database.url(), blobs).await?
            }
        };
        Ok(Self { store, database })
    }

    /// Whether the database is this machine's own.
    pub fn is_private(&self) -> bool {
        self.database.data_dir().is_some()
    }

    /// Leaves the private server and waits until it has stopped, if nobody else is there.
    pub async fn leave(self) {
        let Self { store, database } = self;
        store.close().await;
        database.leave().await;
    }
}

/// Says what takes time while the private server starts.
pub(super) fn announce(step: Step) {
    match step {
        Step::Downloading(from) => say!("No Postgres on this machine: downloading it from {from} …"),
        Step::Initialising => say!("First start: making the private database …"),
        Step::Downloaded { .. } | Step::Starting | Step::Joined => {}
    }
}

//! Where the data lives: the database and the blobs.

use std::path::PathBuf;

use anyhow::Context;
use private_postgres::Step;
use store::{BlobPlace, Blobs, Store};

use super::data_dir::data_dir;
use crate::cli::HomeArgs;
use crate::logs::say;

/// An open store, and the private server it stands on, if there is one.
#[derive(Debug)]
pub struct Home {
    /// The database and the blobs.
    pub store: Store,
    url: String,
    /// Keeps the private server up; dropped last.
    server: Option<private_postgres::Server>,
}

impl Home {
    /// Opens the database that the operator named, or the private one, starting it if need be.
    ///
    /// A private database is migrated here; one that was named is migrated only by `abiscope migrate`.
    pub async fn open(args: &HomeArgs) -> anyhow::Result<Self> {
        // Made only where it is needed: a worker with a named database and blob store keeps nothing here.
        let data_dir = || data_dir(args.data_dir.as_deref());
        let blobs = match &args.blobs {
            Some(place) => place.clone(),
            None => BlobPlace::Folder(data_dir()?.join("blobs")),
        };
        let blobs = Blobs::open(&blobs).with_context(|| format!("opening the blob store at {blobs}"))?;
        if let Some(url) = &args.database_url {
            let store = Store::connect(url, blobs).await.context("opening the database at DATABASE_URL")?;
            return Ok(Self { store, url: url.clone(), server: None });
        }
        let config = private_postgres::Config { data_dir: data_dir()?, releases_url: None, ignore_installed: false };
        let server = private_postgres::join(&config, &announce).await?;
        Store::migrate(server.url()).await?;
        let store = Store::connect(server.url(), blobs).await?;
        Ok(Self { store, url: server.url().to_owned(), server: Some(server) })
    }

    /// The address of the database.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Whether the database is this machine's own.
    pub fn is_private(&self) -> bool {
        self.server.is_some()
    }

    /// The folder of the server's programs, or of those of this machine.
    pub fn binaries(&self) -> Option<PathBuf> {
        match &self.server {
            Some(server) => Some(server.binaries().to_owned()),
            None => private_postgres::installed_binaries(),
        }
    }

    /// Leaves the private server and waits until it has stopped, if nobody else is there.
    pub async fn leave(self) {
        let Self { store, server, .. } = self;
        store.close().await;
        if let Some(server) = server {
            server.leave().await;
        }
    }
}

/// Says what takes time while the private server starts.
pub fn announce(step: Step) {
    match step {
        Step::Downloading(from) => say!("No Postgres on this machine: downloading it from {from} …"),
        Step::Initialising => say!("First start: making the private database …"),
        Step::Downloaded { .. } | Step::Starting | Step::Joined => {}
    }
}

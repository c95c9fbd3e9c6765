//! A server for tests: in a temporary folder, quick and careless, gone when its command is.

use std::fs::Permissions;
use std::os::unix::fs::PermissionsExt as _;

use anyhow::Context as _;
use tempfile::TempDir;

use super::join::{Server, join_as};
use super::report::Kind;
use crate::{Config, Error, Step};

/// A private server with an empty database that nobody else joins. Its data is never synced to the disk, and is removed
/// with it, also when this process is killed.
#[derive(Debug)]
pub struct Throwaway {
    server: Server,
    _data_dir: TempDir,
}

impl Throwaway {
    /// Starts the server. `progress` hears what is being done.
    pub async fn start(progress: &(dyn Fn(Step) + Sync)) -> Result<Self, Error> {
        let data_dir = TempDir::with_prefix("abiscope-").context("cannot make a temporary folder")?;
        // As root another account runs the server, and must be able to go there.
        std::fs::set_permissions(data_dir.path(), Permissions::from_mode(0o755))
            .with_context(|| format!("cannot set the permissions of {}", data_dir.path().display()))?;
        let config = Config { data_dir: data_dir.path().to_owned(), releases_url: None, ignore_installed: false };
        let server = join_as(Kind::Throwaway, &config, progress).await?;
        Ok(Self { server, _data_dir: data_dir })
    }

    /// The address to connect to, with user and password.
    pub fn url(&self) -> &str {
        self.server.url()
    }

    /// Stops the server and removes its files.
    pub async fn stop(self) {
        self.server.leave().await;
    }
}

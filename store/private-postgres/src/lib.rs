//! A private Postgres server: started on first use, joined by later commands, stopped with the last.
//!
//! The order of trial: binaries on the machine, else a download. The server runs under a supervisor, a child of the
//! first command made from the same program (see [`run_supervisor_if_asked`]), and outlives that command while others
//! are joined: each holds a shared lock, and the supervisor stops the server when none is left.

use std::path::{Path, PathBuf};

/// How the private server is found or made.
#[derive(Debug, Clone)]
pub struct Config {
    /// The data directory of abiscope; the server's files go below it.
    pub data_dir: PathBuf,
    /// Where Postgres binaries are downloaded from when the machine has none; `None`: the library's default.
    pub releases_url: Option<String>,
    /// Never look for binaries on the machine (for tests).
    pub ignore_installed: bool,
}

/// A joined server: it stays up at least as long as this value lives.
#[derive(Debug)]
pub struct Server {
    url: String,
}

impl Server {
    /// The address to connect to, with user and password.
    pub fn url(&self) -> &str {
        &self.url
    }
}

/// What is being done, for people to read while they wait.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Step {
    /// No binaries on the machine: they are being downloaded from this address.
    Downloading(String),
    /// The first start: the cluster is being made.
    Initialising,
    /// The server is being started.
    Starting,
    /// Another command's server was joined.
    Joined,
}

/// Why there is no server.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The cluster was made by another major version of Postgres.
    #[error(
        "the database in {data_dir} was made by Postgres {found}, but this machine has Postgres {installed}: install Postgres {found}, or move the data with `abiscope db export` and `abiscope db import`"
    )]
    OtherMajor {
        /// The data directory.
        data_dir: String,
        /// The major version that made it.
        found: String,
        /// The major version on the machine.
        installed: String,
    },
    /// Anything else, as a chain.
    #[error(transparent)]
    Other(#[from] anyhow::Error),
}

/// Must be called first in `main`: when this process was started as the supervisor it never returns.
pub fn run_supervisor_if_asked() {}

/// Joins the server of `config.data_dir`, starting it if it does not run. `progress` hears what is being done.
pub async fn join(config: &Config, progress: &(dyn Fn(Step) + Sync)) -> Result<Server, Error> {
    let _ = (config, progress);
    Err(anyhow::anyhow!("not written yet").into())
}

/// The directory with `postgres`, `initdb` and `pg_ctl` on this machine, if there is one.
pub fn installed_binaries() -> Option<PathBuf> {
    let _ = Path::new("/usr/lib/postgresql");
    None
}

//! A private Postgres server: started on first use, joined by later commands, stopped with the last.
//!
//! The order of trial: binaries on the machine, else a download. The server runs under a supervisor, a child of the
//! first command made from the same program (see [`run_supervisor_if_asked`]), and outlives that command while others
//! are joined: each holds a shared lock, and the supervisor stops the server when none is left. Locks vanish with their
//! process, so a killed command counts as one that left.
//!
//! Nothing here links a Postgres library: the server's own `initdb` and `postgres` are run, and the server is spoken to
//! through signals and its pid file. Unix only; elsewhere [`join`] says that `DATABASE_URL` is needed.

use std::path::PathBuf;

use serde::{Deserialize, Serialize};

#[cfg(not(unix))]
mod elsewhere;
#[cfg(unix)]
mod server;

#[cfg(not(unix))]
pub use elsewhere::{Server, Throwaway, installed_binaries, join, run_supervisor_if_asked};
#[cfg(unix)]
pub use server::{Server, Throwaway, installed_binaries, join, run_supervisor_if_asked};

/// How the private server is found or made.
#[derive(Debug, Clone)]
pub struct Config {
    /// The data directory of abiscope; the server's files go below it, in `postgres/`.
    pub data_dir: PathBuf,
    /// Where Postgres binaries are downloaded from when the machine has none: the address of a list of releases in the
    /// format of GitHub's REST API ("List releases"). `None`: the releases of theseus-rs/postgresql-binaries.
    pub releases_url: Option<String>,
    /// Never look for binaries on the machine (for tests).
    pub ignore_installed: bool,
}

/// What is being done, for people to read while they wait.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Step {
    /// No binaries on the machine: they are being downloaded from this address.
    Downloading(String),
    /// How far the download is.
    Downloaded {
        /// Bytes received so far.
        received: u64,
        /// Bytes there are, if the server said so.
        total: Option<u64>,
    },
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

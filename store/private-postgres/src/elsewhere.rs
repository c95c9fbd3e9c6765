//! Where there is no Unix there is no private server, and `join` says what to do instead.

use std::convert::Infallible;
use std::path::{Path, PathBuf};

use crate::{Config, Error, Step};

/// A joined server: there is none on this platform.
#[derive(Debug)]
pub struct Server(Infallible);

impl Server {
    /// The address to connect to, with user and password.
    pub fn url(&self) -> &str {
        match self.0 {}
    }

    /// The directory of the server's programs.
    pub fn binaries(&self) -> &Path {
        match self.0 {}
    }

    /// Leaves, and waits for the server to stop if nobody else is joined.
    #[expect(clippy::unused_async, reason = "the same signature as on Unix")]
    pub async fn leave(self) {
        match self.0 {}
    }
}

/// A server for tests: there is none on this platform.
#[derive(Debug)]
pub struct Throwaway(Infallible);

impl Throwaway {
    /// Always an error that names the way out.
    #[expect(clippy::unused_async, reason = "the same signature as on Unix")]
    pub async fn start(_progress: &(dyn Fn(Step) + Sync)) -> Result<Self, Error> {
        Err(unsupported())
    }

    /// The address to connect to, with user and password.
    pub fn url(&self) -> &str {
        match self.0 {}
    }

    /// Stops the server and removes its files.
    #[expect(clippy::unused_async, reason = "the same signature as on Unix")]
    pub async fn stop(self) {
        match self.0 {}
    }
}

/// Does nothing on this platform.
pub fn run_supervisor_if_asked() {}

/// Always an error that names the way out.
#[expect(clippy::unused_async, reason = "the same signature as on Unix")]
pub async fn join(_config: &Config, _progress: &(dyn Fn(Step) + Sync)) -> Result<Server, Error> {
    Err(unsupported())
}

/// There are none that could be used.
pub fn installed_binaries() -> Option<PathBuf> {
    None
}

fn unsupported() -> Error {
    anyhow::anyhow!("a private Postgres server needs Unix: set DATABASE_URL to a Postgres server of your own").into()
}

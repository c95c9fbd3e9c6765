//! The database alone, as it is: nobody has looked at its schema.

use std::path::PathBuf;

use super::data_dir::data_dir;
use super::home::announce;
use crate::cli::HomeArgs;

/// The database that the operator named, or the private one and the server it stands on.
#[derive(Debug)]
pub struct Database {
    url: String,
    /// Where the private one is, and what keeps it up.
    private: Option<(PathBuf, private_postgres::Server)>,
}

impl Database {
    /// Joins the private server, starting it if need be, unless a database was named.
    pub async fn open(args: &HomeArgs) -> anyhow::Result<Self> {
        if let Some(url) = &args.database_url {
            return Ok(Self { url: url.clone(), private: None });
        }
        let data_dir = data_dir(args.data_dir.as_deref())?;
        let config =
            private_postgres::Config { data_dir: data_dir.clone(), releases_url: None, ignore_installed: false };
        let server = private_postgres::join(&config, &announce).await?;
        Ok(Self { url: server.url().to_owned(), private: Some((data_dir, server)) })
    }

    /// Its address.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// The data directory of a private database.
    pub fn data_dir(&self) -> Option<&std::path::Path> {
        self.private.as_ref().map(|(data_dir, _)| data_dir.as_path())
    }

    /// The folder of the server's programs, or of those of this machine.
    pub fn binaries(&self) -> Option<PathBuf> {
        match &self.private {
            Some((_, server)) => Some(server.binaries().to_owned()),
            None => private_postgres::installed_binaries(),
        }
    }

    /// Leaves the private server and waits until it has stopped, if nobody else is there.
    pub async fn leave(self) {
        if let Some((_, server)) = self.private {
            server.leave().await;
        }
    }
}

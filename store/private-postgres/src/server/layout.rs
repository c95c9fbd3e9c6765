//! Where the server's files are below the data directory.

use std::fs::{DirBuilder, OpenOptions, Permissions};
use std::os::unix::fs::{DirBuilderExt, MetadataExt, OpenOptionsExt, PermissionsExt, chown, fchown};
use std::path::{Path, PathBuf};

use anyhow::Context as _;

use super::account::Account;

/// The folder `postgres` of a data directory. It belongs to the account that runs the server, and to nobody else.
#[derive(Debug, Clone)]
pub(crate) struct Layout {
    data_dir: PathBuf,
}

impl Layout {
    /// The layout of an absolute data directory.
    pub(crate) fn of(data_dir: PathBuf) -> Self {
        Self { data_dir }
    }

    pub(crate) fn data_dir(&self) -> &Path {
        &self.data_dir
    }

    pub(crate) fn root(&self) -> PathBuf {
        self.data_dir.join("postgres")
    }

    /// Postgres' own data directory.
    pub(crate) fn cluster(&self) -> PathBuf {
        self.root().join("cluster")
    }

    /// A cluster being made: it is renamed when it is whole, so that one cut short is never used.
    pub(crate) fn unfinished_cluster(&self) -> PathBuf {
        self.root().join("cluster.unfinished")
    }

    /// Downloaded binaries, a folder for each version.
    pub(crate) fn binaries(&self) -> PathBuf {
        self.root().join("binaries")
    }

    pub(crate) fn password(&self) -> PathBuf {
        self.root().join("password")
    }

    /// What Postgres and the supervisor say.
    pub(crate) fn log(&self) -> PathBuf {
        self.root().join("server.log")
    }

    pub(crate) fn state(&self) -> PathBuf {
        self.root().join("server.json")
    }

    pub(crate) fn start_lock(&self) -> PathBuf {
        self.root().join("start.lock")
    }

    pub(crate) fn clients_lock(&self) -> PathBuf {
        self.root().join("clients.lock")
    }

    pub(crate) fn supervisor_lock(&self) -> PathBuf {
        self.root().join("supervisor.lock")
    }

    /// Makes the folder, the locks and the log, owned by `account`. What is there already is left alone.
    pub(crate) fn make(&self, account: Option<&Account>) -> anyhow::Result<()> {
        if !self.data_dir.exists() {
            std::fs::create_dir_all(&self.data_dir)
                .with_context(|| format!("cannot make the data directory {}", self.data_dir.display()))?;
            if account.is_some() {
                // A strict umask must not keep the server's account out of its folder.
                std::fs::set_permissions(&self.data_dir, Permissions::from_mode(0o755))
                    .with_context(|| format!("cannot set the permissions of {}", self.data_dir.display()))?;
            }
        }
        let root = self.root();
        if !root.exists() {
            let made = DirBuilder::new().mode(0o700).create(&root);
            // Two commands may come at once: the second finds what the first made.
            if let Err(error) = made
                && error.kind() != std::io::ErrorKind::AlreadyExists
            {
                return Err(error).with_context(|| format!("cannot make {}", root.display()));
            }
        }
        // Not only if it was made here: another command may have made it a moment ago and not given it away yet.
        if let Some(account) = account
            && root.metadata().is_ok_and(|metadata| metadata.uid() == 0)
        {
            chown(&root, Some(account.uid), Some(account.gid))
                .with_context(|| format!("cannot give {} to the user {}", root.display(), account.name))?;
        }
        for file in [self.start_lock(), self.clients_lock(), self.supervisor_lock(), self.log()] {
            own_file(&file, account).with_context(|| format!("cannot open {}", file.display()))?;
        }
        Ok(())
    }
}

fn own_file(path: &Path, account: Option<&Account>) -> std::io::Result<()> {
    let file = OpenOptions::new().create(true).append(true).mode(0o600).open(path)?;
    match account {
        Some(account) => fchown(&file, Some(account.uid), Some(account.gid)),
        None => Ok(()),
    }
}

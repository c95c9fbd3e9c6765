//! Whose account the server runs under. Postgres refuses to run as root, so root lends it another.

use std::os::unix::fs::MetadataExt;
use std::path::Path;

use anyhow::{Context as _, bail};
use nix::unistd::{Uid, User, geteuid};

/// An account that is not root's.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Account {
    pub(crate) uid: u32,
    pub(crate) gid: u32,
    pub(crate) name: String,
}

impl Account {
    /// The account for the server whose files are in `folder`; `None`: that of this process.
    ///
    /// As root: whoever owns the folder already, so that root may join the server of a user; else `postgres`, which a
    /// Postgres package makes; else `nobody`.
    pub(crate) fn for_server_in(folder: &Path) -> anyhow::Result<Option<Self>> {
        if !geteuid().is_root() {
            return Ok(None);
        }
        if let Ok(metadata) = folder.metadata()
            && metadata.uid() != 0
        {
            let user = User::from_uid(Uid::from_raw(metadata.uid())).ok().flatten();
            let name = user.map_or_else(|| metadata.uid().to_string(), |user| user.name);
            return Ok(Some(Self { uid: metadata.uid(), gid: metadata.gid(), name }));
        }
        for name in ["postgres", "nobody"] {
            let user = User::from_name(name).with_context(|| format!("cannot look up the user {name}"))?;
            if let Some(user) = user.filter(|user| !user.uid.is_root()) {
                return Ok(Some(Self { uid: user.uid.as_raw(), gid: user.gid.as_raw(), name: user.name }));
            }
        }
        bail!(
            "Postgres does not run as root, and this machine has neither a user `postgres` nor `nobody` to run it as: make one with `useradd --system postgres`"
        )
    }
}

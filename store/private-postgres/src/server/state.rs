//! The file that says where the running server listens. It exists while the server takes connections, and after a
//! supervisor that was killed: only a held `supervisor.lock` makes it true.

use std::io::Write as _;
use std::path::PathBuf;

use anyhow::Context as _;
use serde::{Deserialize, Serialize};

use super::layout::Layout;

/// A running server, as its supervisor recorded it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct State {
    /// With user and password.
    pub(crate) url: String,
    pub(crate) port: u16,
    /// The directory of the server's programs.
    pub(crate) binaries: PathBuf,
    /// Process ids, for people who look into a problem.
    pub(crate) supervisor: u32,
    pub(crate) postmaster: u32,
}

impl State {
    /// Reads the file; one that is missing or cannot be read as a state is no state.
    pub(crate) fn read(layout: &Layout) -> Option<Self> {
        let text = std::fs::read_to_string(layout.state()).ok()?;
        serde_json::from_str(&text).ok()
    }

    /// Replaces the file in one step, readable by its owner only.
    pub(crate) fn write(&self, layout: &Layout) -> anyhow::Result<()> {
        let context = || format!("cannot write {}", layout.state().display());
        let mut file = tempfile::NamedTempFile::new_in(layout.root()).with_context(context)?;
        file.write_all(serde_json::to_string_pretty(self)?.as_bytes()).with_context(context)?;
        file.persist(layout.state()).with_context(context)?;
        Ok(())
    }

    /// From here on nobody joins.
    pub(crate) fn remove(layout: &Layout) -> anyhow::Result<()> {
        match std::fs::remove_file(layout.state()) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                Err(error).with_context(|| format!("cannot remove {}", layout.state().display()))
            }
            _ => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_state_is_read_back_and_only_its_owner_may_read_it() {
        use std::os::unix::fs::MetadataExt as _;
        let dir = tempfile::tempdir().unwrap();
        let layout = Layout::of(dir.path().to_owned());
        std::fs::create_dir(layout.root()).unwrap();
        assert_eq!(State::read(&layout), None);
        let (url, binaries) = ("postgres://a:b@127.0.0.1:1/c".to_owned(), PathBuf::from("/pg/bin"));
        let state = State { url, port: 1, binaries, supervisor: 2, postmaster: 3 };
        state.write(&layout).unwrap();
        assert_eq!(State::read(&layout), Some(state));
        assert_eq!(layout.state().metadata().unwrap().mode() & 0o777, 0o600);
        State::remove(&layout).unwrap();
        State::remove(&layout).unwrap();
        assert_eq!(State::read(&layout), None);
    }

    #[test]
    fn half_a_file_is_no_state() {
        let dir = tempfile::tempdir().unwrap();
        let layout = Layout::of(dir.path().to_owned());
        std::fs::create_dir(layout.root()).unwrap();
        std::fs::write(layout.state(), "{\"url\": \"postg").unwrap();
        assert_eq!(State::read(&layout), None);
    }
}

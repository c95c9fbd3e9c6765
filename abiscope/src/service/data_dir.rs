//! The data directory.

use std::path::{Path, PathBuf};

use anyhow::Context;

/// The data directory asked for, else the platform's convention, made if it is not there.
pub fn data_dir(asked: Option<&Path>) -> anyhow::Result<PathBuf> {
    let dir = match asked {
        Some(dir) => dir.to_owned(),
        None => default_data_dir().context("no home folder is known: choose a folder with --data-dir")?,
    };
    std::fs::create_dir_all(&dir)
        .with_context(|| format!("making the data directory {} (choose another with --data-dir)", dir.display()))?;
    std::path::absolute(&dir).with_context(|| format!("finding {}", dir.display()))
}

/// As root the system's state directory: Postgres does not run as root and cannot read a home that only root can.
fn default_data_dir() -> Option<PathBuf> {
    if nix::unistd::geteuid().is_root() {
        return Some(PathBuf::from("/var/lib/abiscope"));
    }
    Some(dirs::data_dir()?.join("abiscope"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_folder_asked_for_is_made_and_absolute() {
        let temp = tempfile::tempdir().expect("a folder");
        let asked = temp.path().join("a/b");
        let dir = data_dir(Some(&asked)).expect("made");
        assert!(dir.is_dir() && dir.is_absolute());
    }

    #[test]
    fn a_folder_that_cannot_be_made_is_named_with_a_way_out() {
        let temp = tempfile::tempdir().expect("a folder");
        let file = temp.path().join("file");
        std::fs::write(&file, "").expect("written");
        let error = format!("{:#}", data_dir(Some(&file.join("below"))).expect_err("a file is in the way"));
        assert!(error.contains("--data-dir"), "{error}");
    }
}

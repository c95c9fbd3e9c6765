//! Reading a checked-out project.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use ignore::{DirEntry, WalkBuilder};

use crate::collector::{Collector, Keep};
use crate::{Limits, SourceTree, TreeFlag};

/// How a folder is walked.
#[derive(Debug, Clone, Copy, Default)]
pub struct FolderOptions {
    /// Look into files that `.gitignore` leaves out, hidden folders, `build`, `dist` and virtual environments too.
    pub no_ignore: bool,
}

/// Reads the native and build files below `path`. Links inside it are never followed.
///
/// Only `.gitignore` files at and below `path` count, with or without a repository: what is found depends on the
/// folder alone. Of the hidden folders `.github` and `.circleci` are read, because workflows say how wheels are
/// built.
///
/// An unreadable file is listed in [`SourceTree::skipped`]; an unreadable `path` is an error, and so is a limit that
/// is reached: an `io::Error` around [`crate::ArchiveError`].
pub fn read_folder(path: &Path, options: FolderOptions, limits: &Limits) -> io::Result<SourceTree> {
    // The walker would report an unreadable start as one unreadable file among others.
    std::fs::read_dir(path)?;
    let mut collector = Collector::for_folder(limits);
    let mut decoded = 0;
    for step in walk(path, options) {
        match step {
            Ok(entry) if entry.depth() == 0 => {}
            Ok(entry) => decoded += read_entry(path, &entry, &mut collector, limits)?,
            Err(error) => collector.skip(place(path, &error), error.to_string()),
        }
    }
    Ok(collector.finish(&path.display().to_string(), decoded))
}

fn walk(path: &Path, options: FolderOptions) -> ignore::Walk {
    let careful = !options.no_ignore;
    WalkBuilder::new(path)
        .standard_filters(false)
        .git_ignore(careful)
        .require_git(false)
        .follow_links(false)
        .filter_entry(move |entry| !careful || !is_passed_over(entry))
        .build()
}

/// Hidden folders, what setuptools builds, and virtual environments.
fn is_passed_over(entry: &DirEntry) -> bool {
    if entry.depth() == 0 || !entry.file_type().is_some_and(|kind| kind.is_dir()) {
        return false;
    }
    let name = entry.file_name().as_encoded_bytes();
    let hidden = name.starts_with(b".") && name != b".github" && name != b".circleci";
    hidden || matches!(name, b"build" | b"dist") || entry.path().join("pyvenv.cfg").exists()
}

/// Gives the number of bytes read.
fn read_entry(root: &Path, entry: &DirEntry, collector: &mut Collector<'_>, limits: &Limits) -> io::Result<u64> {
    let Some(kind) = entry.file_type() else {
        return Ok(0);
    };
    let raw_name = name_of(root, entry.path());
    if kind.is_dir() {
        collector.folder(&raw_name)?;
        return Ok(0);
    }
    let name = collector.file(&raw_name)?;
    if !kind.is_file() {
        collector.flag(TreeFlag::SpecialEntries);
        return Ok(0);
    }
    let Some(wanted) = Keep::of(name.clone()) else {
        return Ok(0);
    };
    match read_file(entry.path(), limits.file_bytes) {
        Ok(bytes) => {
            let size = bytes.len() as u64;
            if size > limits.file_bytes {
                collector.skip_long(name, size);
            } else {
                collector.hold(wanted, bytes.into())?;
            }
            Ok(size)
        }
        Err(error) => {
            collector.skip(name, error.to_string());
            Ok(0)
        }
    }
}

/// The content, or as much of it as shows that it is over the limit.
fn read_file(path: &Path, limit: u64) -> io::Result<Vec<u8>> {
    let file = File::open(path)?;
    let size = file.metadata()?.len();
    let mut bytes = Vec::with_capacity(usize::try_from(size.min(limit)).unwrap_or(0));
    file.take(limit.saturating_add(1)).read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// The path below `root`, as bytes with `/` between its components.
fn name_of(root: &Path, path: &Path) -> Vec<u8> {
    let below = path.strip_prefix(root).unwrap_or(path);
    let components: Vec<_> = below.components().map(|component| component.as_os_str().as_encoded_bytes()).collect();
    components.join(&b'/')
}

/// Where the walk could not go on; the folder itself if the walker does not tell.
fn place(root: &Path, error: &ignore::Error) -> Vec<u8> {
    match error {
        ignore::Error::WithPath { path, .. } => name_of(root, path),
        ignore::Error::WithDepth { err, .. } | ignore::Error::WithLineNumber { err, .. } => place(root, err),
        ignore::Error::Loop { child, .. } => name_of(root, child),
        _ => b".".to_vec(),
    }
}

#[cfg(test)]
mod tests;

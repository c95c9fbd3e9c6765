//! Archives as they are found, and as an enemy would make them.

mod any_bytes;
mod fixture;
mod formats;
mod hostile_tar;
mod hostile_zip;
mod limits;

use super::*;

/// Reads with default limits.
fn read(name: &str, bytes: &[u8]) -> Result<SourceTree, ArchiveError> {
    read_sdist(name, bytes, &Limits::default())
}

/// Paths and contents.
fn files(tree: &SourceTree) -> Vec<(&str, &[u8])> {
    tree.files.iter().map(|file| (file.path.as_str(), file.bytes.as_ref())).collect()
}

/// The words of a `Damaged`.
fn damage(result: Result<SourceTree, ArchiveError>) -> String {
    match result {
        Err(ArchiveError::Damaged(text)) => text,
        other => panic!("expected damage, not {other:?}"),
    }
}

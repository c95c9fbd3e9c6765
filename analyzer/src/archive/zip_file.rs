//! Zip archives, by their central directory.

use std::io::Cursor;

use zip::result::ZipError;
use zip::{CompressionMethod, ZipArchive};

use super::ArchiveError;
use super::compressed::not_a;
use super::meter::{Meter, Metered};
use crate::collector::{Collector, Keep};
use crate::{Limits, TreeFlag};

/// How an entry of the central directory starts.
const DIRECTORY_ENTRY: &[u8] = b"PK\x01\x02";

/// Reads a zip archive; gives the number of bytes decoded, which are those of the files kept.
pub(super) fn read(bytes: &[u8], collector: &mut Collector<'_>, limits: &Limits) -> Result<u64, ArchiveError> {
    check_directory_size(bytes, limits)?;
    let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(|error| match error {
        _ if !bytes.starts_with(b"PK") => not_a("zip", bytes).into(),
        error => damaged(&error),
    })?;
    let meter = Meter::new(bytes.len(), limits);
    if archive.has_duplicate_names() {
        collector.flag(TreeFlag::DuplicateNames);
    }
    if archive.offset() != 0 || !ends_with_directory(bytes, &archive) || archive.validate_header_consistency().is_err()
    {
        collector.flag(TreeFlag::ZipMismatch);
    }
    for index in 0..archive.len() {
        read_entry(&mut archive, index, &meter, collector)?;
    }
    Ok(meter.decoded())
}

fn read_entry(
    archive: &mut ZipArchive<Cursor<&[u8]>>,
    index: usize,
    meter: &Meter<'_>,
    collector: &mut Collector<'_>,
) -> Result<(), ArchiveError> {
    let entry = archive.by_index_raw(index).map_err(|error| damaged(&error))?;
    if entry.encrypted() {
        return Err(ArchiveError::Encrypted);
    }
    if !matches!(entry.compression(), CompressionMethod::Stored | CompressionMethod::Deflated) {
        let text = format!("a zip entry is compressed by {}; sdists are stored or deflated", entry.compression());
        return Err(ArchiveError::damaged(&text));
    }
    let raw_name = entry.name_raw().to_vec();
    if raw_name.ends_with(b"/") {
        return collector.folder(&raw_name);
    }
    let name = collector.file(&raw_name)?;
    if entry.is_symlink() {
        collector.flag(TreeFlag::SpecialEntries);
        return Ok(());
    }
    let Some(wanted) = Keep::of(name) else {
        return Ok(());
    };
    let size = entry.size();
    drop(entry);
    let inner = archive.by_index(index).map_err(|error| damaged(&error))?;
    let mut stream = Metered { inner, meter };
    collector.keep(wanted, size, &mut stream)?;
    Ok(())
}

/// Refuses a directory of too many entries before the library holds them all.
fn check_directory_size(bytes: &[u8], limits: &Limits) -> Result<(), ArchiveError> {
    let most = usize::try_from(limits.entries).unwrap_or(usize::MAX);
    match memchr::memmem::find_iter(bytes, DIRECTORY_ENTRY).nth(most) {
        Some(_) => Err(ArchiveError::TooLarge { what: "entries", limit: limits.entries }),
        None => Ok(()),
    }
}

/// Whether the archive's comment is the last of its bytes: nothing follows the directory.
fn ends_with_directory(bytes: &[u8], archive: &ZipArchive<Cursor<&[u8]>>) -> bool {
    let comment = archive.comment();
    let end = bytes.len().checked_sub(22 + comment.len());
    end.is_some_and(|at| bytes[at..].starts_with(b"PK\x05\x06") && bytes.ends_with(comment))
}

fn damaged(error: &ZipError) -> ArchiveError {
    ArchiveError::damaged(&format!("not a readable zip file: {error}"))
}

//! Tar archives, read to their last byte.

use std::io::{self, BufReader, Read};

use tar::{Entry, EntryType};

use super::ArchiveError;
use super::compressed::{Compression, Gzip, Member, Members, not_a};
use super::meter::{Meter, Metered};
use crate::collector::{Collector, Keep};
use crate::{Limits, TreeFlag};

/// Decoded bytes held at once besides the files that are kept.
const BUFFER: usize = 128 << 10;

/// Tar's unit.
const BLOCK: u64 = 512;

/// Headers that every entry may have besides its long records: its own, theirs, and padding.
const PLAIN_HEADERS: u64 = 16 * BLOCK;

/// Reads a compressed tar archive; gives the number of decoded bytes.
pub(super) fn read_compressed<C: Compression>(
    bytes: &[u8],
    collector: &mut Collector<'_>,
    limits: &Limits,
) -> Result<u64, ArchiveError> {
    let meter = Meter::new(bytes.len(), limits);
    let members = Members::<C::Member<'_>>::new(bytes, &meter)?;
    let stream = BufReader::with_capacity(BUFFER, members);
    read_inside::<C::Member<'_>>(stream, &meter, collector, limits)
}

/// Reads a tar archive that has been decoded from gzip data of `compressed` bytes; gives the number of its bytes.
pub(super) fn read_whole(
    decoded: &[u8],
    compressed: usize,
    collector: &mut Collector<'_>,
    limits: &Limits,
) -> Result<u64, ArchiveError> {
    read_inside::<<Gzip as Compression>::Member<'_>>(decoded, &Meter::new(compressed, limits), collector, limits)
}

fn read_inside<'a, M: Member<'a>>(
    stream: impl Read,
    meter: &Meter<'_>,
    collector: &mut Collector<'_>,
    limits: &Limits,
) -> Result<u64, ArchiveError> {
    match read(stream, meter, collector, limits) {
        Ok(()) => Ok(meter.decoded()),
        Err(ArchiveError::Damaged(text)) if collector.entries() == 0 && meter.decoded() >= BLOCK => {
            Err(ArchiveError::Damaged(format!("the {} data holds no tar archive: {text}", M::NAME)))
        }
        Err(error) => Err(error),
    }
}

/// Reads a tar archive that is not compressed; gives the number of its bytes.
pub(super) fn read_plain(bytes: &[u8], collector: &mut Collector<'_>, limits: &Limits) -> Result<u64, ArchiveError> {
    let meter = Meter::new(bytes.len(), limits);
    match read(bytes, &meter, collector, limits) {
        Ok(()) if !bytes.is_empty() => Ok(meter.decoded()),
        Err(error) if collector.entries() > 0 || !matches!(error, ArchiveError::Damaged(_)) => Err(error),
        _ => Err(not_a("tar", bytes).into()),
    }
}

fn read(
    stream: impl Read,
    meter: &Meter<'_>,
    collector: &mut Collector<'_>,
    limits: &Limits,
) -> Result<(), ArchiveError> {
    let mut stream = Metered { inner: stream, meter };
    read_entries(&mut stream, meter, collector, limits)?;
    if meter.ended() {
        collector.flag(TreeFlag::MissingEnd);
    }
    if drain(&mut stream)? {
        collector.flag(TreeFlag::DataAfterEnd);
    }
    if meter.trailing() {
        if collector.has(TreeFlag::MissingEnd) {
            // What follows may have been the rest of the archive.
            let what = "it has no end, and other bytes follow the compressed data";
            return Err(ArchiveError::Damaged(what.to_owned()));
        }
        collector.flag(TreeFlag::Trailing);
    }
    Ok(())
}

fn read_entries(
    stream: impl Read,
    meter: &Meter<'_>,
    collector: &mut Collector<'_>,
    limits: &Limits,
) -> Result<(), ArchiveError> {
    let mut archive = tar::Archive::new(stream);
    let mut entries = archive.entries()?;
    let headers = limits.header_bytes.saturating_add(PLAIN_HEADERS);
    let mut unread = 0;
    loop {
        // The library reads long names into memory before it hands out their entry: bounded by the meter.
        meter.expect_headers(Some(headers.saturating_add(unread)));
        let Some(entry) = entries.next() else {
            break;
        };
        let mut entry = entry?;
        meter.expect_headers(None);
        unread = read_entry(&mut entry, collector)?;
    }
    meter.expect_headers(None);
    Ok(())
}

/// Takes what is wanted of the entry; gives the bytes of its content that are left to the library to skip.
fn read_entry(entry: &mut Entry<'_, impl Read>, collector: &mut Collector<'_>) -> Result<u64, ArchiveError> {
    let kind = entry.header().entry_type();
    if kind.is_pax_global_extensions() {
        collector.flag(TreeFlag::GlobalPax);
        collector.count_entry()?;
        return finish(entry);
    }
    let raw_name = entry.path_bytes().into_owned();
    if kind.is_dir() || (kind.is_file() && raw_name.ends_with(b"/")) {
        collector.folder(&raw_name)?;
        return finish(entry);
    }
    let name = collector.file(&raw_name)?;
    if kind.is_gnu_sparse() {
        // Its holes are made up by the library: reading them could take for ever.
        collector.flag(TreeFlag::Sparse);
        let stored = entry.header().entry_size()?.max(pax_size(entry)?);
        return Ok(stored.saturating_add(BLOCK));
    }
    if is_pax_sparse(entry)? {
        collector.flag(TreeFlag::Sparse);
    } else if !matches!(kind, EntryType::Regular | EntryType::Continuous) {
        collector.flag(TreeFlag::SpecialEntries);
    } else if let Some(wanted) = Keep::of(name) {
        let size = entry.size();
        collector.keep(wanted, size, entry)?;
    }
    finish(entry)
}

/// Reads the rest of the entry. If it is cut short, the library says so when the next one is asked for.
fn finish(entry: &mut Entry<'_, impl Read>) -> Result<u64, ArchiveError> {
    io::copy(entry, &mut io::sink())?;
    Ok(0)
}

/// Reads to the end; says whether anything but zeros came.
fn drain(stream: &mut impl Read) -> io::Result<bool> {
    let mut buffer = [0; 8 << 10];
    let mut found = false;
    loop {
        match stream.read(&mut buffer)? {
            0 => return Ok(found),
            n => found = found || buffer[..n].iter().any(|byte| *byte != 0),
        }
    }
}

fn is_pax_sparse(entry: &mut Entry<'_, impl Read>) -> io::Result<bool> {
    let Some(records) = entry.pax_extensions()? else {
        return Ok(false);
    };
    Ok(records.flatten().any(|record| record.key_bytes().starts_with(b"GNU.sparse.")))
}

fn pax_size(entry: &mut Entry<'_, impl Read>) -> io::Result<u64> {
    let Some(records) = entry.pax_extensions()? else {
        return Ok(0);
    };
    let size = records
        .flatten()
        .find(|record| record.key_bytes() == b"size")
        .and_then(|record| record.value().ok()?.parse().ok());
    Ok(size.unwrap_or(0))
}

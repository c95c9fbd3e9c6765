//! Tar archives, read to their last byte.

use std::io::{self, BufReader, Read};

use bytes::Bytes;
use tar::{Archive, Entries, Entry, EntryType};

use super::ArchiveError;
use super::compressed::{Compression, Gzip, Member, Members, not_a};
use super::meter::{Meter, Metered};
use super::whole::Whole;
use crate::collector::{Collector, Keep};
use crate::{Limits, TreeFlag};

/// Decoded bytes held at once besides the files that are kept.
const BUFFER: usize = 128 << 10;

/// Tar's unit.
const BLOCK: u64 = 512;

/// Headers that every entry may have besides its long records: its own, theirs, and padding.
const PLAIN_HEADERS: u64 = 16 * BLOCK;

/// Where the bytes of a tar archive come from.
trait Source: Read + Sized {
    /// All of them, if they are in memory.
    fn whole(&self) -> Option<Bytes> {
        None
    }

    /// The entries, in the cheapest way to pass over content.
    fn entries<'a, 'm>(archive: &'a mut Archive<Metered<'m, Self>>) -> io::Result<Entries<'a, Metered<'m, Self>>> {
        archive.entries()
    }
}

impl Source for &[u8] {}

impl<'a, M: Member<'a>> Source for BufReader<Members<'a, M>> {}

impl Source for Whole {
    fn whole(&self) -> Option<Bytes> {
        Some(self.bytes())
    }

    fn entries<'a, 'm>(archive: &'a mut Archive<Metered<'m, Self>>) -> io::Result<Entries<'a, Metered<'m, Self>>> {
        archive.entries_with_seek()
    }
}

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

/// Reads a tar archive that has been decoded from gzip data of `compressed` bytes; gives the number of its bytes. Its
/// files stay where they are.
pub(super) fn read_whole(
    decoded: Bytes,
    compressed: usize,
    collector: &mut Collector<'_>,
    limits: &Limits,
) -> Result<u64, ArchiveError> {
    let length = decoded.len() as u64;
    let meter = Meter::new(compressed, limits);
    read_inside::<<Gzip as Compression>::Member<'_>>(Whole::new(decoded), &meter, collector, limits)?;
    Ok(length)
}

fn read_inside<'a, M: Member<'a>>(
    source: impl Source,
    meter: &Meter<'_>,
    collector: &mut Collector<'_>,
    limits: &Limits,
) -> Result<u64, ArchiveError> {
    match read(source, meter, collector, limits) {
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
    source: impl Source,
    meter: &Meter<'_>,
    collector: &mut Collector<'_>,
    limits: &Limits,
) -> Result<(), ArchiveError> {
    let whole = source.whole();
    let mut archive = Archive::new(Metered { inner: source, meter });
    read_entries(&mut archive, whole.as_ref(), meter, collector, limits)?;
    let mut stream = archive.into_inner();
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

fn read_entries<S: Source>(
    archive: &mut Archive<Metered<'_, S>>,
    whole: Option<&Bytes>,
    meter: &Meter<'_>,
    collector: &mut Collector<'_>,
    limits: &Limits,
) -> Result<(), ArchiveError> {
    let mut entries = S::entries(archive)?;
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
        unread = read_entry(&mut entry, whole, collector)?;
    }
    meter.expect_headers(None);
    Ok(())
}

/// Takes what is wanted of the entry; gives the bytes of its content that are left to the library to skip.
fn read_entry(
    entry: &mut Entry<'_, impl Read>,
    whole: Option<&Bytes>,
    collector: &mut Collector<'_>,
) -> Result<u64, ArchiveError> {
    let kind = entry.header().entry_type();
    if kind.is_pax_global_extensions() {
        collector.flag(TreeFlag::GlobalPax);
        collector.count_entry()?;
        return finish(entry, whole);
    }
    let raw_name = entry.path_bytes().into_owned();
    if kind.is_dir() || (kind.is_file() && raw_name.ends_with(b"/")) {
        collector.folder(&raw_name)?;
        return finish(entry, whole);
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
        match whole {
            Some(whole) => collector.share(wanted, size, from(whole, entry.raw_file_position()))?,
            None => collector.keep(wanted, size, entry)?,
        }
    }
    finish(entry, whole)
}

/// What begins at `place`.
fn from(whole: &Bytes, place: u64) -> Bytes {
    let place = usize::try_from(place).unwrap_or(usize::MAX);
    whole.slice(place.min(whole.len())..)
}

/// Passes over the rest of the entry. If it is cut short, the library says so when the next one is asked for.
fn finish(entry: &mut Entry<'_, impl Read>, whole: Option<&Bytes>) -> Result<u64, ArchiveError> {
    if whole.is_none() {
        io::copy(entry, &mut io::sink())?;
    }
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

//! Packs: many named texts in one blob, any part of which can be read alone.
//!
//! The texts are laid end to end and cut every 256 KiB; each cut is one zstd frame with its checksum. After the frames
//! comes the index, one zstd frame of JSON: the names with their lengths, the frames with theirs, and how many line
//! ends each holds, so that line 40,000 of a file is found without decompressing what stands before it. The last 16
//! bytes say how long the index is. Reading a snippet costs three small reads, whatever the size of the blob.

mod index;
mod sources;
mod units;
mod write;

pub(crate) use index::{Index, Span, tail_wanted};
pub(crate) use sources::{is_whole, tree_of, tree_packed};
pub(crate) use units::Part;
pub(crate) use write::write;

/// The first eight bytes of a pack, and the last.
const MAGIC: [u8; 8] = *b"abispak1";
/// Bytes of one frame when decompressed; the last frame may be shorter.
const FRAME: usize = 256 << 10;
/// Bytes of the footer: length of the index, compressed and not, and the magic.
const FOOTER: usize = 16;
/// Bytes of the index when decompressed.
const MAX_INDEX: usize = 64 << 20;

/// Why bytes are not a pack, or texts cannot be packed.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub(crate) struct PackError(pub(crate) String);

impl PackError {
    fn new(what: &str) -> Self {
        Self(what.to_owned())
    }
}

fn newlines(bytes: &[u8]) -> usize {
    memchr::memchr_iter(b'\n', bytes).count()
}

#[cfg(test)]
mod tests;

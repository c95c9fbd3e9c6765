//! Gzip data decoded in one go, which costs half of decoding it as a stream.
//!
//! Only for what nearly every sdist is: one member, of a size that may be held, which its last four bytes tell (RFC 1952). Anything
//! else is left to the stream, which also finds the words for what is broken.

use std::io::{self, Cursor, Read, Seek, SeekFrom};

use bytes::Bytes;

use super::room::{ROOM, Room};
use crate::Limits;

/// What `bytes` decode to; `None` if it is not as simple as that.
pub(super) fn gunzip(bytes: &[u8], limits: &Limits) -> Option<Bytes> {
    let length = usize::try_from(u32::from_le_bytes(*bytes.last_chunk()?)).ok()?;
    let fits = length <= ROOM && length as u64 <= limits.decoded_bytes;
    if !fits || length as u64 / limits.ratio.max(1) > bytes.len() as u64 || holds_another(bytes) {
        return None;
    }
    let mut room = Room::take()?;
    // The decoder stops at the end of the first member, and has compared the CRC there. If other bytes follow, those at
    // the very end tell another length.
    let is_whole = decode(bytes, room.first(length)) == Some(length);
    is_whole.then(|| Bytes::from_owner(room).slice(..length))
}

/// Decodes the first member of `bytes`: how many bytes that gives, if it is in order and there is room.
fn decode(bytes: &[u8], into: &mut [u8]) -> Option<usize> {
    libdeflater::Decompressor::new().gzip_decompress(bytes, into).ok()
}

/// Whether a second member follows that ends in the same length as the first: only then is the length no proof. The
/// length of the first one then stands in front of the header of the second.
fn holds_another(bytes: &[u8]) -> bool {
    let Some((first, length)) = bytes.split_last_chunk::<4>() else { return false };
    let headers = memchr::memmem::find_iter(first, b"\x1f\x8b\x08");
    headers.skip(1).any(|at| first[..at].ends_with(length))
}

/// A reader that skips without reading, but never over the end.
pub(super) struct Whole(Cursor<Bytes>);

impl Whole {
    pub(super) fn new(bytes: Bytes) -> Self {
        Self(Cursor::new(bytes))
    }

    pub(super) fn bytes(&self) -> Bytes {
        self.0.get_ref().clone()
    }
}

impl Read for Whole {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        self.0.read(buf)
    }
}

impl Seek for Whole {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        let place = self.0.seek(to)?;
        if place > self.0.get_ref().len() as u64 {
            return Err(io::Error::new(io::ErrorKind::UnexpectedEof, "unexpected EOF during skip"));
        }
        Ok(place)
    }
}

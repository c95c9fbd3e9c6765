//! Gzip data decoded in one go, which costs half of decoding it as a stream.
//!
//! Only for what nearly every sdist is: one member, of a size that may be held, which its last four bytes tell (RFC 1952). Anything
//! else is left to the stream, which also finds the words for what is broken.

use std::cell::Cell;

use crate::Limits;

/// Decoded bytes that are held at once, besides the files that are kept.
const MAX_HELD: usize = 96 << 20;

thread_local! {
    /// Memory that has been used before: new pages cost as much as what is written into them.
    static SPACE: Cell<Vec<u8>> = const { Cell::new(Vec::new()) };
}

/// Calls `read` with what `bytes` decode to; `None` if it is not as simple as that.
pub(super) fn gunzip<T>(bytes: &[u8], limits: &Limits, read: impl FnOnce(&[u8]) -> T) -> Option<T> {
    let length = usize::try_from(u32::from_le_bytes(*bytes.last_chunk()?)).ok()?;
    let fits = length <= MAX_HELD && length as u64 <= limits.decoded_bytes;
    if !fits || length as u64 / limits.ratio.max(1) > bytes.len() as u64 || holds_another(bytes) {
        return None;
    }
    let mut space = SPACE.take();
    if space.len() < length {
        space = vec![0; length];
    }
    let decoded = &mut space[..length];
    // The decoder stops at the end of the first member, and has compared the CRC there. If other bytes follow, those at
    // the very end tell another length.
    let is_whole = decode(bytes, decoded) == Some(length);
    let result = is_whole.then(|| read(decoded));
    SPACE.set(space);
    result
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

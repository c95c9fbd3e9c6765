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
    if !fits || length as u64 / limits.ratio.max(1) > bytes.len() as u64 || may_hold_another(bytes) {
        return None;
    }
    let mut space = SPACE.take();
    if space.len() < length {
        space.resize(length, 0);
    }
    let decoded = &mut space[..length];
    // The decoder stops at the end of the first member, and has compared the CRC there. If other bytes follow, those at
    // the very end tell another length.
    let written = libdeflater::Decompressor::new().gzip_decompress(bytes, decoded).ok();
    let result = (written == Some(length)).then(|| read(decoded));
    SPACE.set(space);
    result
}

/// Whether something like the header of a second member is anywhere in the data: magic, the only method there is, and
/// no reserved flag. One file in a hundred has that by chance, and is decoded as a stream.
fn may_hold_another(bytes: &[u8]) -> bool {
    let found = memchr::memmem::find_iter(bytes.get(1..).unwrap_or_default(), b"\x1f\x8b\x08");
    let mut flags = found.filter_map(|at| bytes.get(at + 4));
    flags.any(|flags| flags & 0xe0 == 0)
}

//! The hash of the look-up indexes, shared by the build script that fills them and the code that reads them.

/// FNV-1a over the bytes, folded so that the low bits depend on every byte.
pub(crate) const fn hash(bytes: &[u8]) -> u32 {
    let mut state: u32 = 0x811c_9dc5;
    let mut i = 0;
    while i < bytes.len() {
        state = (state ^ bytes[i] as u32).wrapping_mul(0x0100_0193);
        i += 1;
    }
    state ^ (state >> 15)
}

/// Where the gate keeps the bit of an identifier, of 16,384 places: its first three bytes, its last and its length.
///
/// `identifier` has at least three bytes.
pub(crate) const fn gate_bit(identifier: &[u8]) -> usize {
    let length = identifier.len();
    let signs = [identifier[0], identifier[1], identifier[2], identifier[length - 1], length.to_le_bytes()[0]];
    (hash(&signs) & 0x3fff) as usize
}

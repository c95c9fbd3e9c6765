//! How much of a hostile input the analyzer is willing to look at.

/// Limits on one input; each has its own refusal. Defaults come from a survey of real sdists.
#[derive(Debug, Clone)]
pub struct Limits {
    /// Decoded bytes of the whole archive (2 GiB).
    pub decoded_bytes: u64,
    /// Decoded bytes per compressed byte, once past [`Limits::ratio_floor`] (100; real sdists reach 14).
    pub ratio: u64,
    /// Decoded bytes below which the ratio does not matter (64 MiB).
    pub ratio_floor: u64,
    /// Entries in the archive (200,000).
    pub entries: u64,
    /// Bytes of one analysed file (32 MiB; the largest seen was 12.8 MB).
    pub file_bytes: u64,
    /// Bytes of all analysed files together (160 MiB).
    pub native_bytes: u64,
    /// Bytes of a name (4 KiB).
    pub name_bytes: usize,
    /// Bytes of a PAX or long-name record (1 MiB).
    pub header_bytes: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            decoded_bytes: 2 << 30,
            ratio: 100,
            ratio_floor: 64 << 20,
            entries: 200_000,
            file_bytes: 32 << 20,
            native_bytes: 160 << 20,
            name_bytes: 4 << 10,
            header_bytes: 1 << 20,
        }
    }
}

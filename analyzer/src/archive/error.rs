//! Why an archive has no source tree.

use std::io;

use crate::escape;

/// Why an archive has no source tree. Texts are printable ASCII: none of an archive's bytes reach a terminal raw.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ArchiveError {
    /// The name says it is not an sdist.
    #[error("{0} is not an sdist: abiscope reads .tar.gz, .tgz, .zip, .tar.bz2, .tar.xz and .tar files, and folders")]
    NotAnSdist(String),
    /// An sdist in a format of old that is not read: which file, and which format.
    #[error("{name} is {format}, which abiscope does not read; pack it again as .tar.gz to have it analysed")]
    Unsupported {
        /// The file.
        name: String,
        /// The format, in words.
        format: &'static str,
    },
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

impl ArchiveError {
    /// A [`ArchiveError::Damaged`] for whatever `cause` says, made printable.
    pub(crate) fn damaged(cause: &dyn std::fmt::Display) -> Self {
        Self::Damaged(escape::message(&cause.to_string()))
    }
}

/// Limits travel through readers of other crates inside an `io::Error`, and come out here unchanged.
impl From<io::Error> for ArchiveError {
    fn from(error: io::Error) -> Self {
        match error.get_ref().and_then(|inner| inner.downcast_ref::<Self>()) {
            Some(ours) => ours.clone(),
            None => Self::damaged(&error),
        }
    }
}

impl From<ArchiveError> for io::Error {
    fn from(error: ArchiveError) -> Self {
        let kind = match error {
            ArchiveError::TooLarge { .. } => io::ErrorKind::FileTooLarge,
            _ => io::ErrorKind::InvalidData,
        };
        Self::new(kind, error)
    }
}

//! How a request can end, other than well. Each failure knows the state it leads to.

use store::{FileState, ProjectState};

/// Why a project's page was not read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ReadFailure {
    /// The index does not know the project.
    #[error("not found on the index")]
    NotFound,
    /// The page is over the limit.
    #[error("the index page is too large: {0}")]
    TooLarge(String),
    /// A passing failure, after all tries: what happened last, and how often it was tried.
    #[error("{reason} (tried {tries} times)")]
    Deferred {
        /// What happened last.
        reason: String,
        /// How often it was tried.
        tries: u32,
    },
}

impl ReadFailure {
    /// The state it leads to.
    pub const fn state(&self) -> ProjectState {
        match self {
            Self::NotFound => ProjectState::NotFound,
            Self::TooLarge(_) => ProjectState::IndexTooLarge,
            Self::Deferred { .. } => ProjectState::Deferred,
        }
    }
}

/// Why a file was not fetched.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FetchFailure {
    /// The address is not one we follow: why.
    #[error("address refused: {0}")]
    BlockedUrl(String),
    /// The files host does not have it.
    #[error("the files host does not have it")]
    Missing,
    /// Over the limit.
    #[error("larger than {limit} bytes")]
    TooLarge {
        /// The limit in bytes.
        limit: u64,
    },
    /// The bytes are not the promised ones.
    #[error("expected sha256 {expected}, got {found}")]
    HashMismatch {
        /// What the index promised.
        expected: String,
        /// What came.
        found: String,
    },
    /// The index gives no hash.
    #[error("the index gives no sha256")]
    NoHash,
    /// A passing failure, after all tries.
    #[error("{reason} (tried {tries} times)")]
    Deferred {
        /// What happened last.
        reason: String,
        /// How often it was tried.
        tries: u32,
    },
}

impl FetchFailure {
    /// The state it leads to.
    pub const fn state(&self) -> FileState {
        match self {
            Self::BlockedUrl(_) | Self::NoHash => FileState::BlockedUrl,
            Self::Missing => FileState::MissingUpstream,
            Self::TooLarge { .. } => FileState::TooLarge,
            Self::HashMismatch { .. } => FileState::HashMismatch,
            Self::Deferred { .. } => FileState::Deferred,
        }
    }
}

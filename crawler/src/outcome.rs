//! How a request can end, other than well. Each failure knows the state it leads to.

use std::time::Duration;

use packaging::{ProjectName, ReleaseVersion};
use store::{FileState, ProjectState, Sha256};

use crate::judge::NoSuchRelease;
use crate::trouble::Trouble;

/// Why a project's page was not read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ReadFailure {
    /// The index does not know the project.
    #[error("not found on the index")]
    NotFound,
    /// The project is there, the wanted release is not.
    #[error("no release {wanted}{}", the_latest(latest.as_ref()))]
    NoSuchRelease {
        /// The release asked for.
        wanted: ReleaseVersion,
        /// The one that stands for the project, if it has any.
        latest: Option<ReleaseVersion>,
    },
    /// The index leads from this name to another project's page, for good.
    #[error("the index has it under another name, {to}")]
    Renamed {
        /// That project.
        to: ProjectName,
    },
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
        /// The index asked for this pause: the attempt must not count against the job, and it is due after the pause.
        retry_after: Option<Duration>,
    },
}

fn the_latest(latest: Option<&ReleaseVersion>) -> String {
    latest.map_or_else(|| ": it has none at all".to_owned(), |latest| format!("; the latest is {latest}"))
}

impl ReadFailure {
    /// After `tries`.
    pub(crate) fn of(trouble: Trouble, tries: u32) -> Self {
        match trouble {
            Trouble::NotThere => Self::NotFound,
            Trouble::TooLarge(what) => Self::TooLarge(what),
            Trouble::MovedTo(to) => Self::Renamed { to },
            other => {
                let (reason, retry_after) = put_off(other);
                Self::Deferred { reason, tries, retry_after }
            }
        }
    }

    /// The state it leads to. A project without the wanted release is on the index all the same: do not record it as
    /// ended.
    pub const fn state(&self) -> ProjectState {
        match self {
            Self::NotFound | Self::Renamed { .. } => ProjectState::NotFound,
            Self::NoSuchRelease { .. } => ProjectState::Listed,
            Self::TooLarge(_) => ProjectState::IndexTooLarge,
            Self::Deferred { .. } => ProjectState::Deferred,
        }
    }
}

impl From<NoSuchRelease> for ReadFailure {
    fn from(NoSuchRelease { wanted, latest }: NoSuchRelease) -> Self {
        Self::NoSuchRelease { wanted, latest }
    }
}

/// Why something is put off, and the pause that the index asked for.
pub(crate) fn put_off(trouble: Trouble) -> (String, Option<Duration>) {
    match trouble {
        Trouble::Paused { what, pause } | Trouble::Held { what, left: pause } => (what, Some(pause)),
        Trouble::Passing(what)
        | Trouble::NotNow(what)
        | Trouble::Blocked(what)
        | Trouble::Misled(what)
        | Trouble::TooLarge(what)
        | Trouble::WrongBody(what) => (what, None),
        Trouble::NotThere => ("it is not there".to_owned(), None),
        Trouble::MovedTo(to) => (format!("the index has it under another name, {to}"), None),
    }
}

/// Why a file was not fetched.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FetchFailure {
    /// The address is not one we follow: why.
    #[error("address refused: {0}")]
    BlockedUrl(String),
    /// The files host does not have it. [`crate::IndexClient::whereabouts`] tells whether the index still lists it.
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
        /// What came: another hash, or that the body was longer than promised.
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
        /// The index asked for this pause: the attempt must not count against the job, and it is due after the pause.
        retry_after: Option<Duration>,
    },
}

impl FetchFailure {
    /// After `tries` to get a file with the hash `expected`, of at most `limit` bytes.
    pub(crate) fn of(trouble: Trouble, tries: u32, expected: Sha256, limit: u64) -> Self {
        match trouble {
            Trouble::Blocked(why) | Trouble::Misled(why) => Self::BlockedUrl(why),
            Trouble::NotThere => Self::Missing,
            Trouble::TooLarge(_) => Self::TooLarge { limit },
            Trouble::WrongBody(found) => Self::HashMismatch { expected: expected.to_string(), found },
            other => {
                let (reason, retry_after) = put_off(other);
                Self::Deferred { reason, tries, retry_after }
            }
        }
    }

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

//! How abiscope speaks with PyPI: reading projects, choosing sdists, fetching and verifying them.
//!
//! The way through: an [`IndexClient`] reads the listing of all projects, then a project's page of the Simple API, judged
//! into a [`store::ProjectPage`]; [`IndexClient::fetch`] brings the bytes of a selected file, verified. Every failure is
//! an outcome with a name. Each request waits for its slot of a [`Budget`].

mod address;
mod body;
mod budget;
mod client;
mod counts;
mod exchange;
mod fetch;
mod history;
mod index_choice;
mod index_url;
mod json_stream;
mod judge;
mod listing;
mod names;
mod outcome;
mod pace;
mod patience;
mod proxy;
mod read;
mod reason;
mod refresh;
mod releases;
mod sample;
mod scalar;
mod simple_page;
mod top_list;
mod tries;
mod trouble;
mod trust;

pub use budget::{Budget, LONGEST_WAIT, NoSlot, Slot, Soon};
pub use client::{ClientConfig, IndexClient};
pub use counts::RequestCounts;
pub use history::{History, NotAHistory, Period};
pub use index_choice::Surroundings;
pub use index_url::{IndexUrl, NotAnIndexUrl};
pub use listing::{ListedProject, Listing, ListingEnd, ListingFailure, Oddities};
pub use names::{BadNames, project_names};
pub use outcome::{FetchFailure, ReadFailure};
pub use patience::Patience;
pub use reason::FetchReason;
pub use refresh::{EMPTY_PAGE_BELIEVED_AFTER, Known, Question, ReadPage, Refreshed, Unchanged, Whereabouts};
pub use sample::PureSample;
pub use top_list::{NotATopList, RankedProject, TopList, TopListFailure};
pub use trust::{NotAHost, file_host};

use packaging::ReleaseVersion;

/// Which release of a project is wanted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Wanted {
    /// The one that stands for the project.
    Latest,
    /// This one.
    Version(ReleaseVersion),
}

/// How releases are chosen.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Policy {
    /// Fetch sdists of releases whose wheels are all pure, too.
    pub pure_too: bool,
    /// Read old releases, too.
    pub history: Option<History>,
}

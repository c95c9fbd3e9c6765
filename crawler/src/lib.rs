//! How abiscope speaks with PyPI: reading projects, choosing sdists, fetching and verifying them.
//!
//! The way through: an [`IndexClient`] reads a project's page of the Simple API, judged into a [`store::ProjectPage`];
//! [`IndexClient::fetch`] brings the bytes of a selected file, verified. Every failure is an outcome with a name.

mod address;
mod body;
mod client;
mod exchange;
mod fetch;
mod index_choice;
mod index_url;
mod judge;
mod outcome;
mod pace;
mod proxy;
mod read;
mod releases;
mod simple_page;
mod tries;
mod trouble;
mod trust;

pub use client::{ClientConfig, IndexClient};
pub use index_choice::Surroundings;
pub use index_url::{IndexUrl, NotAnIndexUrl};
pub use outcome::{FetchFailure, ReadFailure};

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
}

//! How abiscope speaks with PyPI: reading projects, choosing sdists, fetching and verifying them.
//!
//! The way through: an [`IndexClient`] reads a project's page of the Simple API, judged into a [`store::ProjectPage`];
//! [`IndexClient::fetch`] brings the bytes of a selected file, verified. Every failure is an outcome with a name.

mod client;
mod index_url;
mod outcome;

pub use client::{ClientConfig, IndexClient};
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

/// How releases are chosen (`pypi-facts`, section 3).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Policy {
    /// Fetch sdists of releases whose wheels are all pure, too.
    pub pure_too: bool,
}

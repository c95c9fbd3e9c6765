//! Saved proposals: an answer that was given once, under an address that never changes.

mod id;
mod save;

use chrono::{DateTime, Utc};
use whatif::{Answer, Proposal};

use crate::{Error, Sha256};

pub use id::{NotAProposalId, ProposalId};

/// A proposal as it was saved.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SavedProposal {
    /// What it is and what it is asked of.
    pub head: SavedHead,
    /// The answer it was given then.
    pub answer: Answer,
}

/// What a saved proposal is, without its answer.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, schemars::JsonSchema)]
pub struct SavedHead {
    /// The hash of rules, snapshot, analyzer and C-API data.
    #[serde(serialize_with = "crate::read::word")]
    #[schemars(with = "String")]
    pub id: ProposalId,
    /// For people; may be empty.
    pub title: String,
    /// Its fields in their one spelling, a line each.
    pub canonical: String,
    /// The hash of what stood: of each project the release and the hash of its sdist.
    #[serde(serialize_with = "crate::read::word")]
    #[schemars(with = "String")]
    pub snapshot: Sha256,
    /// The rules of the analyzer.
    pub analyzer_version: String,
    /// The C-API data.
    pub capi_version: String,
    /// When it was saved first.
    pub saved_at: DateTime<Utc>,
}

impl SavedHead {
    /// The proposal that was asked.
    pub fn proposal(&self) -> Result<Proposal, Error> {
        let fields = self.canonical.lines().filter_map(|line| line.split_once('='));
        let all = fields.chain([("title", self.title.as_str())]);
        let damaged = |error| Error::Damaged(format!("proposal {}: {error}", self.id));
        Proposal::from_fields(all).map_err(damaged)
    }

    /// When it was saved, and of which snapshot: `2026-11-26 (snapshot 0f3c9a1b)`.
    pub fn when(&self) -> String {
        format!("{} (snapshot {})", self.saved_at.format("%F"), &self.snapshot.to_string()[..8])
    }
}

//! Verdicts: a pure function of findings, build facts and target.

mod blockers;
mod decide;
mod notes;
mod questions;
#[cfg(test)]
mod tests;

use capi::Target;
use serde::{Deserialize, Serialize};

pub use blockers::blocking_uses;
pub(crate) use decide::{Facts, cannot, floor, stem, verdicts};
pub use notes::{Note, NoteKind, notes};

/// What the code of a release means for one target.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Verdict {
    /// The stable ABI asked about.
    pub target: Target,
    /// The answer.
    pub verdict: Outcome,
    /// Identifiers that limited mode hides or that do not compile there, sorted.
    pub blocking: Vec<String>,
    /// Members that limited mode hides, as `Structure.member`, sorted.
    pub blocking_members: Vec<String>,
    /// Variables that are static types, sorted.
    pub blocking_types: Vec<String>,
    /// What could not be told, and how often.
    pub undecided: Vec<Undecided>,
}

/// The answer for one target, in the precedence of the contract.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Outcome {
    /// Nothing was found that stands in the way. Not a promise.
    NoBlocker,
    /// Live code uses what the target does not have.
    Blocked,
    /// A tool that the project builds with cannot target it.
    ToolBlocks,
    /// An open question could block.
    Undecided,
    /// No native source.
    Pure,
}

impl Outcome {
    /// Each one, in the order in which they are shown.
    pub const ALL: [Self; 5] = [Self::NoBlocker, Self::Blocked, Self::ToolBlocks, Self::Undecided, Self::Pure];

    /// The word used in formats and addresses: `no-blocker`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::NoBlocker => "no-blocker",
            Self::Blocked => "blocked",
            Self::ToolBlocks => "tool-blocks",
            Self::Undecided => "undecided",
            Self::Pure => "pure",
        }
    }
}

/// An open question that could block.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Undecided {
    /// Such as `generated-at-build`, `pyo3-without-abi3`, `unknown-condition`.
    pub reason: String,
    /// In how many places.
    pub count: u64,
}

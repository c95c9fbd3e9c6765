//! What is kept of the report of a standing release.

use analyzer::Outcome;

use super::uses::Uses;

/// A report, as far as lists and counts ask for it. Reports never change: a row of another content has another id.
#[derive(Debug, Default)]
pub(crate) struct StandingReport {
    /// Its row.
    pub(crate) id: i32,
    /// For each target, in their order.
    pub(crate) verdicts: Box<[Judged]>,
    /// Identifiers that block, by their numbers in the vocabulary, with the targets that each blocks as bits.
    pub(crate) names_block: Box<[(u32, u32)]>,
    /// The same of members.
    pub(crate) members_block: Box<[(u32, u32)]>,
    /// The targets that static types block, as bits.
    pub(crate) types_block: u32,
    /// How often each structure is touched.
    pub(crate) touched: Box<[Touched]>,
    /// Members that it accesses of structures that could not be told, by their names' numbers in the vocabulary.
    pub(crate) unresolved: Box<[u32]>,
    /// Its uses.
    pub(crate) uses: Uses,
}

/// A verdict without its reasons.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Judged {
    pub(crate) outcome: Option<Outcome>,
    /// Items that block.
    pub(crate) blockers: u32,
}

/// How often one structure is touched.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Touched {
    /// Its number in the vocabulary.
    pub(crate) structure: u32,
    /// Sites of the code itself.
    pub(crate) direct: i64,
    /// Sites of macros and inline functions that touch it.
    pub(crate) inside: i64,
}

impl StandingReport {
    /// The verdict for the target at a place.
    pub(crate) fn judged(&self, place: usize) -> Judged {
        self.verdicts.get(place).copied().unwrap_or_default()
    }
}

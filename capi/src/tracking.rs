//! CPython's issues about making structures opaque.

use crate::reads::{Reads, all_abi_reads};
use crate::structure::{Structure, structure};
use crate::tables::TRACKING;

/// One issue.
#[derive(Debug, Clone, Copy)]
pub struct Tracking {
    /// Its number on the old tracker, such as `bpo-39573`.
    pub issue: &'static str,
    /// The issue on GitHub, such as `python/cpython#83754`.
    pub github: Option<&'static str>,
    /// The issue that went on from it.
    pub follow_up: Option<&'static str>,
    /// Names of the structures it is about.
    pub structures: &'static [&'static str],
    /// Where it stands.
    pub status: &'static str,
    /// What else in extensions stands in the way, in words.
    pub other_blockers: &'static [&'static str],
}

impl Tracking {
    /// The structures it is about, with their members.
    pub fn members(&self) -> impl Iterator<Item = &'static Structure> {
        self.structures.iter().filter_map(|name| structure(name))
    }

    /// The macros and inline functions that touch a member of one of them in a normal build.
    pub fn readers(&self) -> impl Iterator<Item = &'static Reads> {
        all_abi_reads().iter().filter(|reads| reads.normal.iter().any(|read| self.structures.contains(&read.structure)))
    }
}

/// Every issue, sorted by number.
pub fn tracking() -> &'static [Tracking] {
    &TRACKING
}

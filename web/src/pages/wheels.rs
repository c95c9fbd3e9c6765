//! What the wheels of projects say about themselves.

use store::WheelCounts;

use crate::numbers::{Count, share};

/// How many projects ship which wheels, with the denominators.
pub(super) struct Wheels {
    pub(super) projects: Count,
    pub(super) shipping: Count,
    /// Of all projects.
    pub(super) share: String,
    pub(super) rows: Vec<Row>,
}

pub(super) struct Row {
    pub(super) tag: &'static str,
    pub(super) meaning: &'static str,
    pub(super) n: Count,
    /// Of those with wheels.
    pub(super) share: String,
}

impl Wheels {
    pub(super) fn new(counts: &WheelCounts) -> Self {
        let row = |(tag, meaning, n)| Row { tag, meaning, n: Count(n), share: share(n, counts.with_wheels) };
        let rows = [
            ("abi3", "the stable ABI: one wheel for many Pythons", counts.abi3),
            ("abi3t", "the stable ABI of free-threaded builds", counts.abi3t),
            ("cp3xt", "one version of a free-threaded build", counts.free_threaded),
            ("cp3x", "one version of Python", counts.one_version),
            ("none-PLATFORM", "a platform, but no Python ABI: a bundled binary", counts.bundled),
            ("none-any", "any Python, any platform: pure by its tag", counts.pure),
        ];
        Self {
            projects: Count(counts.projects),
            shipping: Count(counts.with_wheels),
            share: share(counts.with_wheels, counts.projects),
            rows: rows.map(row).into_iter().collect(),
        }
    }
}

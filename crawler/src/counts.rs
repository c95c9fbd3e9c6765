//! Counts of requests, for whoever watches.

use std::sync::atomic::{AtomicU64, Ordering};

use crate::trouble::Trouble;

/// What a client did since it was made, its clones included.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct RequestCounts {
    /// Requests sent, each hop of a redirect being one.
    pub requests: u64,
    /// Tries that ended well: pages, files, and "nothing changed".
    pub good: u64,
    /// Tries that failed for reasons that may pass.
    pub failed: u64,
    /// Times that the index asked for a pause, or that a pause was still on.
    pub pauses: u64,
    /// Bodies that were not the promised ones.
    pub wrong_bodies: u64,
    /// Answers that the page or file does not exist, or has moved for good.
    pub not_there: u64,
    /// Addresses not followed, limits met, statuses that trying again does not help.
    pub refused: u64,
}

/// The counts at work.
#[derive(Debug, Default)]
pub(crate) struct Counts {
    requests: AtomicU64,
    good: AtomicU64,
    failed: AtomicU64,
    pauses: AtomicU64,
    wrong_bodies: AtomicU64,
    not_there: AtomicU64,
    refused: AtomicU64,
}

impl Counts {
    pub(crate) fn sent(&self) {
        self.requests.fetch_add(1, Ordering::Relaxed);
    }

    /// A try ended, well or with this trouble.
    pub(crate) fn ended(&self, trouble: Option<&Trouble>) {
        let count = match trouble {
            None => &self.good,
            Some(Trouble::Passing(_)) => &self.failed,
            Some(Trouble::Paused { .. } | Trouble::Held { .. }) => &self.pauses,
            Some(Trouble::WrongBody(_)) => &self.wrong_bodies,
            Some(Trouble::NotThere | Trouble::MovedTo(_)) => &self.not_there,
            Some(Trouble::Blocked(_) | Trouble::Misled(_) | Trouble::NotNow(_) | Trouble::TooLarge(_)) => &self.refused,
        };
        count.fetch_add(1, Ordering::Relaxed);
    }

    pub(crate) fn now(&self) -> RequestCounts {
        let read = |count: &AtomicU64| count.load(Ordering::Relaxed);
        RequestCounts {
            requests: read(&self.requests),
            good: read(&self.good),
            failed: read(&self.failed),
            pauses: read(&self.pauses),
            wrong_bodies: read(&self.wrong_bodies),
            not_there: read(&self.not_there),
            refused: read(&self.refused),
        }
    }
}

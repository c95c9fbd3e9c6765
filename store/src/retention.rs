//! What is let go of, by policy: raw archives once packed, answers of old analyzers, blobs that nobody names.
//!
//! Each part can be run again at any time, beside anything else; what was interrupted goes on with the next run. A dry
//! run counts and touches nothing. A deployment has one policy ([`Store::retention_set`]), which upkeep applies once a day.
//!
//! [`Store::retention_set`]: crate::Store::retention_set

mod archives;
mod policy;
mod reports;
mod sweep;

use std::time::Duration;

use crate::{Error, Store};

/// Rows or blobs of one batch: a transaction of well under a second.
const BATCH: u16 = 500;

/// What the operator wants kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Retention {
    /// Raw archives.
    pub archives: Archives,
    /// How long the reports of older analyzers are kept after a newer one answered; `None`: for ever. Reports in
    /// `kept_reports`, which a snapshot or proposal names, are always kept.
    pub old_reports: Option<Duration>,
    /// How long a blob that no row names is kept: a worker may be about to name it.
    pub orphans: Duration,
}

impl Default for Retention {
    /// Everything is kept, orphans for seven days.
    fn default() -> Self {
        Self { archives: Archives::Keep, old_reports: None, orphans: Duration::from_hours(7 * 24) }
    }
}

/// What becomes of raw archives.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Archives {
    /// They stay.
    Keep,
    /// They go once the source pack was read back and holds all that is analysed.
    DropAfterPack,
}

/// Whether something is really removed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Run {
    /// Only counted.
    Dry,
    /// Removed.
    Real,
}

/// How much was removed, or would be.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, serde::Serialize)]
pub struct Removed {
    /// Archives, reports or blobs.
    pub count: u64,
    /// Their bytes in the blob store; of reports none are counted, their sites become orphans.
    pub bytes: u64,
}

impl Removed {
    fn add(&mut self, bytes: u64) {
        self.count += 1;
        self.bytes += bytes;
    }
}

/// What one run of retention removed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, serde::Serialize)]
pub struct Retained {
    /// Raw archives.
    pub archives: Removed,
    /// Reports of older analyzers.
    pub reports: Removed,
    /// Blobs that no row names.
    pub orphans: Removed,
}

impl Store {
    /// Lets go of what the policy does not keep. An error ends the run; what was removed until then stays removed.
    pub async fn retained(&self, policy: &Retention, run: Run) -> Result<Retained, Error> {
        Ok(Retained {
            archives: match policy.archives {
                Archives::Keep => Removed::default(),
                Archives::DropAfterPack => self.archives_dropped(run).await?,
            },
            reports: match policy.old_reports {
                None => Removed::default(),
                Some(age) => self.old_reports_removed(age, run).await?,
            },
            orphans: self.orphans_swept(policy.orphans, run).await?,
        })
    }
}

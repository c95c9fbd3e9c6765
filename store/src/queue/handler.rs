//! Doing a job.

use std::pin::Pin;
use std::time::Duration;

use super::{Job, JobFailure, Priority};

/// A future on the heap, so that a handler can stand behind a pointer.
pub type BoxFuture<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// Does jobs. A job may be run twice, and by two at once: what it writes makes the second run harmless.
pub trait JobHandler: Send + Sync + 'static {
    /// Does one job. What it enqueues in turn is to have its `priority`, so that somebody who waits for the end waits no
    /// longer on the way. A panic is a failure that counts.
    fn run(&self, job: Job, priority: Priority) -> BoxFuture<'_, Result<(), JobFailure>>;

    /// Hears how a run ended and how long it took, for logs and metrics.
    fn ended(&self, job: &Job, end: JobEnd<'_>, took: Duration) {
        let _ = (job, end, took);
    }
}

/// How a run of a job ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum JobEnd<'a> {
    /// The job is done.
    Done,
    /// It failed, and comes back after a delay.
    Failed(&'a JobFailure),
    /// It failed for the last time, and is parked.
    Parked(&'a JobFailure),
    /// It went back into the queue and costs no try.
    PutBack(&'a JobFailure),
    /// It did not come to an end: it panicked, or this process stops. The queue has it still.
    Broken,
}

impl JobEnd<'_> {
    /// The word in logs and metrics.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Done => "done",
            Self::Failed(_) => "failed",
            Self::Parked(_) => "parked",
            Self::PutBack(_) => "put-back",
            Self::Broken => "broken",
        }
    }

    /// Why it is not done.
    pub fn failure(&self) -> Option<&JobFailure> {
        match self {
            Self::Failed(failure) | Self::Parked(failure) | Self::PutBack(failure) => Some(failure),
            Self::Done | Self::Broken => None,
        }
    }
}

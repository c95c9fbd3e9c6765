//! Doing a job.

use std::pin::Pin;

use super::{Job, JobFailure, Priority};

/// A future on the heap, so that a handler can stand behind a pointer.
pub type BoxFuture<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// Does jobs. A job may be run twice, and by two at once: what it writes makes the second run harmless.
pub trait JobHandler: Send + Sync + 'static {
    /// Does one job. What it enqueues in turn is to have its `priority`, so that somebody who waits for the end waits no
    /// longer on the way. A panic is a failure that counts.
    fn run(&self, job: Job, priority: Priority) -> BoxFuture<'_, Result<(), JobFailure>>;
}

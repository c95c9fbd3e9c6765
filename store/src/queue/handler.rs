//! Doing a job.

use std::pin::Pin;

use super::{Job, JobFailure};

/// A future on the heap, so that a handler can stand behind a pointer.
pub type BoxFuture<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// Does jobs. A job may be run twice, and by two at once: what it writes makes the second run harmless.
pub trait JobHandler: Send + Sync + 'static {
    /// Does one job. A panic is a failure that counts.
    fn run(&self, job: Job) -> BoxFuture<'_, Result<(), JobFailure>>;
}

//! What becomes of jobs, for logs and metrics.

use std::time::Duration;

use metrics::{counter, histogram};
use store::{Job, JobEnd};

use crate::service::metrics::names;

/// A run of a job has ended.
pub fn ended(job: &Job, end: JobEnd<'_>, took: Duration) {
    let (kind, outcome, seconds) = (job.kind().as_str(), end.as_str(), took.as_secs_f64());
    counter!(names::JOBS, "kind" => kind, "outcome" => outcome).increment(1);
    histogram!(names::JOB_SECONDS, "kind" => kind).record(seconds);
    match end {
        JobEnd::Done => tracing::info!(target: "abiscope::job", %job, outcome, seconds, "job done"),
        JobEnd::PutBack(why) => tracing::info!(target: "abiscope::job", %job, outcome, seconds, %why, "job put back"),
        JobEnd::Broken => tracing::info!(target: "abiscope::job", %job, outcome, seconds, "job broken off"),
        JobEnd::Failed(why) => tracing::warn!(target: "abiscope::job", %job, outcome, seconds, %why, "job failed"),
        JobEnd::Parked(why) => tracing::warn!(target: "abiscope::job", %job, outcome, seconds, %why, "job parked"),
    }
}

/// An sdist has come, whole and verified.
pub fn fetched(bytes: usize) {
    counter!(names::FETCHED_BYTES).increment(bytes as u64);
}

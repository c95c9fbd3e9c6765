//! The names of metrics, and what they mean.

use metrics::{Unit, describe_counter, describe_gauge, describe_histogram};

use crate::analysis::{CHILD_FAILURES, CHILDREN};

/// Runs of jobs.
pub const JOBS: &str = "abiscope_jobs_total";
/// Seconds of a run.
pub const JOB_SECONDS: &str = "abiscope_job_duration_seconds";
/// Bytes of sdists.
pub const FETCHED_BYTES: &str = "abiscope_fetched_bytes_total";
/// Requests to the index.
pub(super) const INDEX_REQUESTS: &str = "abiscope_index_requests_total";
/// Tries of pages and files.
pub(super) const INDEX_TRIES: &str = "abiscope_index_tries_total";
/// What runs.
pub(super) const BUILD: &str = "abiscope_build_info";

pub(super) const DATABASE_UP: &str = "abiscope_database_up";
pub(super) const DATABASE_BYTES: &str = "abiscope_database_bytes";
pub(super) const QUEUE: &str = "abiscope_queue_jobs";
pub(super) const QUEUE_FAILING: &str = "abiscope_queue_failing_jobs";
pub(super) const QUEUE_OLDEST: &str = "abiscope_queue_oldest_ready_seconds";
pub(super) const PROJECTS: &str = "abiscope_projects";
pub(super) const RELEASES: &str = "abiscope_releases";
pub(super) const FILES: &str = "abiscope_files";
pub(super) const NAMES: &str = "abiscope_index_names";
pub(super) const NAMES_UNREAD: &str = "abiscope_index_unread_names";
pub(super) const LISTING_AGE: &str = "abiscope_listing_age_seconds";
pub(super) const LISTING_REFUSED: &str = "abiscope_listing_refused";
pub(super) const SPACING: &str = "abiscope_budget_spacing_seconds";
pub(super) const AHEAD: &str = "abiscope_budget_ahead_seconds";
pub(super) const QUIET: &str = "abiscope_budget_quiet_seconds";
pub(super) const BUDGET_REQUESTS: &str = "abiscope_budget_requests_total";
pub(super) const CONNECTIONS: &str = "abiscope_budget_connections";
pub(super) const CONNECTIONS_TAKEN: &str = "abiscope_budget_connections_taken";
pub(super) const WORKERS: &str = "abiscope_workers";
pub(super) const ALARMS: &str = "abiscope_alarms";
pub(super) const CHANGED: &str = "abiscope_last_change_timestamp_seconds";

/// Says what the metrics of a process mean, once its recorder is there.
pub(super) fn describe_process() {
    describe_gauge!(BUILD, "1; its labels are the versions of what runs.");
    describe_counter!(JOBS, "Runs of jobs that ended in this process, by kind and outcome.");
    describe_histogram!(JOB_SECONDS, Unit::Seconds, "Time that runs of jobs took in this process.");
    describe_counter!(FETCHED_BYTES, Unit::Bytes, "Bytes of sdists that this process fetched and verified.");
    describe_counter!(CHILDREN, "Child processes that this process started to analyse in.");
    describe_counter!(CHILD_FAILURES, "Child processes that crashed, took too long or answered garbage.");
    describe_counter!(INDEX_REQUESTS, "Requests that this process sent to the index and its files hosts.");
    describe_counter!(INDEX_TRIES, "Tries of pages and files by this process, by how they ended.");
    describe_histogram!(
        store::MEMORY_SECONDS,
        Unit::Seconds,
        "Time that reading the survey into memory took: releases that stand, or the past."
    );
    describe_counter!(web::REQUESTS, "Answers of the dashboard, by method, route and status.");
    describe_histogram!(web::REQUEST_SECONDS, Unit::Seconds, "Time until an answer of the dashboard was ready.");
}

/// Says what the metrics of the whole deployment mean.
pub(super) fn describe_deployment() {
    describe_gauge!(
        DATABASE_UP,
        "1 if the database answered this scrape, else 0 and the deployment's metrics are missing."
    );
    describe_gauge!(DATABASE_BYTES, Unit::Bytes, "Size of the database.");
    describe_gauge!(QUEUE, "Jobs in the queue: ready, delayed, running or parked (out of tries).");
    describe_gauge!(QUEUE_FAILING, "Of the jobs that are ready or delayed, those that failed at least once.");
    describe_gauge!(QUEUE_OLDEST, Unit::Seconds, "For how long the job that is ready longest waits; 0 if none does.");
    describe_gauge!(PROJECTS, "Projects by state.");
    describe_gauge!(RELEASES, "Releases by state.");
    describe_gauge!(FILES, "Selected sdists by state.");
    describe_gauge!(NAMES, "Names that the index lists, or listed once and does not now.");
    describe_gauge!(NAMES_UNREAD, "Of the names that the index lists, those whose page was never read.");
    describe_gauge!(LISTING_AGE, Unit::Seconds, "Time since the last accepted listing of the index.");
    describe_gauge!(LISTING_REFUSED, "1 if the last listing of the index was not believed, else 0.");
    describe_gauge!(SPACING, Unit::Seconds, "Time between two requests of the whole deployment; 0: no limit.");
    describe_gauge!(AHEAD, Unit::Seconds, "How far requests are ahead: time until the next free slot.");
    describe_gauge!(QUIET, Unit::Seconds, "For how long the index wants not to be asked.");
    describe_counter!(BUDGET_REQUESTS, "Slots for requests given out to the whole deployment.");
    describe_gauge!(CONNECTIONS, "Connections to the index that the whole deployment may hold.");
    describe_gauge!(CONNECTIONS_TAKEN, "Of them, those that are held.");
    describe_gauge!(WORKERS, "Processes that said within the last minute that they are at work, by role.");
    describe_gauge!(ALARMS, "Alarms: what a person should look at.");
    describe_gauge!(CHANGED, Unit::Seconds, "When the survey was last changed, in seconds since 1970.");
}

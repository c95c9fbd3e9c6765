//! Look-ups: somebody waits for a project that was not read, or not lately.
//!
//! The job that is enqueued is a usual one in a hurry: whatever it enqueues itself inherits the hurry. What is refused is
//! decided from the tables alone, so that any number of servers refuse the same.

use std::time::Duration;

use chrono::{DateTime, Utc};
use packaging::ProjectName;
use sqlx::{query, query_scalar};

use super::failure::unwrapped;
use super::{Job, JobKind, NewJob, Priority};
use crate::{Error, ProjectState, Store, words};

/// A page that was read within this time is not read again for a look-up.
pub const READ_AGAIN_AFTER: Duration = Duration::from_hours(1);

/// A name that the index did not know within this time is not asked for again.
pub const NOT_FOUND_FOR: Duration = Duration::from_hours(24);

/// Jobs in a hurry that may wait at a time, in the whole deployment.
const WAITING: i64 = 200;

/// What became of a look-up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LookedUp {
    /// It is first in the queue, now or already.
    Queued,
    /// It was read within [`READ_AGAIN_AFTER`]: nothing is done.
    ReadLately,
    /// The index did not know it within [`NOT_FOUND_FOR`]: nothing is done.
    NotFoundLately,
    /// Too many look-ups wait; nothing is done.
    Full,
}

/// What a project's page says about reading it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct LookupState {
    /// The job that is next for it, the most urgent one.
    pub underway: Option<Underway>,
    /// Seconds since any worker was last seen; `None`: none was within a day.
    pub workers_silent_seconds: Option<i64>,
}

/// A job for a project that waits or runs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Underway {
    /// Reading its page, fetching its sdist, or analysing that.
    pub kind: JobKind,
    /// Somebody waits for it.
    pub in_a_hurry: bool,
    /// A worker is at it.
    pub running: bool,
    /// Seconds until it is due; 0: it is.
    pub due_seconds: i64,
    /// How often it was tried.
    pub tries: i16,
    /// What was said last, if a try failed; as [`crate::ParkedJob::last_error`].
    pub last_error: Option<String>,
    /// When it came into the queue.
    pub queued_at: DateTime<Utc>,
}

impl Store {
    /// Puts a project first in the queue, unless it was read or not found lately, or too many look-ups wait. Two at the
    /// same moment may exceed that bound by one.
    pub async fn look_up(&self, name: &ProjectName) -> Result<LookedUp, Error> {
        if self.lookup_state(name).await?.underway.is_some_and(|job| job.in_a_hurry) {
            return Ok(LookedUp::Queued);
        }
        let known = query!(
            r#"SELECT state, extract(epoch FROM now() - read_at)::float8 AS "age!" FROM projects WHERE name = $1"#,
            name.as_str(),
        )
        .fetch_optional(&self.pool)
        .await?;
        let lately = |age: f64, limit: Duration| age < limit.as_secs_f64();
        let is_new = match known {
            None => true,
            Some(row) if words::project_state(&row.state)? == ProjectState::NotFound => {
                if lately(row.age, NOT_FOUND_FOR) {
                    return Ok(LookedUp::NotFoundLately);
                }
                true
            }
            Some(row) => !lately(row.age, READ_AGAIN_AFTER),
        };
        if self.in_a_hurry().await? >= WAITING {
            return Ok(LookedUp::Full);
        }
        let job = NewJob::new(Job::ReadProject { name: name.clone() }, Priority::Interactive);
        // The page is fresh, but its sdist may still wait for its turn.
        let added = if is_new {
            self.enqueue(&[job]).await?
        } else {
            self.enqueue_project_files(name, Priority::Interactive).await?
        };
        if !is_new && added == 0 {
            return Ok(LookedUp::ReadLately);
        }
        // Pages that were made before do not say that it is under way.
        crate::write::commit(self.pool.begin().await?).await?;
        Ok(LookedUp::Queued)
    }

    /// Jobs in a hurry that wait, due or not.
    async fn in_a_hurry(&self) -> Result<i64, Error> {
        let count = query_scalar!(
            r#"SELECT count(*) AS "n!" FROM (SELECT FROM graphile_worker.jobs
                   WHERE priority < $1 AND locked_at IS NULL AND attempts < max_attempts LIMIT $2) waiting"#,
            Priority::Crawl.first(),
            WAITING,
        )
        .fetch_one(&self.pool)
        .await?;
        Ok(count)
    }

    /// What is under way for a project, and whether anybody is at work.
    pub async fn lookup_state(&self, name: &ProjectName) -> Result<LookupState, Error> {
        let row = query!(
            r#"SELECT j.kind AS "kind?", j.priority AS "priority?", j.running AS "running?", j.due AS "due?",
                   j.attempts AS "tries?", j.last_error AS "error?", j.created_at AS "queued_at?",
                   (SELECT extract(epoch FROM now() - max(seen_at))::bigint FROM presences) AS silent
               FROM (VALUES (1)) one (row) LEFT JOIN (
                   SELECT task_identifier AS kind, priority, locked_at IS NOT NULL AS running, attempts, last_error, created_at,
                       greatest(0, ceil(extract(epoch FROM run_at - now())))::bigint AS due
                   FROM graphile_worker.jobs
                   WHERE key = ANY (ARRAY(
                           SELECT 'read-project:' || $1
                           UNION ALL
                           SELECT step.kind || f.id
                           FROM projects p JOIN releases r ON r.project_id = p.id JOIN files f ON f.release_id = r.id
                               CROSS JOIN (VALUES ('fetch:'), ('analyse:')) step (kind)
                           WHERE p.name = $1 AND f.selected AND r.listed))
                       AND (locked_at IS NOT NULL OR attempts < max_attempts)
                   ORDER BY priority, locked_at NULLS LAST LIMIT 1
               ) j ON true"#,
            name.as_str(),
        )
        .fetch_one(&self.pool)
        .await?;
        let job = row.kind.as_deref().and_then(JobKind::from_word).zip(row.priority).zip(row.queued_at);
        let underway = job.map(|((kind, priority), queued_at)| Underway {
            kind,
            in_a_hurry: Priority::from_number(priority) == Priority::Interactive,
            running: row.running.unwrap_or(false),
            due_seconds: row.due.unwrap_or(0),
            tries: row.tries.unwrap_or(0),
            last_error: row.error.as_deref().map(unwrapped),
            queued_at,
        });
        Ok(LookupState { underway, workers_silent_seconds: row.silent })
    }
}

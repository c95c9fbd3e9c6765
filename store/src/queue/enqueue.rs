//! Putting jobs into the queue.

use serde_json::json;
use sqlx::query_scalar;

use super::{Job, NewJob};
use crate::{Error, Store};

/// Jobs of one statement: each key costs the server a lock until it ends.
const BATCH: usize = 1000;

impl Store {
    /// Enqueues jobs and returns how many are new or start anew. What happens to those that are there already is told
    /// at the head of this module. In batches, each on its own: after a failure some may be in the queue, and doing
    /// it again adds only the others. Of those of one priority the first given is done first.
    pub async fn enqueue(&self, jobs: &[NewJob]) -> Result<u64, Error> {
        let mut added = 0;
        for batch in jobs.chunks(BATCH) {
            added += self.enqueue_batch(batch).await?;
        }
        Ok(added)
    }

    /// The library would let a job that waits start anew, and give up one that runs; so only those that shall are
    /// handed to it. One that comes between the two is run once more, which is harmless. Jobs of one priority are taken
    /// by the time from which they may run, so each is given one of its own, a microsecond after the one before.
    async fn enqueue_batch(&self, jobs: &[NewJob]) -> Result<u64, Error> {
        let columns = Columns::of(jobs);
        let added = query_scalar!(
            r#"SELECT count(*) AS "added!" FROM graphile_worker.add_jobs(ARRAY(
                SELECT ROW(t.kind, t.payload::json, NULL, now() - (cardinality($1::text[]) - t.place) * interval '1 microsecond',
                    t.tries, t.key, t.priority, NULL)::graphile_worker.job_spec
                FROM (
                    SELECT DISTINCT ON (key) *
                    FROM unnest($1::text[], $2::text[], $3::text[], $4::int[], $5::int[], $6::boolean[]) WITH ORDINALITY
                        AS given (kind, key, payload, priority, tries, again, place)
                    ORDER BY key, priority, place
                ) t
                LEFT JOIN graphile_worker.jobs j ON j.key = t.key
                WHERE CASE
                    WHEN j.id IS NULL THEN true
                    WHEN j.locked_at IS NOT NULL OR j.attempts >= j.max_attempts THEN t.again
                    ELSE t.priority < j.priority
                END))"#,
            &columns.kinds,
            &columns.keys,
            &columns.payloads,
            &columns.priorities,
            &columns.tries,
            &columns.again,
        )
        .fetch_one(&self.pool)
        .await?;
        Ok(u64::try_from(added).unwrap_or(0))
    }
}

#[derive(Default)]
struct Columns {
    kinds: Vec<String>,
    keys: Vec<String>,
    payloads: Vec<String>,
    priorities: Vec<i32>,
    tries: Vec<i32>,
    again: Vec<bool>,
}

impl Columns {
    fn of(jobs: &[NewJob]) -> Self {
        let mut columns = Self::default();
        for NewJob { job, priority, tries } in jobs {
            columns.kinds.push(job.kind().as_str().to_owned());
            columns.keys.push(job.key());
            columns.payloads.push(payload(job).to_string());
            columns.priorities.push(priority.number(job.kind()).into());
            columns.tries.push((*tries).max(1).into());
            columns.again.push(job.kind().again());
        }
        columns
    }
}

/// What the job is about, as the queue keeps it.
fn payload(job: &Job) -> serde_json::Value {
    match job {
        Job::Refresh => json!({}),
        Job::ReadProject { name } => json!({ "name": name.as_str() }),
        Job::Fetch { file } | Job::Analyse { file } => json!({ "file": file.0 }),
    }
}

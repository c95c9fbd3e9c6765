//! Jobs that used up their tries.

use chrono::{DateTime, Utc};
use sqlx::{query, query_scalar};

use super::failure::unwrapped;
use super::{Job, JobKind};
use crate::{Error, Store, text};

/// A job that used up its tries.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, schemars::JsonSchema)]
pub struct ParkedJob {
    /// The job; in JSON its key.
    #[serde(serialize_with = "key")]
    #[schemars(with = "String")]
    pub job: Job,
    /// How often it was tried.
    pub tries: i16,
    /// What was said last: bounded, on one line, invisible characters spelled out.
    pub last_error: String,
    /// When it came into the queue.
    pub queued_at: DateTime<Utc>,
}

fn key<S: serde::Serializer>(job: &Job, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(job)
}

/// Which parked jobs; each part narrows it. The default is all of them.
#[derive(Debug, Clone, Default)]
pub struct RequeueFilter {
    /// Of this kind.
    pub kind: Option<JobKind>,
    /// This very one.
    pub job: Option<Job>,
    /// With this in its last error.
    pub error_contains: Option<String>,
}

impl RequeueFilter {
    fn kind(&self) -> Option<&'static str> {
        self.kind.map(JobKind::as_str)
    }

    fn key(&self) -> Option<String> {
        self.job.as_ref().map(Job::key)
    }

    fn error(&self) -> Option<String> {
        self.error_contains.as_deref().map(|text| text::clean(text).into_owned())
    }
}

impl Store {
    /// Parked jobs, oldest first, at most `limit`. Jobs of kinds that this binary does not know are left out.
    pub async fn parked(&self, filter: &RequeueFilter, limit: u32) -> Result<Vec<ParkedJob>, Error> {
        let rows = query!(
            r#"SELECT key AS "key!", attempts AS "attempts!", coalesce(last_error, '') AS "error!", created_at AS "created_at!"
               FROM graphile_worker.jobs
               WHERE key IS NOT NULL AND attempts >= max_attempts AND locked_at IS NULL
                 AND ($1::text IS NULL OR task_identifier = $1) AND ($2::text IS NULL OR key = $2)
                 AND ($3::text IS NULL OR strpos(last_error, $3) > 0)
               ORDER BY created_at, id LIMIT $4"#,
            filter.kind(),
            filter.key(),
            filter.error(),
            i64::from(limit),
        )
        .fetch_all(&self.pool)
        .await?;
        let parked = rows.into_iter().filter_map(|row| {
            let last_error = unwrapped(&row.error);
            Some(ParkedJob {
                job: Job::from_key(&row.key)?,
                tries: row.attempts,
                last_error,
                queued_at: row.created_at,
            })
        });
        Ok(parked.collect())
    }

    /// Gives parked jobs all their tries again, at once; returns how many.
    pub async fn requeue(&self, filter: &RequeueFilter) -> Result<u64, Error> {
        let count = query_scalar!(
            r#"SELECT count(*) AS "n!" FROM graphile_worker.reschedule_jobs(ARRAY(
                 SELECT id FROM graphile_worker.jobs
                 WHERE key IS NOT NULL AND attempts >= max_attempts AND locked_at IS NULL
                   AND ($1::text IS NULL OR task_identifier = $1) AND ($2::text IS NULL OR key = $2)
                   AND ($3::text IS NULL OR strpos(last_error, $3) > 0)), run_at := now(), attempts := 0)"#,
            filter.kind(),
            filter.key(),
            filter.error(),
        )
        .fetch_one(&self.pool)
        .await?;
        Ok(u64::try_from(count).unwrap_or(0))
    }
}

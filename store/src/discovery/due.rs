//! Which projects are to be read.

use chrono::NaiveDate;
use futures_util::TryStreamExt;
use futures_util::stream::BoxStream;
use packaging::ProjectName;
use sqlx::{query, query_scalar};

use crate::{Error, Job, NewJob, Priority, Store};

/// Jobs that are enqueued together while the list of what is due is read.
const BATCH: usize = 1000;

/// How many days a page is believed, whatever the serial says.
const DAYS: u32 = 30;

/// Asks about the projects that are due: of the names `$1`, or of all, pages being believed for `$2` days.
macro_rules! of_due {
    ($select:literal, $rest:literal, $($argument:expr),* $(,)?) => {
        query_scalar!(
            $select
                + "FROM (
                       SELECT coalesce(n.name, asked.name, p.name) AS name
                       FROM (SELECT name FROM unnest($1::text[]) AS t (name)) asked
                       FULL JOIN index_names n ON n.name = asked.name
                       FULL JOIN projects p ON p.name = coalesce(n.name, asked.name)
                       WHERE ($1::text[] IS NULL OR asked.name IS NOT NULL) AND (
                           p.id IS NULL
                           OR p.state = 'deferred'
                           OR p.state = 'listed' AND p.history IS DISTINCT FROM (SELECT history FROM history_policy)
                               AND EXISTS (SELECT FROM history_policy)
                           OR p.read_at < now() - make_interval(days => $2)
                           OR n.listed AND n.serial <> p.serial
                           OR n.changed_at > p.read_at AND (NOT n.listed OR p.serial IS NULL OR p.state <> 'listed'))
                   ) due "
                + $rest,
            $($argument),*
        )
    };
}

/// Which projects to look at, and when a page is too old.
#[derive(Debug, Clone)]
pub struct DueRules<'a> {
    /// Only these; listed or not.
    pub names: Option<&'a [ProjectName]>,
    /// Pages are read again after so many days whatever the serial says.
    pub days: u32,
}

impl Default for DueRules<'_> {
    /// All, and 30 days.
    fn default() -> Self {
        Self { names: None, days: DAYS }
    }
}

/// What was due.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Due {
    /// Projects to be read.
    pub due: u64,
    /// Of them, those that were not waiting already.
    pub enqueued: u64,
}

impl Store {
    /// Enqueues the reading of every project that is due: never read; its serial differs from that of its recorded page;
    /// put off; come or gone since its page was read; read with another policy for old releases than the one in force; or
    /// not read for 30 days. Widely used ones first, by the newest top
    /// list. Follows from the tables alone and can be repeated at any time.
    pub async fn enqueue_due(&self, rules: &DueRules<'_>) -> Result<Due, Error> {
        let names = rules.names.map(|names| names.iter().map(|name| name.as_str().to_owned()).collect::<Vec<_>>());
        let month = self.newest_month().await?;
        let mut done = Due::default();
        let mut batch = Vec::with_capacity(BATCH);
        let mut rows = self.due(names.as_deref(), month, rules.days);
        while let Some(name) = rows.try_next().await? {
            let name = name.parse().map_err(|_| Error::Damaged(format!("{name:?} is not a project's name")))?;
            batch.push(NewJob::new(Job::ReadProject { name }, Priority::Crawl));
            if batch.len() == BATCH {
                done = self.due_enqueued(done, &mut batch).await?;
            }
        }
        let done = self.due_enqueued(done, &mut batch).await?;
        if done.enqueued >= BATCH as u64 {
            // The planner knows the queue as it was before: for an empty one it would read all of it for each job.
            query!("ANALYZE graphile_worker._private_jobs").execute(&self.pool).await?;
        }
        Ok(done)
    }

    async fn due_enqueued(&self, done: Due, batch: &mut Vec<NewJob>) -> Result<Due, Error> {
        let enqueued = done.enqueued + self.enqueue(batch).await?;
        let due = done.due + batch.len() as u64;
        batch.clear();
        Ok(Due { due, enqueued })
    }

    async fn newest_month(&self) -> Result<Option<NaiveDate>, Error> {
        Ok(query_scalar!("SELECT max(month) FROM project_downloads").fetch_one(&self.pool).await?)
    }

    /// How many projects are due, of all.
    pub(crate) async fn due_count(&self) -> Result<i64, Error> {
        let days = i32::try_from(DAYS).unwrap_or(i32::MAX);
        let everybody: Option<&[String]> = None;
        Ok(of_due!(r#"SELECT count(*) AS "n!" "#, "", everybody, days).fetch_one(&self.pool).await?)
    }

    /// Names that are due. A page without a serial counts as read if it was read after the listing's last news of it.
    fn due<'a>(
        &'a self,
        names: Option<&[String]>,
        month: Option<NaiveDate>,
        days: u32,
    ) -> BoxStream<'a, Result<String, sqlx::Error>> {
        let days = i32::try_from(days).unwrap_or(i32::MAX);
        Box::pin(
            of_due!(
                r#"SELECT due.name AS "name!" "#,
                "LEFT JOIN project_downloads d ON d.name = due.name AND d.month = $3 ORDER BY d.rank NULLS LAST, due.name",
                names,
                days,
                month,
            )
            .fetch(&self.pool),
        )
    }
}

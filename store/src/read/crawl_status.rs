//! The crawl for `abiscope status`, the status page and metrics.

use std::collections::BTreeMap;
use std::time::Duration;

use chrono::{DateTime, Utc};
use sqlx::{query, query_as, query_scalar};

use crate::{Error, LastListing, NameCounts, Seen, Store};

/// Jobs of one kind.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, serde::Serialize, schemars::JsonSchema)]
pub struct QueueDepth {
    /// Waiting, and due.
    pub ready: i64,
    /// Waiting for their time: after a failure, or because the index wants quiet.
    pub delayed: i64,
    /// Of those that wait, due or not: failed at least once.
    pub failing: i64,
    /// Running.
    pub running: i64,
    /// Out of tries.
    pub parked: i64,
}

/// What one index may be asked.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, schemars::JsonSchema)]
pub struct BudgetState {
    /// The index.
    pub index: String,
    /// Milliseconds between two requests; 0: no limit.
    pub spacing_ms: i64,
    /// Milliseconds until the next free slot: how far requests are ahead.
    pub ahead_ms: i64,
    /// Seconds for which the index wants quiet.
    pub quiet_seconds: i64,
    /// Slots given out since the budget was first set.
    pub requests: i64,
    /// Connections allowed.
    pub connections: i64,
    /// Of them taken.
    pub connections_taken: i64,
}

/// What was done within the last hour.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, serde::Serialize, schemars::JsonSchema)]
pub struct LastHour {
    /// Projects whose page was read.
    pub read: i64,
    /// Files that were stored.
    pub fetched: i64,
    /// Reports that were stored.
    pub analysed: i64,
}

/// The crawl.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize, schemars::JsonSchema)]
pub struct CrawlStatus {
    /// Jobs by kind.
    pub queue: BTreeMap<String, QueueDepth>,
    /// Seconds until the first of the jobs that wait for their time is due.
    pub next_due_seconds: Option<i64>,
    /// Since when the job that is due longest waits.
    pub oldest_ready: Option<DateTime<Utc>>,
    /// Budgets, by index.
    pub budgets: Vec<BudgetState>,
    /// The last listing, and the last accepted one where it is another.
    pub listings: Vec<LastListing>,
    /// Names of the index.
    pub names: NameCounts,
    /// The last hour.
    pub last_hour: LastHour,
    /// Who was seen within the last day, the latest first.
    pub workers: Vec<Seen>,
    /// Alarms that nobody cleared.
    pub alarms: i64,
}

impl Store {
    /// The crawl's part of the status.
    pub async fn crawl_status(&self) -> Result<CrawlStatus, Error> {
        let (queue, oldest_ready, next_due_seconds) = self.queue_depths().await?;
        let (last_hour, alarms) = self.last_hour().await?;
        Ok(CrawlStatus {
            queue,
            next_due_seconds,
            oldest_ready,
            budgets: self.budget_states().await?,
            listings: self.last_listings().await?,
            names: self.name_counts().await?,
            last_hour,
            workers: self.presences().await?,
            alarms,
        })
    }

    /// How far the crawl is: of its status the queue and the budgets only. Counts every job that waits, so it costs what
    /// the queue is long.
    pub async fn crawl_progress(&self) -> Result<CrawlStatus, Error> {
        let (queue, oldest_ready, next_due_seconds) = self.queue_depths().await?;
        let budgets = self.budget_states().await?;
        Ok(CrawlStatus { queue, next_due_seconds, oldest_ready, budgets, ..CrawlStatus::default() })
    }

    /// Whether no job runs, and none can be done now or within `soon`. Looks no further than to the first one, however
    /// many wait.
    pub async fn is_at_rest(&self, soon: Duration) -> Result<bool, Error> {
        let at_rest = query_scalar!(
            r#"SELECT NOT EXISTS (SELECT FROM graphile_worker.jobs WHERE locked_at IS NOT NULL
                 OR attempts < max_attempts AND run_at <= now() + make_interval(secs => $1)) AS "at_rest!""#,
            soon.as_secs_f64(),
        )
        .fetch_one(&self.pool)
        .await?;
        Ok(at_rest)
    }

    /// By kind; the oldest that is ready; the seconds until the next one.
    async fn queue_depths(&self) -> Result<(BTreeMap<String, QueueDepth>, Option<DateTime<Utc>>, Option<i64>), Error> {
        let rows = query!(
            r#"SELECT task_identifier AS "kind!",
                   count(*) FILTER (WHERE waits AND run_at <= now()) AS "ready!",
                   count(*) FILTER (WHERE waits AND run_at > now()) AS "delayed!",
                   count(*) FILTER (WHERE waits AND attempts > 0) AS "failing!",
                   count(*) FILTER (WHERE locked_at IS NOT NULL) AS "running!",
                   count(*) FILTER (WHERE key IS NOT NULL AND locked_at IS NULL AND attempts >= max_attempts) AS "parked!",
                   min(run_at) FILTER (WHERE waits AND run_at <= now()) AS oldest,
                   ceil(extract(epoch FROM min(run_at) FILTER (WHERE waits AND run_at > now()) - now()))::bigint AS next
               FROM (SELECT *, locked_at IS NULL AND attempts < max_attempts AS waits FROM graphile_worker.jobs) j
               GROUP BY task_identifier"#
        )
        .fetch_all(&self.pool)
        .await?;
        let oldest = rows.iter().filter_map(|row| row.oldest).min();
        let next = rows.iter().filter_map(|row| row.next).min();
        let depths = rows.into_iter().map(|row| {
            let depth = QueueDepth {
                ready: row.ready,
                delayed: row.delayed,
                failing: row.failing,
                running: row.running,
                parked: row.parked,
            };
            (row.kind, depth)
        });
        Ok((depths.collect(), oldest, next))
    }

    async fn budget_states(&self) -> Result<Vec<BudgetState>, Error> {
        let states = query_as!(
            BudgetState,
            r#"SELECT b.index, (extract(epoch FROM b.spacing) * 1000)::bigint AS "spacing_ms!",
                   CASE WHEN b.next_at > now() THEN (extract(epoch FROM b.next_at - now()) * 1000)::bigint ELSE 0 END AS "ahead_ms!",
                   CASE WHEN b.blocked_until > now() THEN ceil(extract(epoch FROM b.blocked_until - now()))::bigint ELSE 0 END
                       AS "quiet_seconds!",
                   b.requests, b.connections::bigint AS "connections!",
                   (SELECT count(*) FROM connection_slots c WHERE c.index = b.index AND c.taken_until > now()) AS "connections_taken!"
               FROM request_budgets b ORDER BY b.index"#
        )
        .fetch_all(&self.pool)
        .await?;
        Ok(states)
    }

    async fn last_hour(&self) -> Result<(LastHour, i64), Error> {
        let row = query!(
            r#"SELECT (SELECT count(*) FROM projects WHERE read_at > now() - interval '1 hour') AS "read!",
                   (SELECT count(*) FROM files WHERE fetched_at > now() - interval '1 hour') AS "fetched!",
                   (SELECT count(*) FROM reports WHERE analysed_at > now() - interval '1 hour') AS "analysed!",
                   (SELECT count(*) FROM alarms) AS "alarms!""#
        )
        .fetch_one(&self.pool)
        .await?;
        Ok((LastHour { read: row.read, fetched: row.fetched, analysed: row.analysed }, row.alarms))
    }
}

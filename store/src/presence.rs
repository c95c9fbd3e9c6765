//! Who is at work.

use std::time::Duration;

use chrono::{DateTime, Utc};
use sqlx::{query, query_as};

use crate::{Error, Store, text};

/// A process that says now and then that it is there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Presence {
    /// Made up by the process, another one each time it starts.
    pub id: String,
    /// `crawl`, `work` or `serve`.
    pub role: String,
    /// The machine and the process on it, for people.
    pub host: String,
    /// Versions of abiscope and its analyzer, for people.
    pub version: String,
}

/// Somebody seen at work.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, schemars::JsonSchema)]
pub struct Seen {
    /// `crawl`, `work` or `serve`.
    pub role: String,
    /// The machine and the process on it.
    pub host: String,
    /// Its versions.
    pub version: String,
    /// When it came.
    pub started_at: DateTime<Utc>,
    /// When it last said that it is there.
    pub seen_at: DateTime<Utc>,
    /// Seconds since then, by the database's clock.
    pub silent_seconds: i64,
}

/// Silence in seconds after which nobody counts as being at work: who works says so every 30 seconds.
pub const SILENCE: i64 = 60;

impl Seen {
    /// Whether it said within the last minute that it is there.
    pub const fn is_at_work(&self) -> bool {
        self.silent_seconds < SILENCE
    }
}

impl Store {
    /// Says that a process is there. Those that were silent for a day are forgotten.
    pub async fn present(&self, presence: &Presence) -> Result<(), Error> {
        query!(
            "WITH forgotten AS (DELETE FROM presences WHERE seen_at < now() - interval '1 day' AND id <> $1)
             INSERT INTO presences (id, role, host, version) VALUES ($1, $2, $3, $4)
             ON CONFLICT (id) DO UPDATE SET seen_at = now()",
            &*text::key(&presence.id),
            &*text::clean(&presence.role),
            &*text::clean(&presence.host),
            &*text::clean(&presence.version),
        )
        .execute(&self.pool)
        .await?;
        Ok(())
    }

    /// Says that a process has left.
    pub async fn left(&self, presence: &Presence) -> Result<(), Error> {
        query!("DELETE FROM presences WHERE id = $1", &*text::key(&presence.id)).execute(&self.pool).await?;
        Ok(())
    }

    /// Who was seen within the last day, the latest first.
    pub async fn presences(&self) -> Result<Vec<Seen>, Error> {
        let seen = query_as!(
            Seen,
            r#"SELECT role, host, version, started_at, seen_at,
                   extract(epoch FROM now() - seen_at)::bigint AS "silent_seconds!"
               FROM presences WHERE seen_at >= now() - interval '1 day' ORDER BY seen_at DESC, id LIMIT 1000"#
        )
        .fetch_all(&self.pool)
        .await?;
        Ok(seen)
    }

    /// Says again and again that a process is there, until it is dropped.
    pub async fn stay_present(self, presence: Presence, every: Duration) {
        loop {
            if let Err(error) = self.present(&presence).await {
                tracing::debug!("saying that this process is there: {error}");
            }
            tokio::time::sleep(every).await;
        }
    }
}

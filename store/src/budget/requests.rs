//! Turns: one slot of time for each request.

use std::time::Duration;

use chrono::{DateTime, Utc};
use sqlx::{query, query_scalar};

use crate::{Error, Store};

/// The longest time an index is left in peace because it said so.
const LONGEST_BLOCK: Duration = Duration::from_hours(1);

/// A slot of time that nobody else has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Reservation {
    /// How long to wait for it, counted from the answer of the database.
    pub wait: Duration,
    /// When it is, by the database's clock.
    pub at: DateTime<Utc>,
}

impl Store {
    /// Reserves the next free slot of `index`: after all that were given out before, and not before the index wants to
    /// be asked again. Who had to wait asks once more whether it was blocked meanwhile: [`Store::request_turn`] does.
    pub async fn reserve_request(&self, index: &str) -> Result<Reservation, Error> {
        // What waits for the row sees it as the one before left it; clock_timestamp() is read after that.
        let slot = query!(
            r#"UPDATE request_budgets
               SET next_at = greatest(next_at, blocked_until, clock_timestamp()) + spacing, requests = requests + 1
               WHERE index = $1
               RETURNING next_at - spacing AS "at!",
                   greatest(0, extract(epoch FROM next_at - spacing - clock_timestamp()))::float8 AS "wait!""#,
            index,
        )
        .fetch_optional(&self.pool)
        .await?
        .ok_or_else(|| Error::NoBudget(index.to_owned()))?;
        Ok(Reservation { wait: seconds(slot.wait), at: slot.at })
    }

    /// Waits until it is this caller's turn to ask `index` once. A turn that falls into a time of quiet that was asked
    /// for later is given up for one after it.
    pub async fn request_turn(&self, index: &str) -> Result<(), Error> {
        loop {
            let Reservation { wait, .. } = self.reserve_request(index).await?;
            if wait.is_zero() {
                return Ok(());
            }
            tokio::time::sleep(wait).await;
            if self.quiet_for(index).await?.is_zero() {
                return Ok(());
            }
        }
    }

    /// How long `index` wants not to be asked.
    pub async fn quiet_for(&self, index: &str) -> Result<Duration, Error> {
        let wait = query_scalar!(
            r#"SELECT greatest(0, extract(epoch FROM greatest(blocked_until, now()) - clock_timestamp()))::float8 AS "wait!"
               FROM request_budgets WHERE index = $1"#,
            index,
        )
        .fetch_optional(&self.pool)
        .await?
        .ok_or_else(|| Error::NoBudget(index.to_owned()))?;
        Ok(seconds(wait))
    }

    /// `index` asked to be left in peace for so long (Retry-After, at most an hour): nobody asks it before. Never
    /// shortens what was asked for earlier.
    pub async fn block_requests(&self, index: &str, rest: Duration) -> Result<(), Error> {
        let known = query!(
            "UPDATE request_budgets
             SET blocked_until = greatest(blocked_until, clock_timestamp() + make_interval(secs => $2)) WHERE index = $1",
            index,
            rest.min(LONGEST_BLOCK).as_secs_f64(),
        )
        .execute(&self.pool)
        .await?
        .rows_affected();
        if known == 0 { Err(Error::NoBudget(index.to_owned())) } else { Ok(()) }
    }
}

fn seconds(seconds: f64) -> Duration {
    Duration::try_from_secs_f64(seconds).unwrap_or_default()
}

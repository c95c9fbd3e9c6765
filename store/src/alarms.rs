//! What a person should look at.

use chrono::{DateTime, Utc};
use sqlx::{Postgres, Transaction, query, query_as};

use crate::{Error, Store, text};

/// A listing was not believed.
pub(crate) const LISTING_REFUSED: &str = "listing-refused";

/// Something that should not have happened.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, schemars::JsonSchema)]
pub struct Alarm {
    /// `file-content-changed`: a file name came back with another hash. `listing-refused`: a listing was not believed.
    pub kind: String,
    /// To what it happened.
    pub subject: String,
    /// The last occasion, in a sentence.
    pub detail: String,
    /// How often.
    pub times: i64,
    /// When first.
    pub first_at: DateTime<Utc>,
    /// When last.
    pub last_at: DateTime<Utc>,
}

impl Store {
    /// Alarms, the latest first, at most 100.
    pub async fn alarms(&self) -> Result<Vec<Alarm>, Error> {
        let alarms = query_as!(
            Alarm,
            "SELECT kind, subject, detail, times, first_at, last_at FROM alarms ORDER BY last_at DESC, kind, subject LIMIT 100"
        )
        .fetch_all(&self.pool)
        .await?;
        Ok(alarms)
    }

    /// Clears alarms, of one kind or of all, with this in their subject or any, and returns them, the latest first: one
    /// that came meanwhile is among them, or stays.
    pub async fn alarms_cleared(&self, kind: Option<&str>, about: Option<&str>) -> Result<Vec<Alarm>, Error> {
        let about = about.map(text::clean);
        let mut alarms = query_as!(
            Alarm,
            "DELETE FROM alarms WHERE ($1::text IS NULL OR kind = $1) AND ($2::text IS NULL OR strpos(subject, $2) > 0)
             RETURNING kind, subject, detail, times, first_at, last_at",
            kind,
            about.as_deref(),
        )
        .fetch_all(&self.pool)
        .await?;
        alarms.sort_by_key(|alarm| std::cmp::Reverse(alarm.last_at));
        Ok(alarms)
    }
}

/// Raises an alarm, or counts one that was raised before.
pub(crate) async fn raise(
    tx: &mut Transaction<'_, Postgres>,
    kind: &str,
    subject: &str,
    detail: &str,
) -> Result<(), Error> {
    tracing::warn!(kind, subject, detail, "alarm");
    query!(
        "INSERT INTO alarms AS a (kind, subject, detail) VALUES ($1, $2, $3)
         ON CONFLICT (kind, subject) DO UPDATE SET detail = excluded.detail, times = a.times + 1, last_at = now()",
        kind,
        &*text::key(subject),
        &*text::clean(detail),
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

//! Discovery for the status page.

use chrono::{DateTime, Utc};
use sqlx::query_as;

use crate::{Error, Store};

/// The last listing, accepted or refused.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, schemars::JsonSchema)]
pub struct LastListing {
    /// The index.
    pub index: String,
    /// When.
    pub read_at: DateTime<Utc>,
    /// Its own serial, if the index gives one.
    pub last_serial: Option<i64>,
    /// Names in it.
    pub names: i64,
    /// Not listed before.
    pub appeared: i64,
    /// With another serial than before.
    pub changed: i64,
    /// Listed before, and not now.
    pub gone: i64,
    /// Why nothing was changed by it; `None`: it was accepted.
    pub refused: Option<String>,
}

/// How far discovery got.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, serde::Serialize, schemars::JsonSchema)]
pub struct NameCounts {
    /// Names that the index lists.
    pub listed: i64,
    /// Of them, those whose page was never read.
    pub unread: i64,
    /// Names that were listed once and are not now.
    pub gone: i64,
}

impl Store {
    /// The last listing, and the last one that was accepted, where it is another.
    pub(crate) async fn last_listings(&self) -> Result<Vec<LastListing>, Error> {
        let listings = query_as!(
            LastListing,
            "SELECT index, read_at, last_serial, names, appeared, changed, gone, refused FROM listings
             WHERE id IN ((SELECT max(id) FROM listings), (SELECT max(id) FROM listings WHERE refused IS NULL))
             ORDER BY id DESC"
        );
        let rows = listings.fetch_all(&self.pool).await?;
        Ok(rows)
    }

    pub(crate) async fn name_counts(&self) -> Result<NameCounts, Error> {
        let counts = query_as!(
            NameCounts,
            r#"SELECT count(*) FILTER (WHERE n.listed) AS "listed!",
                   count(*) FILTER (WHERE n.listed AND p.id IS NULL) AS "unread!",
                   count(*) FILTER (WHERE NOT n.listed) AS "gone!"
               FROM index_names n LEFT JOIN projects p ON p.name = n.name"#
        )
        .fetch_one(&self.pool)
        .await?;
        Ok(counts)
    }
}

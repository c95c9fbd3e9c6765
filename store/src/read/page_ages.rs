//! How fresh the survey is.

use chrono::{DateTime, Utc};
use sqlx::query;

use crate::{Error, Store};

/// How old the pages of projects are that were read.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize, schemars::JsonSchema)]
pub struct PageAges {
    /// Projects whose page was read, or asked for in vain.
    pub read: i64,
    /// When the one that waits longest was.
    pub oldest: Option<DateTime<Utc>>,
    /// Half of them were later.
    pub median: Option<DateTime<Utc>>,
    /// Projects that are to be read now, those never read included.
    pub due: i64,
}

impl Store {
    pub(crate) async fn page_ages(&self) -> Result<PageAges, Error> {
        let row = query!(
            r#"SELECT count(*) AS "read!", min(read_at) AS oldest,
                   percentile_disc(0.5) WITHIN GROUP (ORDER BY read_at) AS median
               FROM projects"#
        )
        .fetch_one(&self.pool)
        .await?;
        Ok(PageAges { read: row.read, oldest: row.oldest, median: row.median, due: self.due_count().await? })
    }
}

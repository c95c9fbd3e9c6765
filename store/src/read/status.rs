//! Counts and the data version.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use sqlx::{query, query_scalar};

use super::{CrawlStatus, PageAges};
use crate::{Alarm, Error, ParkedJob, RequeueFilter, Store};

/// Counts for `abiscope status` and the status page.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize, schemars::JsonSchema)]
pub struct Status {
    /// The database's clock when this was asked: ages are counted from here.
    pub at: DateTime<Utc>,
    /// The schema of the database.
    pub schema: i64,
    /// Projects by state.
    pub projects: BTreeMap<String, i64>,
    /// Releases by state.
    pub releases: BTreeMap<String, i64>,
    /// Selected files by state.
    pub files: BTreeMap<String, i64>,
    /// Bytes of Postgres.
    pub database_bytes: i64,
    /// When anything was last written.
    pub updated_at: Option<DateTime<Utc>>,
    /// Queue, budgets, discovery and workers.
    pub crawl: CrawlStatus,
    /// How old the pages are that were read.
    pub pages: PageAges,
    /// The first of the jobs that ran out of tries.
    pub parked: Vec<ParkedJob>,
    /// What a person should look at, the latest first.
    pub alarms: Vec<Alarm>,
    /// The hosts beyond its own that files may come from, by index.
    pub file_hosts: BTreeMap<String, Vec<String>>,
}

/// Parked jobs that are shown.
const PARKED: u32 = 20;

impl Store {
    /// Counts, and how the crawl stands.
    pub async fn status(&self) -> Result<Status, Error> {
        Ok(Status {
            crawl: self.crawl_status().await?,
            pages: self.page_ages().await?,
            parked: self.parked(&RequeueFilter::default(), PARKED).await?,
            alarms: self.alarms().await?,
            file_hosts: self.all_file_hosts().await?,
            ..self.counts().await?
        })
    }

    /// Counts only; the crawl is left out.
    pub(crate) async fn counts(&self) -> Result<Status, Error> {
        let rows = query!(
            r#"SELECT 'project' AS "of!", state AS "state!", count(*) AS "count!" FROM projects GROUP BY state
               UNION ALL SELECT 'release', state, count(*) FROM releases GROUP BY state
               UNION ALL SELECT 'file', state, count(*) FROM files WHERE selected GROUP BY state"#
        )
        .fetch_all(&self.pool)
        .await?;
        let facts = query!(
            r#"SELECT now() AS "now!", (SELECT max(version) FROM schema_versions) AS "schema!",
                   pg_database_size(current_database()) AS "bytes!",
                   (SELECT max(changed_at) FROM data_changes) AS updated_at"#
        )
        .fetch_one(&self.pool)
        .await?;
        let mut status = Status {
            at: facts.now,
            schema: facts.schema,
            database_bytes: facts.bytes,
            updated_at: facts.updated_at,
            ..Status::default()
        };
        for row in rows {
            let counts = match row.of.as_str() {
                "project" => &mut status.projects,
                "release" => &mut status.releases,
                _ => &mut status.files,
            };
            counts.insert(row.state, row.count);
        }
        Ok(status)
    }

    /// A number that moves with every change of the data: the ground of ETags. To be read before the data: what is then
    /// read is as new as the number says, or newer.
    pub async fn data_version(&self) -> Result<i64, Error> {
        let version =
            query_scalar!(r#"SELECT sum(changes)::bigint AS "n!" FROM data_changes"#).fetch_one(&self.pool).await?;
        Ok(version)
    }
}

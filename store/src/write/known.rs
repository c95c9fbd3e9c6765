//! What is known of a project's page, for reading it again.

use std::time::Duration;

use chrono::{DateTime, Utc};
use packaging::ProjectName;
use sqlx::query;

use super::commit;
use crate::{Error, Sha256, Store, text};

/// What is known of a project from its page as it was last recorded. The default knows nothing.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct KnownPage {
    /// Its ETag.
    pub etag: Option<String>,
    /// Hash of what it said.
    pub digest: Option<Sha256>,
    /// Its serial.
    pub serial: Option<i64>,
    /// The serial that the last listing gives for the project.
    pub serial_listed: Option<i64>,
    /// Whether any file of it is recorded that was not withdrawn.
    pub has_files: bool,
    /// How long ago it was first seen without them, by the database's clock.
    pub without_files_since: Option<Duration>,
    /// The database's clock when this was looked up (see [`Store::asked_now`]), for what is asked for next.
    pub now: DateTime<Utc>,
}

impl Store {
    /// What is known of the page of `name`. Of a project that is in any state but `listed`, nothing: its page is to be
    /// recorded whatever it says.
    pub async fn page_known(&self, name: &ProjectName) -> Result<KnownPage, Error> {
        let row = query!(
            r#"SELECT p.etag, p.page_digest, p.serial, n.serial AS "serial_listed?", p.state AS "state?",
                   extract(epoch FROM now() - p.emptied_at)::float8 AS empty_seconds, clock_timestamp() AS "now!",
                   EXISTS (SELECT FROM releases r JOIN files f ON f.release_id = r.id
                       WHERE r.project_id = p.id AND f.listed) AS "has_files!"
               FROM (SELECT $1::text AS name) asked
               LEFT JOIN projects p ON p.name = asked.name LEFT JOIN index_names n ON n.name = asked.name"#,
            name.as_str(),
        )
        .fetch_one(&self.pool)
        .await?;
        let is_listed = row.state.as_deref() == Some("listed");
        let digest = row.page_digest.as_deref().map(Sha256::from_column).transpose()?;
        Ok(KnownPage {
            etag: row.etag.filter(|_| is_listed),
            digest: digest.filter(|_| is_listed),
            serial: row.serial,
            serial_listed: row.serial_listed,
            has_files: row.has_files,
            without_files_since: row.empty_seconds.map(|seconds| Duration::from_secs_f64(seconds.max(0.0))),
            now: row.now,
        })
    }

    /// The page, asked for at `asked`, says what is recorded already, perhaps under another serial and ETag.
    pub async fn page_unchanged(
        &self,
        name: &ProjectName,
        serial: Option<i64>,
        etag: Option<&str>,
        asked: DateTime<Utc>,
    ) -> Result<(), Error> {
        let mut tx = self.pool.begin().await?;
        let etag = etag.map(text::clean);
        query!(
            "UPDATE projects SET serial = greatest(serial, $2), etag = coalesce($3, etag), read_at = now(),
                 asked_at = greatest(asked_at, $4), emptied_at = NULL
             WHERE name = $1",
            name.as_str(),
            serial,
            etag.as_deref(),
            asked,
        )
        .execute(&mut *tx)
        .await?;
        commit(tx).await
    }

    /// The page has lost all its files, which is not believed yet.
    pub async fn page_emptied(&self, name: &ProjectName) -> Result<(), Error> {
        query!("UPDATE projects SET emptied_at = coalesce(emptied_at, now()) WHERE name = $1", name.as_str())
            .execute(&self.pool)
            .await?;
        Ok(())
    }
}

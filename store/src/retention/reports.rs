//! Reports of older analyzers.

use std::time::Duration;

use sqlx::{query, query_scalar};

use super::{BATCH, Removed, Run};
use crate::write::commit;
use crate::{Error, Store};

impl Store {
    /// Removes the reports that only older versions gave, `age` after this version answered for the same files. What
    /// something frozen names is kept, and so is what a newer version said, whose program may run beside this one.
    pub async fn old_reports_removed(&self, age: Duration, run: Run) -> Result<Removed, Error> {
        let (mut removed, mut after) = (Removed::default(), 0);
        loop {
            let batch = self.old_reports(age, after).await?;
            let Some(last) = batch.last() else { return Ok(removed) };
            after = *last;
            removed.count += match run {
                Run::Dry => batch.len() as u64,
                Run::Real => self.reports_removed(&batch).await?,
            };
        }
    }

    async fn old_reports(&self, age: Duration, after: i32) -> Result<Vec<i32>, Error> {
        let ids = query_scalar!(
            "SELECT rep.id FROM reports rep
             WHERE rep.id > $1
               AND EXISTS (SELECT FROM report_versions said WHERE said.report_id = rep.id)
               AND NOT EXISTS (SELECT FROM report_versions said WHERE said.report_id = rep.id
                   AND (((version_key(said.analyzer_version), version_key(said.capi_version))
                       < (version_key($2), version_key($3))) IS NOT TRUE
                     OR NOT EXISTS (SELECT FROM report_versions mine WHERE mine.file_id = said.file_id
                         AND mine.report_id <> rep.id AND mine.analyzer_version = $2 AND mine.capi_version = $3
                         AND mine.said_at <= now() - make_interval(secs => $4))))
               AND NOT EXISTS (SELECT FROM kept_reports kept WHERE kept.report_id = rep.id)
             ORDER BY rep.id LIMIT $5",
            after,
            analyzer::ANALYZER_VERSION,
            capi::DATA_VERSION,
            age.as_secs_f64(),
            i64::from(BATCH),
        )
        .fetch_all(&self.pool)
        .await?;
        Ok(ids)
    }

    /// Removes them, but for those that were named since they were found.
    async fn reports_removed(&self, ids: &[i32]) -> Result<u64, Error> {
        let mut tx = self.pool.begin().await?;
        let removed = query!(
            "DELETE FROM reports rep WHERE rep.id = ANY($1)
               AND NOT EXISTS (SELECT FROM kept_reports kept WHERE kept.report_id = rep.id)",
            ids,
        )
        .execute(&mut *tx)
        .await?;
        commit(tx).await?;
        Ok(removed.rows_affected())
    }
}

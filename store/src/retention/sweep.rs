//! Blobs that nobody names: put by a worker that was killed before it said so, or named by a row that moved on.

use std::time::Duration;

use chrono::{DateTime, Utc};
use futures_util::TryStreamExt;
use sqlx::{PgConnection, query_scalar};

use super::{BATCH, Removed, Run};
use crate::write::nobody_names;
use crate::{BlobEntry, Error, Sha256, Store};

/// Blobs that are deleted while everybody who wants to name one waits: some hundredths of a second each, in S3.
const LOCKED: usize = 16;

impl Store {
    /// Deletes the blobs that were put more than `age` ago and that no row names, and what killed puts left behind.
    pub async fn orphans_swept(&self, age: Duration, run: Run) -> Result<Removed, Error> {
        let before = query_scalar!(r#"SELECT now() - make_interval(secs => $1) AS "t!""#, age.as_secs_f64())
            .fetch_one(&self.pool)
            .await?;
        let (mut removed, mut batch) = (Removed::default(), Vec::new());
        let mut entries = self.blobs.list();
        while let Some(entry) = entries.try_next().await? {
            if entry.put_at <= before {
                batch.push(entry);
            }
            if batch.len() >= usize::from(BATCH) {
                self.batch_swept(&std::mem::take(&mut batch), before, run, &mut removed).await?;
            }
        }
        self.batch_swept(&batch, before, run, &mut removed).await?;
        for half in self.blobs.leftovers(before).await? {
            // A put that takes this long is dead; what another sweep removed first is not counted twice.
            if run == Run::Dry || tokio::fs::remove_file(&half.path).await.is_ok() {
                removed.add(half.size);
            }
        }
        Ok(removed)
    }

    async fn batch_swept(
        &self,
        batch: &[BlobEntry],
        before: DateTime<Utc>,
        run: Run,
        removed: &mut Removed,
    ) -> Result<(), Error> {
        let keys: Vec<Sha256> = batch.iter().map(|entry| entry.key).collect();
        // A look without the lock first: nearly every blob is named, and nobody shall wait for that.
        let suspects = unnamed(&mut *self.pool.acquire().await?, &keys).await?;
        for some in suspects.chunks(LOCKED) {
            let mut tx = self.pool.begin().await?;
            if run == Run::Real {
                nobody_names(&mut tx).await?;
            }
            let orphans = unnamed(&mut tx, some).await?;
            for entry in batch.iter().filter(|entry| orphans.contains(&entry.key)) {
                if run == Run::Dry || self.deleted_if_old(entry.key, before).await? {
                    removed.add(entry.size);
                }
            }
            tx.commit().await?;
        }
        Ok(())
    }

    /// Deletes a blob unless it was put again since it was listed.
    async fn deleted_if_old(&self, key: Sha256, before: DateTime<Utc>) -> Result<bool, Error> {
        let is_old = self.blobs.entry(key).await?.is_some_and(|entry| entry.put_at <= before);
        if is_old {
            self.blobs.delete(key).await?;
        }
        Ok(is_old)
    }
}

/// Those of the keys that no row names.
pub(super) async fn unnamed(connection: &mut PgConnection, keys: &[Sha256]) -> Result<Vec<Sha256>, Error> {
    let bytes: Vec<Vec<u8>> = keys.iter().map(|key| key.as_bytes().to_vec()).collect();
    let rows = query_scalar!(
        r#"SELECT t.key AS "key!" FROM unnest($1::bytea[]) AS t (key)
           WHERE NOT EXISTS (SELECT FROM files f
                 WHERE f.sha256 = t.key AND f.fetched_at IS NOT NULL AND f.archive_dropped_at IS NULL)
             AND NOT EXISTS (SELECT FROM files f WHERE f.pack_blob = t.key)
             AND NOT EXISTS (SELECT FROM reports rep WHERE rep.sites_blob = t.key)
             AND NOT EXISTS (SELECT FROM search_segments s WHERE s.blob = t.key)"#,
        &bytes,
    )
    .fetch_all(connection)
    .await?;
    rows.iter().map(|key| Sha256::from_column(key)).collect()
}

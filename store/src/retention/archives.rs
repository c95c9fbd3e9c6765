//! Raw archives, once their source packs hold all that is read of them.

use sqlx::query;

use super::{BATCH, Removed, Run, sweep};
use crate::blocking::compute;
use crate::write::{commit, nobody_names};
use crate::{Error, Sha256, Store, packed};

struct Archive {
    file: i64,
    filename: String,
    key: Sha256,
    pack: Sha256,
    bytes: u64,
}

impl Store {
    /// Drops the raw archives of analysed files. Each pack is read back first: it will be the only copy.
    pub async fn archives_dropped(&self, run: Run) -> Result<Removed, Error> {
        let (mut removed, mut after) = (Removed::default(), 0);
        loop {
            let batch = self.archives_packed(after).await?;
            let Some(last) = batch.last() else { return Ok(removed) };
            after = last.file;
            for archive in &batch {
                if run == Run::Dry || self.archive_dropped(archive).await? {
                    removed.add(archive.bytes);
                }
            }
        }
    }

    async fn archives_packed(&self, after: i64) -> Result<Vec<Archive>, Error> {
        let rows = query!(
            r#"SELECT id, filename, sha256 AS "sha256!", pack_blob AS "pack_blob!", coalesce(size, 0) AS "size!"
               FROM files WHERE id > $1 AND state = 'analysed' AND fetched_at IS NOT NULL AND pack_blob IS NOT NULL
                 AND archive_dropped_at IS NULL
               ORDER BY id LIMIT $2"#,
            after,
            i64::from(BATCH),
        )
        .fetch_all(&self.pool)
        .await?;
        rows.into_iter()
            .map(|row| {
                Ok(Archive {
                    file: row.id,
                    filename: row.filename,
                    key: Sha256::from_column(&row.sha256)?,
                    pack: Sha256::from_column(&row.pack_blob)?,
                    bytes: row.size.unsigned_abs(),
                })
            })
            .collect()
    }

    /// Whether it was dropped: not without a pack that can be read, nor if the file was analysed anew meanwhile.
    async fn archive_dropped(&self, archive: &Archive) -> Result<bool, Error> {
        let Some(pack) = self.blobs.get(archive.pack).await? else { return Ok(false) };
        if compute(|| packed::unpacked(&archive.filename, &pack))?.is_none() {
            return Ok(false);
        }
        let mut tx = self.pool.begin().await?;
        let dropped = query!(
            "UPDATE files SET archive_dropped_at = now() WHERE id = $1 AND archive_dropped_at IS NULL AND pack_blob = $2",
            archive.file,
            &archive.pack.as_bytes()[..],
        )
        .execute(&mut *tx)
        .await?;
        commit(tx).await?;
        // Afterwards, so that no row claims what is gone; what a crash leaves between the two, the sweep takes.
        self.unnamed_deleted(&[archive.key]).await?;
        Ok(dropped.rows_affected() > 0)
    }

    /// Deletes those of the blobs that no row names.
    async fn unnamed_deleted(&self, keys: &[Sha256]) -> Result<(), Error> {
        let mut tx = self.pool.begin().await?;
        nobody_names(&mut tx).await?;
        for key in sweep::unnamed(&mut tx, keys).await? {
            self.blobs.delete(key).await?;
        }
        tx.commit().await?;
        Ok(())
    }
}

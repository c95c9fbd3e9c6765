//! Analysing again what is stored, when the analyzer or its data moved. Fetches nothing.

use analyzer::{Limits, SourceTree};
use bytes::Bytes;
use sqlx::query;

use crate::blocking::compute;
use crate::write::versions;
use crate::{Error, FileId, Sha256, Store, pack, packed};

/// A file whose newest report is by an older analyzer or older C-API data than this program's.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outdated {
    /// The file.
    pub file: FileId,
    /// Its name.
    pub filename: String,
}

impl Store {
    /// Files to be analysed again, in the order of their rows, at most `limit` of those after `after`: analysed, or
    /// failed on, by older versions and not yet by this or a newer one.
    pub async fn files_outdated(&self, after: Option<FileId>, limit: u32) -> Result<Vec<Outdated>, Error> {
        let rows = query!(
            r#"SELECT f.id, f.filename FROM files f
               WHERE f.id > $1 AND f.selected AND f.fetched_at IS NOT NULL AND f.state IN ('analysed', 'analyzer-failed')
                 AND (f.state = 'analysed' OR f.failed_by IS DISTINCT FROM $5)
                 AND NOT EXISTS (SELECT FROM report_versions said WHERE said.file_id = f.id
                     AND (version_key(said.analyzer_version), version_key(said.capi_version))
                         >= (version_key($2), version_key($3)))
               ORDER BY f.id LIMIT $4"#,
            after.map_or(0, |file| file.0),
            analyzer::ANALYZER_VERSION,
            capi::DATA_VERSION,
            i64::from(limit),
            versions(),
        )
        .fetch_all(&self.pool)
        .await?;
        let outdated = rows.into_iter().map(|row| Outdated { file: FileId(row.id), filename: row.filename });
        Ok(outdated.collect())
    }

    /// The source pack of a file, verified, with the file's name, for [`crate::unpacked`]; `None` if it has none, or one
    /// by an abiscope that kept the files alone: then the archive is there.
    pub async fn source_pack(&self, file: FileId) -> Result<Option<(String, Bytes)>, Error> {
        let Some((filename, pack)) = self.any_pack(file).await? else { return Ok(None) };
        Ok(pack::is_whole(&pack)?.then_some((filename, pack)))
    }

    /// The sources of a file as they were analysed first, byte for byte: from its pack, or from its archive if it was
    /// packed by an abiscope that kept the files alone. `None` if it was never packed.
    pub async fn source_tree(&self, file: FileId) -> Result<Option<SourceTree>, Error> {
        let Some((filename, pack)) = self.any_pack(file).await? else { return Ok(None) };
        if let Some(tree) = compute(|| packed::unpacked(&filename, &pack))? {
            return Ok(Some(tree));
        }
        let Some(archive) = self.file_bytes(file).await? else { return Ok(None) };
        let tree = compute(|| analyzer::read_sdist(&filename, &archive, &Limits::default()));
        tree.map(Some).map_err(|error| Error::Damaged(format!("{filename} was read once and now is not: {error}")))
    }

    async fn any_pack(&self, file: FileId) -> Result<Option<(String, Bytes)>, Error> {
        let row = query!("SELECT filename, pack_blob FROM files WHERE id = $1", file.0)
            .fetch_optional(&self.pool)
            .await?
            .ok_or(Error::NoSuchFile(file.0))?;
        let Some(key) = row.pack_blob else { return Ok(None) };
        let pack = self.blobs.get(Sha256::from_column(&key)?).await?;
        Ok(pack.map(|pack| (row.filename, pack)))
    }
}

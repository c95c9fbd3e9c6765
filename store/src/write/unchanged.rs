//! Releases whose sources are those of another release of their project: they share its report.

use analyzer::Fingerprint;
use sqlx::{query, query_scalar};

use super::report::{file_set_analysed, json};
use super::{commit, held};
use crate::{Error, FileId, Sha256, Store, Unchanged};

/// Fingerprints that are told at a time: those of the newest files.
const KNOWN: i64 = 2000;

impl Store {
    /// What reports of this analyzer and C-API data about the same project follow from: who analyses `file` need not go on
    /// where it is one of these.
    pub async fn known_fingerprints(&self, file: FileId) -> Result<Vec<Fingerprint>, Error> {
        let known = query_scalar!(
            r#"SELECT rep.fingerprint AS "fingerprint!" FROM files f
               JOIN releases mine ON mine.id = f.release_id
               JOIN releases r ON r.project_id = mine.project_id
               JOIN files other ON other.release_id = r.id AND other.id <> f.id
               JOIN reports rep ON rep.file_id = other.id AND rep.fingerprint IS NOT NULL
               JOIN report_versions said ON said.file_id = other.id AND said.report_id = rep.id
                   AND said.analyzer_version = $2 AND said.capi_version = $3
               WHERE f.id = $1 ORDER BY other.id DESC LIMIT $4"#,
            file.0,
            analyzer::ANALYZER_VERSION,
            capi::DATA_VERSION,
            KNOWN,
        )
        .fetch_all(&self.pool)
        .await?;
        known.iter().map(|bytes| fingerprint(bytes)).collect()
    }

    /// Gives a file the report of another release of its project that has the same sources, and sets it `analysed`. Returns
    /// whether it did: the report may be gone, and then the file has to be analysed.
    pub async fn file_unchanged(&self, file: FileId, unchanged: &Unchanged) -> Result<bool, Error> {
        let puts: Vec<_> = unchanged.sources.iter().map(|bytes| (Sha256::of(bytes), bytes)).collect();
        for (key, bytes) in &puts {
            self.blobs.put_as(*key, (*bytes).clone()).await?;
        }
        let mut tx = self.pool.begin().await?;
        held(&mut tx, &self.blobs, &puts).await?;
        file_set_analysed(&mut tx, file, puts.first().map(|(key, _)| *key)).await?;
        // The lock keeps the report from being removed before it is named.
        let shared = query_scalar!(
            "SELECT rep.id FROM files f
             JOIN releases mine ON mine.id = f.release_id
             JOIN releases r ON r.project_id = mine.project_id
             JOIN files other ON other.release_id = r.id AND other.id <> f.id
             JOIN reports rep ON rep.file_id = other.id AND rep.fingerprint = $2
             JOIN report_versions said ON said.file_id = other.id AND said.report_id = rep.id
                 AND said.analyzer_version = $3 AND said.capi_version = $4
             WHERE f.id = $1 ORDER BY rep.id LIMIT 1 FOR KEY SHARE OF rep",
            file.0,
            &unchanged.fingerprint.as_bytes()[..],
            analyzer::ANALYZER_VERSION,
            capi::DATA_VERSION,
        )
        .fetch_optional(&mut *tx)
        .await?;
        let Some(shared) = shared else { return Ok(false) };
        query!(
            "INSERT INTO report_versions (file_id, analyzer_version, capi_version, report_id, tree) VALUES ($1, $2, $3, $4, $5)
             ON CONFLICT (file_id, analyzer_version, capi_version) DO NOTHING",
            file.0,
            analyzer::ANALYZER_VERSION,
            capi::DATA_VERSION,
            shared,
            json(&unchanged.tree)?,
        )
        .execute(&mut *tx)
        .await?;
        commit(tx).await?;
        Ok(true)
    }
}

fn fingerprint(bytes: &[u8]) -> Result<Fingerprint, Error> {
    let bytes = bytes.try_into().map_err(|_| Error::Damaged("a fingerprint has 16 bytes".to_owned()))?;
    Ok(Fingerprint::from_bytes(bytes))
}

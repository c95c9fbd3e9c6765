//! The states of a file, up to its report.

use bytes::Bytes;
use packaging::{ProjectName, ReleaseVersion};
use sqlx::{query, query_scalar};

use super::{Withdrawal, commit, held, versions};
use crate::blocking::compute;
use crate::transition::{Known, may_end};
use crate::{Error, FileId, FileState, Sha256, Store, text, words};

impl Store {
    /// The selected sdist of a release, if the release is known and has one.
    pub async fn selected_file(&self, name: &ProjectName, version: &ReleaseVersion) -> Result<Option<FileId>, Error> {
        let id = query_scalar!(
            "SELECT f.id FROM projects p JOIN releases r ON r.project_id = p.id
             JOIN files f ON f.release_id = r.id AND f.selected
             WHERE p.name = $1 AND r.version = $2",
            name.as_str(),
            &*text::key(version.as_str()),
        )
        .fetch_optional(&self.pool)
        .await?;
        Ok(id.map(FileId))
    }

    /// The state of a file.
    pub async fn file_state(&self, file: FileId) -> Result<FileState, Error> {
        let state = query_scalar!("SELECT state FROM files WHERE id = $1", file.0).fetch_optional(&self.pool).await?;
        // A file without a state was deselected before it was fetched.
        state.ok_or(Error::NoSuchFile(file.0))?.map_or(Ok(FileState::Queued), |word| words::file_state(&word))
    }

    /// Whether a file is `analysed`, with a report of exactly this analyzer and C-API data.
    pub async fn is_analysed(&self, file: FileId) -> Result<bool, Error> {
        let analysed = query_scalar!(
            r#"SELECT EXISTS (SELECT FROM files f JOIN report_versions said ON said.file_id = f.id
                 WHERE f.id = $1 AND f.state = 'analysed' AND said.analyzer_version = $2 AND said.capi_version = $3) AS "e!""#,
            file.0,
            analyzer::ANALYZER_VERSION,
            capi::DATA_VERSION,
        )
        .fetch_one(&self.pool)
        .await?;
        Ok(analysed)
    }

    /// Stores the verified bytes of a file, then sets it `fetched`. Nothing claims a blob that is not there, and bytes
    /// other than those the index promises are refused. A file that is `analysed` stays so.
    pub async fn file_fetched(&self, file: FileId, bytes: Bytes) -> Result<(), Error> {
        let (filename, promised) = self.promised(file).await?;
        let found = compute(|| Sha256::of(&bytes));
        if promised != Some(found) {
            let promised = promised.map(|hash| hash.to_string());
            return Err(Error::OtherBytes { filename, found: found.to_string(), promised });
        }
        self.blobs.put_as(found, bytes.clone()).await?;
        let mut tx = self.pool.begin().await?;
        held(&mut tx, &self.blobs, &[(found, &bytes)]).await?;
        query!(
            "UPDATE files SET fetched_at = coalesce(fetched_at, now()), archive_dropped_at = NULL,
                 state = CASE WHEN state = 'analysed' THEN state ELSE 'fetched' END, reason = NULL
             WHERE id = $1",
            file.0,
        )
        .execute(&mut *tx)
        .await?;
        commit(tx).await
    }

    /// The stored bytes of a file that was fetched, verified again.
    pub async fn file_bytes(&self, file: FileId) -> Result<Option<Bytes>, Error> {
        match self.promised(file).await? {
            (_, Some(key)) => self.blobs.get(key).await,
            (_, None) => Ok(None),
        }
    }

    /// Records that a file's way ended elsewhere: `unreadable`, `hash-mismatch`, `deferred`, …, with the reason.
    /// News that came too late changes nothing: a failed fetch of a file that is stored, or any failure of one that
    /// is analysed.
    pub async fn file_ended(&self, file: FileId, state: FileState, reason: &str) -> Result<(), Error> {
        let mut tx = self.pool.begin().await?;
        let known = query!(
            r#"SELECT f.fetched_at IS NOT NULL AS "stored!",
                   coalesce(f.state = 'analysed', false) AND EXISTS (SELECT FROM report_versions said
                       WHERE said.file_id = f.id AND said.analyzer_version = $2 AND said.capi_version = $3) AS "analysed_now!"
               FROM files f WHERE id = $1 FOR UPDATE"#,
            file.0,
            analyzer::ANALYZER_VERSION,
            capi::DATA_VERSION,
        )
        .fetch_optional(&mut *tx)
        .await?
        .ok_or(Error::NoSuchFile(file.0))?;
        let known = Known { stored: known.stored, analysed_now: known.analysed_now };
        if !may_end(known, state).ok_or(Error::NotAnEnd(state.as_str()))? {
            return Ok(());
        }
        query!(
            "UPDATE files SET state = $2, reason = $3,
                 failed_by = CASE WHEN $2 = 'analyzer-failed' THEN $4 END
             WHERE id = $1",
            file.0,
            state.as_str(),
            &*text::clean(reason),
            versions(),
        )
        .execute(&mut *tx)
        .await?;
        commit(tx).await
    }

    /// Records that the index took a file back.
    pub async fn file_withdrawn(&self, file: FileId, why: Withdrawal) -> Result<(), Error> {
        self.file_ended(file, FileState::Withdrawn, why.as_str()).await
    }

    /// The archive of a file that is `fetched` is not in the blob store, as after a restore without it: the file waits to
    /// be fetched again. Returns whether it does; what was analysed stays.
    pub async fn file_lost(&self, file: FileId) -> Result<bool, Error> {
        let mut tx = self.pool.begin().await?;
        let lost = query!(
            "UPDATE files SET state = 'queued', reason = NULL, fetched_at = NULL WHERE id = $1 AND state = 'fetched'",
            file.0,
        )
        .execute(&mut *tx)
        .await?;
        commit(tx).await?;
        Ok(lost.rows_affected() > 0)
    }

    /// The name of a file and the hash that the index promises.
    async fn promised(&self, file: FileId) -> Result<(String, Option<Sha256>), Error> {
        let row = query!("SELECT filename, sha256 FROM files WHERE id = $1", file.0)
            .fetch_optional(&self.pool)
            .await?
            .ok_or(Error::NoSuchFile(file.0))?;
        Ok((row.filename, row.sha256.map(|bytes| Sha256::from_column(&bytes)).transpose()?))
    }
}

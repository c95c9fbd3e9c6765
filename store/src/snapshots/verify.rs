//! Checking that a snapshot is what it was.

use serde::Serialize;
use sqlx::query;

use super::{Frozen, SnapshotFile, SnapshotName, hash_of};
use crate::{Error, Sha256, Store};

/// What checking a snapshot came to.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Verified {
    /// Projects in its list.
    pub projects: u64,
    /// Reports that are what they were.
    pub reports: u64,
    /// Sdists whose source is stored, so that they can be read again.
    pub sources: u64,
    /// What is not as it was, each in a sentence.
    pub differences: Vec<String>,
}

impl Store {
    /// Computes the hash of a snapshot's list anew, and compares each report with what it was; `None`: there is no such
    /// snapshot.
    pub async fn snapshot_verified(&self, name: &SnapshotName) -> Result<Option<Verified>, Error> {
        let (Some(head), Some(frozen)) = (self.snapshot(name).await?, self.snapshot_figures(name).await?) else {
            return Ok(None);
        };
        let rows = query!(
            r#"SELECT p.name, r.version, f.filename AS "filename?", encode(f.sha256, 'hex') AS sha256,
                   encode(s.digest, 'hex') AS was, encode(rep.digest, 'hex') AS is,
                   f.pack_blob IS NOT NULL OR (f.fetched_at IS NOT NULL AND f.archive_dropped_at IS NULL) AS "is_stored!"
               FROM snapshot_files s JOIN projects p ON p.id = s.project_id JOIN releases r ON r.id = s.release_id
               LEFT JOIN files f ON f.id = s.file_id LEFT JOIN reports rep ON rep.id = s.report_id
               WHERE s.snapshot = $1 ORDER BY p.name COLLATE "C""#,
            name.as_str(),
        )
        .fetch_all(&self.pool)
        .await?;
        let mut verified = Verified::default();
        let mut files = Vec::with_capacity(rows.len());
        for row in rows {
            verified.projects += 1;
            verified.sources += u64::from(row.is_stored);
            if row.was != row.is {
                verified.differences.push(format!("the report of {} {} is another one now", row.name, row.version));
            } else if row.is.is_some() {
                verified.reports += 1;
            }
            files.push(SnapshotFile {
                project: row.name,
                version: row.version,
                filename: row.filename,
                sha256: row.sha256,
                report: row.was,
            });
        }
        verified.compared(&files, &frozen, head.hash);
        Ok(Some(verified))
    }
}

impl Verified {
    fn compared(&mut self, files: &[SnapshotFile], frozen: &Frozen, hash: Sha256) {
        let found = hash_of(files);
        if found != hash {
            self.differences.push(format!("the list has the hash {found}, and had {hash}"));
        }
        if frozen.hash != hash.to_string() || frozen.files != files {
            self.differences.push("the figures are of another list".to_owned());
        }
    }
}

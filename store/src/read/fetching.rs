//! What a file that is to be fetched is.

use packaging::ProjectName;
use sqlx::query;

use crate::{Error, FileId, FileKind, FileRecord, FileState, Sha256, Store, words};

/// A file that was selected.
#[derive(Debug, Clone)]
pub struct SelectedFile {
    /// Whose it is.
    pub project: ProjectName,
    /// The serial of the page that listed it.
    pub serial: Option<i64>,
    /// What the index says about it.
    pub file: FileRecord,
    /// How far it got.
    pub state: FileState,
}

impl Store {
    /// The selected sdist `file`; `None` if there is none of that id.
    pub async fn file_selected(&self, file: FileId) -> Result<Option<SelectedFile>, Error> {
        let row = query!(
            r#"SELECT p.name, p.serial, f.filename, f.url, f.sha256, f.size, f.uploaded_at, f.yanked, f.state AS "state!"
               FROM files f JOIN releases r ON r.id = f.release_id JOIN projects p ON p.id = r.project_id
               WHERE f.id = $1 AND f.selected AND f.state IS NOT NULL"#,
            file.0,
        )
        .fetch_optional(&self.pool)
        .await?;
        let Some(row) = row else { return Ok(None) };
        let project = row.name.parse().map_err(|_| Error::Damaged(format!("{:?} is no project's name", row.name)))?;
        Ok(Some(SelectedFile {
            project,
            serial: row.serial,
            state: words::file_state(&row.state)?,
            file: FileRecord {
                filename: row.filename,
                url: row.url,
                sha256: row.sha256.as_deref().map(Sha256::from_column).transpose()?,
                size: row.size,
                uploaded_at: row.uploaded_at,
                yanked: row.yanked,
                kind: FileKind::Sdist,
            },
        }))
    }
}

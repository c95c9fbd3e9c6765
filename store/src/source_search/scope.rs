//! What is searched: the packs of standing releases whose source may be shown.

use packaging::ProjectName;
use sqlx::query;

use crate::read::project_name;
use crate::{Error, Sha256, Store};

/// An sdist that is searched.
#[derive(Debug, Clone)]
pub(super) struct Sdist {
    pub(super) project: ProjectName,
    pub(super) version: String,
    pub(super) filename: String,
    pub(super) sha256: String,
    pub(super) pack: Sha256,
    /// Where it is in the index, if it is.
    pub(super) place: Option<Place>,
}

/// A pack's place in the index.
#[derive(Debug, Clone, Copy)]
pub(super) struct Place {
    pub(super) segment: i32,
    pub(super) first_unit: u32,
    pub(super) units: u32,
}

impl Store {
    /// The sdists of all projects or of one, by name.
    pub(super) async fn searchable(&self, project: Option<&ProjectName>) -> Result<Vec<Sdist>, Error> {
        let rows = query!(
            r#"SELECT p.name, r.version, f.filename, f.sha256 AS "sha256!", f.pack_blob AS "pack!",
                   i.segment_id AS "segment?", i.first_unit AS "first_unit?", i.units AS "units?"
               FROM projects p
               JOIN releases r ON r.project_id = p.id AND r.standing AND r.state = 'selected'
               JOIN files f ON f.release_id = r.id AND f.selected AND f.state = 'analysed'
               LEFT JOIN search_packs i ON i.pack_blob = f.pack_blob
               WHERE f.pack_blob IS NOT NULL AND f.sha256 IS NOT NULL AND ($1::text IS NULL OR p.name = $1)
                 AND NOT EXISTS (SELECT FROM hidden_sources h WHERE h.project_id = p.id)
               ORDER BY p.name COLLATE "C""#,
            project.map(ProjectName::as_str),
        )
        .fetch_all(&self.pool)
        .await?;
        let place = |segment: Option<i32>, first: Option<i32>, units: Option<i32>| {
            Some(Place { segment: segment?, first_unit: first?.try_into().ok()?, units: units?.try_into().ok()? })
        };
        rows.into_iter()
            .map(|row| {
                Ok(Sdist {
                    project: project_name(&row.name)?,
                    version: row.version,
                    filename: row.filename,
                    sha256: Sha256::from_column(&row.sha256)?.to_string(),
                    pack: Sha256::from_column(&row.pack)?,
                    place: place(row.segment, row.first_unit, row.units),
                })
            })
            .collect()
    }
}

//! Wheels.

use export::{Column, Kind, Table, Value};
use futures_util::TryStreamExt;
use sqlx::{PgConnection, query};

use super::Sink;
use crate::Error;

pub(super) const TABLE: Table = Table {
    name: "wheels",
    about: "Each wheel of a standing release that its page lists, by project and file name.",
    columns: &COLUMNS,
};

const COLUMNS: [Column; 6] = [
    Column::new("project", Kind::Text, "Normalised name."),
    Column::new("version", Kind::Text, "The release that stands for it."),
    Column::new("filename", Kind::Text, "Its name."),
    Column::new("tags", Kind::Text, "Its tags as written: cp311-abi3-manylinux_2_17_x86_64."),
    Column::new("uploaded_at", Kind::Time, "When it was uploaded."),
    Column::new("yanked", Kind::Boolean, "It is yanked."),
];

pub(super) async fn rows(moment: &mut PgConnection, sink: Sink<'_>) -> Result<(), Error> {
    let mut rows = query!(
        r#"SELECT p.name, r.version, f.filename, f.detail AS tags, f.uploaded_at, f.yanked IS NOT NULL AS "yanked!"
           FROM projects p JOIN releases r ON r.project_id = p.id AND r.standing JOIN files f ON f.release_id = r.id
           WHERE f.kind = 'wheel' AND f.listed
           ORDER BY p.name COLLATE "C", f.filename COLLATE "C", f.sha256"#
    )
    .fetch(moment);
    while let Some(row) = rows.try_next().await? {
        let values: [Value<'_>; COLUMNS.len()] = [
            (&row.name).into(),
            (&row.version).into(),
            (&row.filename).into(),
            row.tags.as_ref().into(),
            row.uploaded_at.into(),
            row.yanked.into(),
        ];
        sink(&values)?;
    }
    Ok(())
}

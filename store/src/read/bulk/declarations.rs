//! What projects say about the stable ABI. Not the text in which they say it: that is source.

use export::{Column, Kind, Table, Value};
use futures_util::TryStreamExt;
use sqlx::{PgConnection, query};

use super::Sink;
use crate::Error;

pub(super) const TABLE: Table = Table {
    name: "declarations",
    about: "Each thing that a standing release says about the stable ABI, by project, in the order of its report.",
    columns: &COLUMNS,
};

const COLUMNS: [Column; 10] = [
    Column::new("project", Kind::Text, "Normalised name."),
    Column::new("version", Kind::Text, "The release that stands for it."),
    Column::new("form", Kind::Text, "The form in which it is said."),
    Column::new("says", Kind::Text, "What it asks for: on, off, varies, mistake, misplaced or context."),
    Column::new("abi", Kind::Text, "abi3 or abi3t; missing if it is about neither."),
    Column::new("floor", Kind::Text, "The oldest CPython that it asks for; missing if it is not told."),
    Column::new("conditional", Kind::Boolean, "It holds under a condition only."),
    Column::new("certainty", Kind::Text, "certain, or probable: the reading is a guess."),
    Column::new("path", Kind::Text, "The file, without the top folder."),
    Column::new("line", Kind::Integer, "Its line, from 1."),
];

pub(super) async fn rows(moment: &mut PgConnection, sink: Sink<'_>) -> Result<(), Error> {
    let mut rows = query!(
        r#"SELECT s.name AS "name!", s.version AS "version!", d.said ->> 'form' AS form, d.said ->> 'says' AS says,
               d.said ->> 'abi' AS abi, d.said ->> 'floor' AS floor, d.said ? 'when' AS conditional,
               d.said ->> 'certainty' AS certainty, d.said ->> 'path' AS path, (d.said ->> 'line')::bigint AS line
           FROM standing($1, $2) s JOIN reports rep ON rep.id = s.report_id
               CROSS JOIN LATERAL jsonb_array_elements(rep.declarations) WITH ORDINALITY d (said, place)
           ORDER BY s.name COLLATE "C", d.place"#,
        analyzer::ANALYZER_VERSION,
        capi::DATA_VERSION,
    )
    .fetch(moment);
    while let Some(row) = rows.try_next().await? {
        let values: [Value<'_>; COLUMNS.len()] = [
            (&row.name).into(),
            (&row.version).into(),
            row.form.as_ref().into(),
            row.says.as_ref().into(),
            row.abi.as_ref().into(),
            row.floor.as_ref().into(),
            row.conditional.into(),
            row.certainty.as_ref().into(),
            row.path.as_ref().into(),
            row.line.into(),
        ];
        sink(&values)?;
    }
    Ok(())
}

//! Structures.

use export::{Column, Kind, Table, Value};
use futures_util::TryStreamExt;
use sqlx::{PgConnection, query};

use super::Sink;
use crate::Error;

pub(super) const TABLE: Table = Table {
    name: "structures",
    about: "Each structure of CPython that a standing release touches, by project and structure.",
    columns: &COLUMNS,
};

const COLUMNS: [Column; 5] = [
    Column::new("project", Kind::Text, "Normalised name."),
    Column::new("version", Kind::Text, "The release that stands for it."),
    Column::new("structure", Kind::Text, "PyFrameObject."),
    Column::count("direct", "sites", "Sites that touch a member themselves."),
    Column::count("inside", "sites", "Sites of macros and inline functions that touch a member inside the binary."),
];

pub(super) async fn rows(moment: &mut PgConnection, sink: Sink<'_>) -> Result<(), Error> {
    let mut rows = query!(
        r#"SELECT s.name AS "name!", s.version AS "version!", t.key AS "structure!",
               (t.value ->> 'api_level')::bigint AS direct, (t.value ->> 'abi_level')::bigint AS inside
           FROM standing($1, $2) s JOIN reports rep ON rep.id = s.report_id
               CROSS JOIN LATERAL jsonb_each(rep.structures) t
           ORDER BY s.name COLLATE "C", t.key COLLATE "C""#,
        analyzer::ANALYZER_VERSION,
        capi::DATA_VERSION,
    )
    .fetch(moment);
    while let Some(row) = rows.try_next().await? {
        let values: [Value<'_>; COLUMNS.len()] =
            [(&row.name).into(), (&row.version).into(), (&row.structure).into(), row.direct.into(), row.inside.into()];
        sink(&values)?;
    }
    Ok(())
}

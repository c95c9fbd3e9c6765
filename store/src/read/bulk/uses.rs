//! Uses.

use export::{Column, Kind, Table, Value};
use futures_util::TryStreamExt;
use sqlx::{PgConnection, query};

use super::Sink;
use crate::{Error, words};

pub(super) const TABLE: Table = Table {
    name: "uses",
    about: "Each item that a standing release uses in one way, with how many sites that is, by project, kind and item.",
    columns: &COLUMNS,
};

const COLUMNS: [Column; 12] = [
    Column::new("project", Kind::Text, "Normalised name."),
    Column::new("version", Kind::Text, "The release that stands for it."),
    Column::new(
        "kind",
        Kind::Text,
        "api, member, lvalue, static-type, module-def, layout, internal-header or export-hook.",
    ),
    Column::new("item", Kind::Text, "PyTuple_GET_SIZE, PyFrameObject.f_code, or the variable of a static type."),
    Column::new(
        "access",
        Kind::Text,
        "read, write, address, init, offset, joined by +; missing if it is not an access.",
    ),
    Column::new("origin", Kind::Text, "Who wrote the code: own, generated, vendored or test-or-doc."),
    Column::new(
        "origin_by",
        Kind::Text,
        "The generator with its version, or the vendored project; missing if there is none.",
    ),
    Column::new(
        "condition",
        Kind::Text,
        "When the preprocessor keeps the lines: always, never, unknown or an expression.",
    ),
    Column::new("certainty", Kind::Text, "certain, or probable: the type is not proven, but the name is distinctive."),
    Column::count("sites", "sites", "How many places."),
    Column::new("first_path", Kind::Text, "The file of the first of them, without the top folder."),
    Column::new("first_line", Kind::Integer, "Its line, from 1."),
];

pub(super) async fn rows(moment: &mut PgConnection, sink: Sink<'_>) -> Result<(), Error> {
    let mut rows = query!(
        r#"SELECT s.name AS "name!", s.version AS "version!", i.kind, i.name AS item, u.access, o.class, nullif(o.by, '') AS by,
               c.condition, u.probable, u.sites, s.paths[u.first_file + 1] AS path, u.first_line
           FROM standing($1, $2) s JOIN uses u ON u.report_id = s.report_id JOIN items i ON i.id = u.item_id
               JOIN origins o ON o.id = u.origin_id JOIN conditions c ON c.id = u.condition_id
           ORDER BY s.name COLLATE "C", i.kind COLLATE "C", i.name COLLATE "C", u.access, o.class COLLATE "C",
               o.by COLLATE "C", c.condition COLLATE "C", u.probable"#,
        analyzer::ANALYZER_VERSION,
        capi::DATA_VERSION,
    )
    .fetch(moment);
    while let Some(row) = rows.try_next().await? {
        let access = (row.access != 0).then(|| words::accesses(row.access).to_string());
        let values: [Value<'_>; COLUMNS.len()] = [
            (&row.name).into(),
            (&row.version).into(),
            (&row.kind).into(),
            (&row.item).into(),
            access.as_ref().into(),
            (&row.class).into(),
            row.by.as_ref().into(),
            (&row.condition).into(),
            (if row.probable { "probable" } else { "certain" }).into(),
            row.sites.into(),
            row.path.as_ref().into(),
            row.first_line.into(),
        ];
        sink(&values)?;
    }
    Ok(())
}

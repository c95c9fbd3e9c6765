//! Verdicts.

use analyzer::Undecided;
use export::{Column, Kind, Table, Value};
use futures_util::TryStreamExt;
use sqlx::{PgConnection, query};

use super::Sink;
use crate::Error;
use crate::read::json;

pub(super) const TABLE: Table = Table {
    name: "verdicts",
    about: "What the code of each standing release that was read means for each target, by project and target.",
    columns: &COLUMNS,
};

const COLUMNS: [Column; 9] = [
    Column::new("project", Kind::Text, "Normalised name."),
    Column::new("version", Kind::Text, "The release that stands for it."),
    Column::new("target", Kind::Text, "abi3-3.2 to abi3-3.15, abi3t-3.15."),
    Column::new("verdict", Kind::Text, "no-blocker, blocked, tool-blocks, undecided or pure."),
    Column::count("blockers", "items", "How many items block, of the three lists."),
    Column::new("blocking", Kind::Texts, "Identifiers that the target hides."),
    Column::new("blocking_members", Kind::Texts, "Members that the target hides: Structure.member."),
    Column::new("blocking_types", Kind::Texts, "Variables that are static types."),
    Column::new("undecided", Kind::Texts, "Reasons of open questions."),
];

pub(super) async fn rows(moment: &mut PgConnection, sink: Sink<'_>) -> Result<(), Error> {
    let mut rows = query!(
        r#"SELECT s.name AS "name!", s.version AS "version!", v.target, v.verdict, v.blockers, v.blocking,
               v.blocking_members, v.blocking_types, v.undecided
           FROM standing($1, $2) s JOIN verdicts v ON v.report_id = s.report_id
           ORDER BY s.name COLLATE "C", split_part(v.target, '-', 1) COLLATE "C",
               split_part(v.target, '.', 2)::integer"#,
        analyzer::ANALYZER_VERSION,
        capi::DATA_VERSION,
    )
    .fetch(moment);
    while let Some(row) = rows.try_next().await? {
        let undecided: Vec<Undecided> = json(row.undecided)?;
        let undecided: Vec<String> = undecided.into_iter().map(|open| open.reason).collect();
        let values: [Value<'_>; COLUMNS.len()] = [
            (&row.name).into(),
            (&row.version).into(),
            (&row.target).into(),
            (&row.verdict).into(),
            row.blockers.into(),
            (&row.blocking).into(),
            (&row.blocking_members).into(),
            (&row.blocking_types).into(),
            (&undecided).into(),
        ];
        sink(&values)?;
    }
    Ok(())
}

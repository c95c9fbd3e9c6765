//! `/structures`: every structure that a project touches.

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use serde::Serialize;
use store::StructureRow;

use super::FIRST;
use crate::api::versioned;
use crate::app::{App, DEFAULT_TARGET};
use crate::error::WebError;
use crate::frame::Frame;
use crate::fresh::Here;
use crate::numbers::{Count, share};
use crate::render;

#[derive(Template)]
#[template(path = "structures/all.html")]
struct Structures {
    frame: Frame,
    lead: String,
    native: Count,
    /// Those that come first, and the others.
    tables: Vec<Table>,
}

struct Table {
    caption: &'static str,
    rows: Vec<Row>,
}

struct Row {
    name: String,
    address: String,
    direct: Count,
    share: String,
    direct_sites: Count,
    inside: Count,
    inside_sites: Count,
    /// Whether limited mode shows its members.
    limited: String,
    issue: &'static str,
}

pub(crate) async fn structures(State(app): State<App>, here: Here) -> Result<Response, WebError> {
    let rows = app.structures(here.data_version).await?;
    let native = app.overview(DEFAULT_TARGET, here.data_version).await?.chain.with_native;
    let none = |name: &str| StructureRow {
        structure: name.to_owned(),
        direct: 0,
        direct_sites: 0,
        inside: 0,
        inside_sites: 0,
    };
    let first: Vec<StructureRow> = FIRST
        .into_iter()
        .map(|name| rows.iter().find(|row| row.structure == name).cloned().unwrap_or_else(|| none(name)))
        .collect();
    let most = first.iter().max_by_key(|row| row.direct);
    render::page(&Structures {
        frame: Frame::new("Structures", "structures", &here).with_json("/structures.json"),
        lead: most.map(|row| lead(row, native)).unwrap_or_default(),
        native: Count(native),
        tables: vec![
            Table {
                caption: "Those that CPython means to hide first.",
                rows: first.iter().map(|one| row(one, native)).collect(),
            },
            Table {
                caption: "Every other structure that a project touches.",
                rows: rows
                    .iter()
                    .filter(|row| !FIRST.contains(&row.structure.as_str()))
                    .map(|one| row(one, native))
                    .collect(),
            },
        ],
    })
}

fn lead(most: &StructureRow, native: i64) -> String {
    format!(
        "{} of {} projects with native source touch the members of {} themselves ({}).",
        Count(most.direct),
        Count(native),
        most.structure,
        share(most.direct, native)
    )
}

fn row(row: &StructureRow, native: i64) -> Row {
    Row {
        address: format!("/structures/{}", row.structure),
        direct: Count(row.direct),
        share: share(row.direct, native),
        direct_sites: Count(row.direct_sites),
        inside: Count(row.inside),
        inside_sites: Count(row.inside_sites),
        limited: limited(&row.structure),
        issue: issue(&row.structure),
        name: row.structure.clone(),
    }
}

/// `hidden`, `since 3.2`.
fn limited(structure: &str) -> String {
    let since = capi::structure(structure).and_then(|known| known.limited_since);
    since.map_or_else(|| "hidden".to_owned(), |since| format!("since {since}"))
}

/// Where CPython tracks it.
pub(super) fn issue(structure: &str) -> &'static str {
    let tracking = capi::tracking().iter().find(|tracking| tracking.structures.contains(&structure));
    tracking.map_or("", |tracking| tracking.github.unwrap_or(tracking.issue))
}

/// How many projects touch each structure, out of how many.
#[derive(Serialize, schemars::JsonSchema)]
pub(crate) struct StructuresAnswer<'s> {
    chain: store::Chain,
    structures: &'s [StructureRow],
}

pub(crate) async fn json(State(app): State<App>, here: Here) -> Result<Response, WebError> {
    let chain = app.overview(DEFAULT_TARGET, here.data_version).await?.chain;
    let structures = app.structures(here.data_version).await?;
    Ok(versioned(&here, StructuresAnswer { chain, structures: &structures }))
}

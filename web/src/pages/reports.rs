//! `/reports`: what was frozen, and each report as it was published.

use askama::Template;
use axum::extract::{Path, State};
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Redirect, Response};
use serde::Serialize;
use store::{SnapshotHead, SnapshotName};

use super::svg_policy;
use crate::api::versioned;
use crate::app::App;
use crate::error::WebError;
use crate::frame::Frame;
use crate::fresh::Here;
use crate::numbers::Count;
use crate::render;

#[derive(Template)]
#[template(path = "reports.html")]
struct Reports {
    frame: Frame,
    rows: Vec<Row>,
}

struct Row {
    name: String,
    day: String,
    projects: Count,
    read: Count,
    versions: String,
    corrects: Option<String>,
    corrected_by: Option<String>,
    hash: String,
}

/// Every snapshot, newest day first.
#[derive(Serialize, schemars::JsonSchema)]
pub(crate) struct ReportsAnswer {
    snapshots: Vec<SnapshotHead>,
}

pub(crate) async fn reports(State(app): State<App>, here: Here) -> Result<Response, WebError> {
    let heads = app.survey().snapshots().await?;
    let corrected_by = |name: &str| heads.iter().find(|head| head.corrects.as_deref() == Some(name));
    let row = |head: &SnapshotHead| Row {
        name: head.name.clone(),
        day: head.day.to_string(),
        projects: Count(head.projects),
        read: Count(head.read),
        versions: format!("analyzer {}, C-API data {}", head.analyzer_version, head.capi_version),
        corrects: head.corrects.clone(),
        corrected_by: corrected_by(&head.name).map(|head| head.name.clone()),
        hash: head.hash.to_string(),
    };
    render::page(&Reports {
        frame: Frame::new("Reports", "reports", &here).with_json("/reports.json"),
        rows: heads.iter().map(row).collect(),
    })
}

pub(crate) async fn reports_json(State(app): State<App>, here: Here) -> Result<Response, WebError> {
    Ok(versioned(&here, ReportsAnswer { snapshots: app.survey().snapshots().await? }))
}

/// `/reports/NAME`, which is a folder.
pub(crate) async fn folder(Path(name): Path<String>) -> Redirect {
    Redirect::permanent(&format!("/reports/{}/index.html", crate::address::escape(&name)))
}

/// A file of a report.
pub(crate) async fn file(
    State(app): State<App>,
    Path((name, path)): Path<(String, String)>,
) -> Result<Response, WebError> {
    let name: SnapshotName =
        name.parse().map_err(|error: store::NotASnapshotName| WebError::NotFound(format!("{error}.")))?;
    let none = || WebError::NotFound(format!("There is no snapshot {name}, or its report has no such file."));
    let site = app.report(&name).await?.ok_or_else(none)?;
    let bytes = site.get(&path).ok_or_else(none)?.clone();
    let kind = render::media_type(&path);
    let is_picture = kind.as_bytes().starts_with(b"image/svg");
    let mut response = ([(header::CONTENT_TYPE, kind)], bytes).into_response();
    if is_picture && let Ok(policy) = HeaderValue::try_from(svg_policy()) {
        response.headers_mut().insert(header::CONTENT_SECURITY_POLICY, policy);
    }
    Ok(response)
}

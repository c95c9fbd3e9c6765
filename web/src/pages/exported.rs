//! `/exports`: the whole survey as files, from the folder that the operator has `abiscope export` write to.

use std::path::Path as FilePath;

use askama::Template;
use axum::body::Body;
use axum::extract::{Path, Request, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use chrono::{DateTime, Utc};
use export::{Manifest, ManifestFile};
use store::BulkTable;
use tower_http::services::ServeFile;

use crate::app::App;
use crate::error::WebError;
use crate::frame::Frame;
use crate::fresh::{Here, holds};
use crate::numbers::{Count, minute, size};
use crate::render;

#[derive(Template)]
#[template(path = "exports.html")]
struct Page {
    frame: Frame,
    made: Option<Made>,
}

/// An export that is there.
struct Made {
    on: String,
    snapshot: String,
    versions: String,
    tables: Vec<Row>,
    /// Whether the example of a question has its table.
    has_uses: bool,
}

struct Row {
    name: &'static str,
    about: &'static str,
    rows: Count,
    files: Vec<File>,
}

struct File {
    name: String,
    size: String,
    sha256: String,
}

/// The list of what is there. The folder changes when the operator likes, so nobody keeps this page.
pub(crate) async fn exports(State(app): State<App>, here: Here) -> Result<Response, WebError> {
    let made = match folder(&app) {
        Some(folder) => manifest(folder).await.map(|(manifest, written)| made(&manifest, written)),
        None => None,
    };
    let frame = Frame::new("The survey as tables", "about", &here);
    let frame = if made.is_some() { frame.with_json(format!("/exports/{}", Manifest::FILE)) } else { frame };
    render::fleeting(&Page { frame, made })
}

fn made(manifest: &Manifest, written: Option<DateTime<Utc>>) -> Made {
    let table = |table: BulkTable| {
        let table = table.table();
        let files: Vec<&ManifestFile> = manifest.files.iter().filter(|file| file.table == table.name).collect();
        let rows = Count(i64::try_from(files.first()?.rows).unwrap_or(i64::MAX));
        Some(Row { name: table.name, about: table.about, rows, files: files.into_iter().map(told).collect() })
    };
    let versions = &manifest.versions;
    Made {
        on: written.map(minute).unwrap_or_default(),
        snapshot: manifest.snapshot.clone(),
        versions: format!(
            "analyzer {}, C-API data {}, data {}",
            versions.analyzer, versions.capi, manifest.data_version
        ),
        tables: BulkTable::ALL.into_iter().filter_map(table).collect(),
        has_uses: manifest.files.iter().any(|file| file.file == "uses.parquet"),
    }
}

fn told(file: &ManifestFile) -> File {
    let bytes = i64::try_from(file.bytes).unwrap_or(i64::MAX);
    File { name: file.file.clone(), size: size(bytes), sha256: file.sha256.clone() }
}

/// One of its files, or a part of it: programs that read Parquet fetch only the columns that they need.
pub(crate) async fn file(
    State(app): State<App>,
    Path(name): Path<String>,
    mut request: Request,
) -> Result<Response, WebError> {
    let none = || WebError::NotFound("There is no such file: /exports lists those that there are.".to_owned());
    let folder = folder(&app).ok_or_else(none)?;
    let (manifest, _) = manifest(folder).await.ok_or_else(none)?;
    let tag = match manifest.files.iter().find(|file| file.file == name) {
        Some(file) => Some(format!("\"{}\"", file.sha256)),
        None if [Manifest::FILE, Manifest::SCHEMA].contains(&name.as_str()) => None,
        None => return Err(none()),
    };
    let mut response = if tag.as_ref().is_some_and(|tag| holds(request.headers(), tag)) {
        StatusCode::NOT_MODIFIED.into_response()
    } else {
        // Whoever has the beginning of another file gets this one whole.
        if request.headers().get(header::IF_RANGE).is_some_and(|had| tag.as_ref().is_none_or(|tag| had != tag)) {
            request.headers_mut().remove(header::RANGE);
        }
        ServeFile::new(folder.join(&name)).try_call(request).await.map_err(WebError::File)?.map(Body::new)
    };
    match response.status() {
        StatusCode::NOT_FOUND => return Err(none()),
        status if status.is_client_error() => return Ok(response),
        _ => {}
    }
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, render::media_type(&name));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-cache"));
    if let Some(tag) = tag.and_then(|tag| HeaderValue::try_from(tag).ok()) {
        headers.insert(header::ETAG, tag);
    }
    Ok(response)
}

fn folder(app: &App) -> Option<&FilePath> {
    app.config().exports.as_deref()
}

/// What the folder holds, and since when; `None`: nothing that is whole.
async fn manifest(folder: &FilePath) -> Option<(Manifest, Option<DateTime<Utc>>)> {
    let path = folder.join(Manifest::FILE);
    let manifest = serde_json::from_slice(&tokio::fs::read(&path).await.ok()?).ok()?;
    let written = tokio::fs::metadata(&path).await.and_then(|known| known.modified());
    Some((manifest, written.ok().map(Into::into)))
}

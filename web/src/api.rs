//! The JSON API: the store's read models, with the versions that made them. Fields are only ever added.

use axum::extract::{Path, State};
use axum::response::{IntoResponse, Redirect, Response};
use serde::Serialize;

use crate::app::App;
use crate::error::WebError;
use crate::fresh::Here;
use crate::pages::{list_query, not_here};
use crate::params::{self, NameAsked, Params};
use crate::{chunks, cursor};

/// Sites in one answer.
const SITES: usize = 1000;

/// An answer with what it was made from.
#[derive(Serialize, schemars::JsonSchema)]
#[schemars(rename = "AnswerOf{T}")]
pub(crate) struct Versioned<T> {
    /// The shape of reports.
    schema_version: u32,
    /// The rules of the analyzer.
    analyzer_version: &'static str,
    /// The data about CPython's C API.
    capi_version: &'static str,
    /// Counts what was written: an equal one means equal data.
    data_version: i64,
    #[serde(flatten)]
    answer: T,
}

/// A project and one of its releases.
#[derive(Serialize, schemars::JsonSchema)]
pub(crate) struct ProjectAnswer {
    project: store::ProjectDetail,
    /// `None`: no release of it was selected.
    release: Option<store::ReleaseDetail>,
}

/// An item and who uses it.
#[derive(Serialize, schemars::JsonSchema)]
pub(crate) struct ItemAnswer {
    #[serde(flatten)]
    page: store::ItemPage,
    /// The cursor of the users that follow; `null`: none do.
    next: Option<String>,
}

/// What was found by name.
#[derive(Serialize, schemars::JsonSchema)]
pub(crate) struct SearchAnswer {
    /// Projects, then items, each best first.
    hits: Vec<store::SearchHit>,
    /// The cursor of what follows; `null`: nothing does.
    next: Option<String>,
}

/// Hits of each sort in an answer, where nobody asks for another number.
const HITS: usize = 50;

pub(crate) fn versioned<T: Serialize>(here: &Here, answer: T) -> Response {
    chunks::json(&Versioned {
        schema_version: analyzer::SCHEMA_VERSION,
        analyzer_version: analyzer::ANALYZER_VERSION,
        capi_version: capi::DATA_VERSION,
        data_version: here.data_version,
        answer,
    })
}

pub(crate) async fn overview(State(app): State<App>, here: Here, params: Params) -> Result<Response, WebError> {
    let overview = app.overview(params.target()?, here.data_version).await?;
    Ok(versioned(&here, overview.as_ref()))
}

pub(crate) async fn projects(State(app): State<App>, here: Here, params: Params) -> Result<Response, WebError> {
    let mut query = list_query(&params)?;
    let list = format!("projects by {:?}, {}, for {}", query.sort, query.descending, query.target);
    query.start = cursor::start(&params, &list)?;
    let found = app.survey().projects(&query).await?;
    Ok(cursor::part(&here, &list, &query.start, found, |row| query.place(row)))
}

pub(crate) async fn project(
    app: State<App>,
    here: Here,
    params: Params,
    Path(name): Path<String>,
) -> Result<Response, WebError> {
    one_project(&app, &here, &params, &name, None).await
}

pub(crate) async fn release(
    app: State<App>,
    here: Here,
    params: Params,
    Path((name, version)): Path<(String, String)>,
) -> Result<Response, WebError> {
    one_project(&app, &here, &params, &name, Some(&version)).await
}

async fn one_project(
    app: &App,
    here: &Here,
    params: &Params,
    asked: &str,
    version: Option<&str>,
) -> Result<Response, WebError> {
    let name = match params::name(asked)? {
        NameAsked::Normal(name) => name,
        NameAsked::Other(name) => {
            let rest = version.map(|version| format!("/{}", crate::address::escape(version))).unwrap_or_default();
            return Ok(Redirect::permanent(&format!("/api/v1/projects/{name}{rest}{}", here.query)).into_response());
        }
    };
    let project = app.survey().project(&name, params.target()?).await?.ok_or_else(|| not_here(&name))?;
    let release = app.survey().release(&name, version).await?;
    if version.is_some() && release.is_none() {
        return Err(WebError::NotFound(format!("The survey has no such release of {name}.")));
    }
    Ok(versioned(here, ProjectAnswer { project, release }))
}

pub(crate) async fn sites(
    State(app): State<App>,
    here: Here,
    params: Params,
    Path((name, version)): Path<(String, String)>,
) -> Result<Response, WebError> {
    let (NameAsked::Normal(name) | NameAsked::Other(name)) = params::name(&name)?;
    Ok(versioned(&here, app.survey().sites(&name, &version, params.item()?, SITES).await?))
}

pub(crate) async fn items(State(app): State<App>, here: Here, params: Params) -> Result<Response, WebError> {
    let search = params.search();
    let start = cursor::start(&params, "items")?;
    let found = app.survey().items(search.as_deref(), params.kind()?, &start).await?;
    Ok(cursor::part(&here, "items", &start, found, store::ItemHit::place))
}

pub(crate) async fn item(
    State(app): State<App>,
    here: Here,
    params: Params,
    Path(item): Path<String>,
) -> Result<Response, WebError> {
    let list = format!("users of {item}");
    let start = cursor::start(&params, &list)?;
    let found = app.survey().item(&item, params.kind()?, &start).await?;
    let mut page = found.ok_or_else(|| WebError::NotFound(format!("No project of the survey uses {item}.")))?;
    let next = cursor::next(&list, &start, &mut page.users, store::ItemUser::place);
    Ok(cursor::linked(&here, next, |next| ItemAnswer { page, next }))
}

pub(crate) async fn search(State(app): State<App>, here: Here, params: Params) -> Result<Response, WebError> {
    let text = params.search().unwrap_or_default();
    let (list, limit) = (format!("names with {text}"), params.limit()?.unwrap_or(HITS));
    let after = cursor::after(&params, &list)?.unwrap_or_default();
    let found = match text.as_str() {
        "" => store::SearchPage::default(),
        text => app.survey().search(text, &after, limit).await?,
    };
    let next = found.next.and_then(|place| cursor::written(&list, place));
    Ok(cursor::linked(&here, next, |next| SearchAnswer { hits: found.hits, next }))
}

pub(crate) async fn status(State(app): State<App>, here: Here) -> Result<Response, WebError> {
    let mut response = versioned(&here, app.status().await?.as_ref());
    response.headers_mut().insert(axum::http::header::CACHE_CONTROL, crate::render::NOT_KEPT);
    Ok(response)
}

//! CSV of what lists show. A long list comes in parts: the `Link` header names the next one.

use axum::extract::{Path, State};
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};

use crate::address;
use store::Start;

use crate::app::App;
use crate::error::WebError;
use crate::fresh::Here;
use crate::numbers::day;
use crate::pages::list_query;
use crate::params::{self, NameAsked, Params};

/// Pages of 50 rows in one part.
const PAGES: u32 = 20;

/// Rows on a page of the store.
const ROWS: i64 = 50;

/// Lines being written, the head first.
struct Table(csv::Writer<Vec<u8>>);

impl Table {
    fn new(head: &[&str]) -> Result<Self, WebError> {
        let mut table = Self(csv::Writer::from_writer(Vec::new()));
        table.row(head)?;
        Ok(table)
    }

    fn row<T: AsRef<[u8]>>(&mut self, cells: &[T]) -> Result<(), WebError> {
        self.0.write_record(cells).map_err(WebError::Export)
    }

    /// The whole as a response; `next` is the address of the part after this one.
    fn response(self, next: Option<&str>) -> Result<Response, WebError> {
        let bytes = self.0.into_inner().map_err(|error| WebError::Export(error.into_error().into()))?;
        let mut response = ([(header::CONTENT_TYPE, "text/csv; charset=utf-8")], bytes).into_response();
        if let Some(next) = next.and_then(|next| HeaderValue::try_from(format!("<{next}>; rel=\"next\"")).ok()) {
            response.headers_mut().insert(header::LINK, next);
        }
        Ok(response)
    }
}

/// The pages of the part that starts with `first`, and the page after them if the list goes on.
fn part(first: u32, total: i64) -> Option<u32> {
    let after = first.saturating_add(PAGES);
    (i64::from(after - 1) * ROWS < total).then_some(after)
}

pub(crate) async fn overview(State(app): State<App>, here: Here, params: Params) -> Result<Response, WebError> {
    let overview = app.overview(params.target()?, here.data_version).await?;
    let mut table = Table::new(&["target", "no-blocker", "blocked", "tool-blocks", "undecided", "pure"])?;
    for row in &overview.targets {
        let counts = analyzer::Outcome::ALL.map(|outcome| crate::bars::count(&row.counts, outcome).to_string());
        let mut cells = vec![row.target.to_string()];
        cells.extend(counts);
        table.row(&cells)?;
    }
    table.response(None)
}

pub(crate) async fn projects(State(app): State<App>, params: Params) -> Result<Response, WebError> {
    let mut query = list_query(&params)?;
    let first = params.page()?;
    let mut table = Table::new(&[
        "project",
        "release",
        "project_state",
        "release_state",
        "file_state",
        "target",
        "verdict",
        "blockers",
        "floor",
        "uploaded",
        "reason",
    ])?;
    let mut total = 0;
    for page in first..first.saturating_add(PAGES) {
        query.start = Start::Page(page);
        let found = app.survey().projects(&query).await?;
        total = found.total;
        for row in &found.rows {
            table.row(&[
                row.name.as_str(),
                row.version.as_deref().unwrap_or(""),
                row.state.as_str(),
                row.release_state.map_or("", store::ReleaseState::as_str),
                row.file_state.map_or("", store::FileState::as_str),
                &query.target.to_string(),
                row.verdict.map_or("", analyzer::Outcome::as_str),
                &row.blockers.to_string(),
                &row.floor.map(|floor| floor.to_string()).unwrap_or_default(),
                &day(row.uploaded_at),
                row.reason.as_deref().unwrap_or(""),
            ])?;
        }
        if i64::from(page) * ROWS >= total {
            break;
        }
    }
    let next = part(first, total).map(|page| crate::pages::list_address("/projects.csv", &query, page));
    table.response(next.as_deref())
}

pub(crate) async fn items(State(app): State<App>, params: Params) -> Result<Response, WebError> {
    let (search, kind, first) = (params.search(), params.kind()?, params.page()?);
    let mut table = Table::new(&["item", "kind", "projects", "sites"])?;
    let mut total = 0;
    for page in first..first.saturating_add(PAGES) {
        let found = app.survey().items(search.as_deref(), kind, &Start::Page(page)).await?;
        total = found.total;
        for row in &found.rows {
            table.row(&[&row.item, row.kind.as_str(), &row.projects.to_string(), &row.sites.to_string()])?;
        }
        if i64::from(page) * ROWS >= total {
            break;
        }
    }
    let next = part(first, total).map(|page| {
        let pairs = [
            ("q", search.as_deref().unwrap_or("")),
            ("kind", kind.map_or("", analyzer::Kind::as_str)),
            ("page", &address::page_value(page)),
        ];
        address::with_query("/items.csv", &pairs)
    });
    table.response(next.as_deref())
}

pub(crate) async fn item(
    State(app): State<App>,
    params: Params,
    Path(item): Path<String>,
) -> Result<Response, WebError> {
    let (kind, first) = (params.kind()?, params.page()?);
    let mut table = Table::new(&[
        "project",
        "release",
        "kind",
        "access",
        "origin",
        "origin_by",
        "condition",
        "sites",
        "first_site",
    ])?;
    let mut total = 0;
    for page in first..first.saturating_add(PAGES) {
        let found = app.survey().item(&item, kind, &store::Start::Page(page)).await?;
        let found = found.ok_or_else(|| WebError::NotFound(format!("No project of the survey uses {item}.")))?;
        total = found.users.total;
        for row in &found.users.rows {
            table.row(&[
                row.name.as_str(),
                &row.version,
                row.kind.as_str(),
                &row.access,
                &row.origin,
                row.origin_by.as_deref().unwrap_or(""),
                &row.condition,
                &row.sites.to_string(),
                &row.first_site,
            ])?;
        }
        if i64::from(page) * ROWS >= total {
            break;
        }
    }
    let next = part(first, total).map(|page| {
        let path = format!("/items/{}/projects.csv", address::escape(&item));
        let pairs = [("kind", kind.map_or("", analyzer::Kind::as_str)), ("page", &address::page_value(page))];
        address::with_query(&path, &pairs)
    });
    table.response(next.as_deref())
}

pub(crate) async fn uses(
    State(app): State<App>,
    Path((name, version)): Path<(String, String)>,
) -> Result<Response, WebError> {
    let (NameAsked::Normal(name) | NameAsked::Other(name)) = params::name(&name)?;
    let release = app.survey().release(&name, Some(&version)).await?;
    let file = release.and_then(|release| release.file);
    let file =
        file.ok_or_else(|| WebError::NotFound(format!("The survey has no analysed sdist of this release of {name}.")))?;
    let mut table = Table::new(&["kind", "item", "access", "origin", "origin_by", "condition", "certainty", "sites"])?;
    for row in &file.uses {
        table.row(&[
            row.kind.as_str(),
            &row.item,
            &row.access,
            &row.origin,
            row.origin_by.as_deref().unwrap_or(""),
            &row.condition,
            &row.certainty,
            &row.sites.to_string(),
        ])?;
    }
    table.response(None)
}

//! The same answer as JSON, CSV and text to paste.

use axum::extract::{Query, State};
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};
use whatif::{Answer, ProposalError, Status, formats};

use super::{Fields, ask, read};
use crate::address;
use crate::api::versioned;
use crate::app::App;
use crate::error::WebError;
use crate::fresh::Here;

/// The address of an answer in one form: `/whatif.rst?opaque=PyTypeObject`.
pub(super) fn address(ending: &str, answer: &Answer) -> String {
    with_fields(&format!("/whatif.{ending}"), answer, &[])
}

/// The address of a page of the answer, of one status or of all.
pub(super) fn page_address(answer: &Answer, status: Option<Status>, page: u32) -> String {
    let more = [("status", status.map_or("", Status::as_str)), ("page", &address::page_value(page))];
    with_fields("/whatif", answer, &more)
}

fn with_fields(path: &str, answer: &Answer, more: &[(&str, &str)]) -> String {
    let mut pairs = vec![("title", answer.title.as_str())];
    pairs.extend(answer.fields.iter().map(|(name, value)| (name.as_str(), value.as_str())));
    pairs.extend(more);
    address::with_query(path, &pairs)
}

pub(crate) async fn json(State(app): State<App>, here: Here, Query(fields): Fields) -> Result<Response, WebError> {
    Ok(versioned(&here, asked(&app, &fields).await?))
}

pub(crate) async fn csv(State(app): State<App>, Query(fields): Fields) -> Result<Response, WebError> {
    let text = formats::csv(&asked(&app, &fields).await?);
    Ok(([(CONTENT_TYPE, "text/csv; charset=utf-8")], text).into_response())
}

pub(crate) async fn rst(State(app): State<App>, Query(fields): Fields) -> Result<Response, WebError> {
    let text = formats::rst(&asked(&app, &fields).await?);
    Ok(([(CONTENT_TYPE, "text/plain; charset=utf-8")], text).into_response())
}

pub(crate) async fn markdown(State(app): State<App>, Query(fields): Fields) -> Result<Response, WebError> {
    let text = formats::markdown(&asked(&app, &fields).await?);
    Ok(([(CONTENT_TYPE, "text/plain; charset=utf-8")], text).into_response())
}

async fn asked(app: &App, fields: &[(String, String)]) -> Result<Answer, WebError> {
    let proposal = read(fields).map_err(|error: ProposalError| WebError::BadRequest(error.to_string()))?;
    ask(app, &proposal).await
}

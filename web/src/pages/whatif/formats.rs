//! An answer as JSON, CSV and text to paste.

use axum::extract::{Query, State};
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};
use whatif::{Answer, ProposalError, formats};

use super::{Fields, ask, read};
use crate::api::versioned;
use crate::app::App;
use crate::error::WebError;
use crate::fresh::Here;

/// Plain text, as reStructuredText and Markdown are sent.
pub(super) const TEXT: &str = "text/plain; charset=utf-8";
/// CSV.
pub(super) const CSV: &str = "text/csv; charset=utf-8";

pub(crate) async fn json(State(app): State<App>, here: Here, Query(fields): Fields) -> Result<Response, WebError> {
    Ok(versioned(&here, asked(&app, &fields).await?))
}

pub(crate) async fn csv(State(app): State<App>, Query(fields): Fields) -> Result<Response, WebError> {
    Ok(typed(CSV, formats::csv(&asked(&app, &fields).await?)))
}

pub(crate) async fn rst(State(app): State<App>, Query(fields): Fields) -> Result<Response, WebError> {
    Ok(typed(TEXT, formats::rst(&asked(&app, &fields).await?)))
}

pub(crate) async fn markdown(State(app): State<App>, Query(fields): Fields) -> Result<Response, WebError> {
    Ok(typed(TEXT, formats::markdown(&asked(&app, &fields).await?)))
}

/// A text of a media type.
pub(super) fn typed(media_type: &'static str, text: String) -> Response {
    ([(CONTENT_TYPE, media_type)], text).into_response()
}

async fn asked(app: &App, fields: &[(String, String)]) -> Result<Answer, WebError> {
    let proposal = read(fields).map_err(|error: ProposalError| WebError::BadRequest(error.to_string()))?;
    ask(app, &proposal).await
}

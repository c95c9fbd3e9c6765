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
use crate::render;

/// Plain text, as reStructuredText and Markdown are sent.
pub(super) const TEXT: &str = "text/plain; charset=utf-8";
/// CSV.
pub(super) const CSV: &str = "text/csv; charset=utf-8";

pub(crate) async fn json(State(app): State<App>, here: Here, Query(fields): Fields) -> Result<Response, WebError> {
    written(&app, &fields, |answer| versioned(&here, answer)).await
}

pub(crate) async fn csv(State(app): State<App>, Query(fields): Fields) -> Result<Response, WebError> {
    written(&app, &fields, |answer| typed(CSV, formats::csv(answer))).await
}

pub(crate) async fn rst(State(app): State<App>, Query(fields): Fields) -> Result<Response, WebError> {
    written(&app, &fields, |answer| typed(TEXT, formats::rst(answer))).await
}

pub(crate) async fn markdown(State(app): State<App>, Query(fields): Fields) -> Result<Response, WebError> {
    written(&app, &fields, |answer| typed(TEXT, formats::markdown(answer))).await
}

/// A text of a media type.
pub(super) fn typed(media_type: &'static str, text: String) -> Response {
    ([(CONTENT_TYPE, media_type)], text).into_response()
}

/// The answer to the fields of an address, in one form.
async fn written(
    app: &App,
    fields: &[(String, String)],
    form: impl FnOnce(&Answer) -> Response,
) -> Result<Response, WebError> {
    let proposal = read(fields).map_err(|error: ProposalError| WebError::BadRequest(error.to_string()))?;
    let (answer, _turn) = ask(app, &proposal).await?;
    Ok(render::cut_short(form(&answer), answer.cut_short))
}

//! A failure as programs read it: problem details (RFC 9457).

use axum::Json;
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;

use crate::error::Problem;

/// The media type of problem details.
const MEDIA_TYPE: HeaderValue = HeaderValue::from_static("application/problem+json");

/// RFC 9457's members, what to do, and the object that stood here before them.
#[derive(Serialize, schemars::JsonSchema)]
#[schemars(rename = "Problem")]
pub(crate) struct Details<'a> {
    /// `about:blank`: the status says of which kind the problem is.
    r#type: &'static str,
    title: &'static str,
    status: u16,
    /// What happened, to what, why.
    detail: &'a str,
    /// What to do.
    next: &'static str,
    /// Within `/api/v1` fields are only added, so the first form stays.
    error: Before<'a>,
}

#[derive(Serialize, schemars::JsonSchema)]
struct Before<'a> {
    status: u16,
    title: &'static str,
    what: &'a str,
    next: &'static str,
}

/// The body and its type; the status is the caller's.
pub(crate) fn details(problem: &Problem) -> Response {
    let (status, title, what, next) = (problem.status.as_u16(), problem.title, &problem.what, problem.next);
    let error = Before { status, title, what, next };
    let details = Details { r#type: "about:blank", title, status, detail: what, next, error };
    ([(header::CONTENT_TYPE, MEDIA_TYPE)], Json(details)).into_response()
}

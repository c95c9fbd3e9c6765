//! From a template to a response.

use askama::Template;
use axum::http::HeaderValue;
use axum::http::header::CACHE_CONTROL;
use axum::response::{Html, IntoResponse, IntoResponseParts, Response, ResponseParts};

use crate::error::WebError;
use crate::visible::visible;

/// The page, with every hidden character made visible.
pub(crate) fn page(template: &impl Template) -> Result<Response, WebError> {
    Ok(Html(text(template)?).into_response())
}

/// A page that says what is going on right now: it is kept by nobody.
pub(crate) fn fleeting(template: &impl Template) -> Result<Response, WebError> {
    let mut response = page(template)?;
    response.headers_mut().insert(CACHE_CONTROL, NOT_KEPT);
    Ok(response)
}

/// What was cut short is not the answer for good: the visitor's copy is no reason not to ask again.
pub(crate) fn cut_short(mut response: Response, is_cut: bool) -> Response {
    if is_cut {
        response.headers_mut().insert(CACHE_CONTROL, NOT_KEPT);
    }
    response
}

/// Of answers that change without a change of the data.
pub(crate) const NOT_KEPT: HeaderValue = HeaderValue::from_static("no-store");

/// Of what has an address that never means anything else.
pub(crate) const KEPT_FOR_EVER: HeaderValue = HeaderValue::from_static("public, max-age=31536000, immutable");

/// The media type of a file, by the ending of its name.
pub(crate) fn media_type(name: &str) -> HeaderValue {
    HeaderValue::from_static(match name.rsplit_once('.').map_or("", |(_, ending)| ending) {
        "html" => "text/html; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "svg" => "image/svg+xml; charset=utf-8",
        "csv" => "text/csv; charset=utf-8",
        "json" => "application/json",
        "jsonl" => "application/jsonl",
        "parquet" => "application/vnd.apache.parquet",
        _ => "application/octet-stream",
    })
}

/// On a response with an error's status: it has a page of its own.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Designed;

impl IntoResponseParts for Designed {
    type Error = std::convert::Infallible;

    fn into_response_parts(self, mut parts: ResponseParts) -> Result<ResponseParts, Self::Error> {
        parts.extensions_mut().insert(self);
        Ok(parts)
    }
}

/// The same as text.
pub(crate) fn text(template: &impl Template) -> Result<String, WebError> {
    let html = template.render().map_err(WebError::Template)?;
    Ok(visible(&html).into_owned())
}

//! Nothing new, nothing sent: ETags from the data version, the analyzer, the program and the address.

use std::convert::Infallible;

use axum::extract::{FromRequestParts, Request, State};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use crate::app::App;
use crate::assets::{STYLE, short_hash};
use crate::error::WebError;

/// Where the request is: its address and the data version its answer is made from.
#[derive(Debug, Clone, Default)]
pub(crate) struct Here {
    /// Path and query, as asked.
    pub(crate) address: String,
    /// The query, with its `?`, or empty.
    pub(crate) query: String,
    /// The data version.
    pub(crate) data_version: i64,
}

impl<S: Sync> FromRequestParts<S> for Here {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        Ok(parts.extensions.get::<Self>().cloned().unwrap_or_default())
    }
}

/// Answers 304 if the visitor's copy is still right; else runs the request and tags its answer.
pub(crate) async fn fresh(State(app): State<App>, mut request: Request, next: Next) -> Response {
    let data_version = match app.data_version().await {
        Ok(version) => version,
        Err(error) => return WebError::Store(error).into_response(),
    };
    let uri = request.uri();
    let here = Here {
        address: uri.path_and_query().map(ToString::to_string).unwrap_or_default(),
        query: uri.query().map(|query| format!("?{query}")).unwrap_or_default(),
        data_version,
    };
    let tag = tag(&here);
    if holds(request.headers(), &tag) {
        return tagged(StatusCode::NOT_MODIFIED.into_response(), &tag);
    }
    request.extensions_mut().insert(here);
    let response = next.run(request).await;
    let is_fleeting = response.headers().contains_key(header::CACHE_CONTROL);
    if response.status() == StatusCode::OK && !is_fleeting { tagged(response, &tag) } else { response }
}

/// Weak: the same page may be compressed or not. The style's address moves with the look, the package version with
/// the templates, and the hour because pages offer to read again what is old.
fn tag(here: &Here) -> String {
    let ground = format!(
        "{}\n{}\n{}\n{}\n{}\n{}\n{}",
        chrono::Utc::now().timestamp() / 3600,
        here.address,
        here.data_version,
        analyzer::ANALYZER_VERSION,
        capi::DATA_VERSION,
        env!("CARGO_PKG_VERSION"),
        STYLE.path()
    );
    format!("W/\"{}\"", short_hash(ground.as_bytes()))
}

/// Whether the visitor has what has this tag.
pub(crate) fn holds(headers: &HeaderMap, tag: &str) -> bool {
    headers
        .get_all(header::IF_NONE_MATCH)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .any(|held| held.trim() == tag || held.trim() == "*")
}

fn tagged(mut response: Response, tag: &str) -> Response {
    let headers = response.headers_mut();
    if let Ok(tag) = HeaderValue::from_str(tag) {
        headers.insert(header::ETAG, tag);
    }
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-cache"));
    response
}

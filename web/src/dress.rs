//! The outermost layer: designed errors and security headers on every response.

use askama::Template;
use axum::extract::Request;
use axum::http::{HeaderName, HeaderValue, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use crate::error::Problem;
use crate::frame::Frame;
use crate::problem;
use crate::render::{self, Designed};

/// Nothing but what comes from here: no inline script or style, no frames, no outside address.
const POLICY: &str = "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; \
                      form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

const HEADERS: [(HeaderName, &str); 4] = [
    (header::CONTENT_SECURITY_POLICY, POLICY),
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::REFERRER_POLICY, "same-origin"),
    (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
];

#[derive(Template)]
#[template(path = "error.html")]
struct ErrorPage {
    frame: Frame,
    problem: Problem,
}

/// Runs the request, words its failure, sets the headers.
pub(crate) async fn dress(request: Request, next: Next) -> Response {
    let path = request.uri().path();
    let for_machines = path.starts_with("/api/") || [".json", ".csv"].iter().any(|ending| path.ends_with(ending));
    let mut response = next.run(request).await;
    let status = response.status();
    let is_worded = response.extensions().get::<Designed>().is_some();
    if (status.is_client_error() || status.is_server_error()) && !is_worded {
        response = worded(response, for_machines);
    }
    for (name, value) in HEADERS {
        // A file that brings a style of its own has a policy of its own.
        response.headers_mut().entry(name).or_insert(HeaderValue::from_static(value));
    }
    response
}

/// The failure as a page or as JSON, keeping headers such as `Allow` and those that let other sites read it.
fn worded(mut response: Response, for_machines: bool) -> Response {
    let problem = response.extensions_mut().remove::<Problem>().unwrap_or_else(|| Problem::of(response.status()));
    let status = problem.status;
    let mut worded = if for_machines {
        problem::details(&problem)
    } else {
        let frame = Frame::plain(problem.title, "");
        render::page(&ErrorPage { frame, problem }).unwrap_or_else(|_| "The page could not be made.".into_response())
    };
    *worded.status_mut() = status;
    let is_of_the_old_body = |name: &HeaderName| name.as_str().starts_with("content-");
    for (name, value) in response.headers().iter().filter(|(name, _)| !is_of_the_old_body(name)) {
        worded.headers_mut().append(name, value.clone());
    }
    worded.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    worded
}

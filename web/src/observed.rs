//! One line in the logs and one count for each answer. Never who asked, nor what was searched for.

use std::time::Instant;

use axum::extract::{MatchedPath, Request};
use axum::http::Method;
use axum::middleware::Next;
use axum::response::Response;
use metrics::{counter, histogram};

/// Answers by method, route and status.
pub const REQUESTS: &str = "abiscope_http_requests_total";
/// Seconds until an answer is ready, by route.
pub const REQUEST_SECONDS: &str = "abiscope_http_request_duration_seconds";

/// Runs the request, then tells of it.
pub(crate) async fn observed(request: Request, next: Next) -> Response {
    // The template, not the path: there are few of them, whatever is asked for.
    let matched = request.extensions().get::<MatchedPath>().map(|path| path.as_str().to_owned());
    let route = matched.unwrap_or_else(|| "none".to_owned());
    let (method, path) = (word(request.method()), request.uri().path().to_owned());
    let since = Instant::now();
    let response = next.run(request).await;
    let (status, seconds) = (response.status().as_u16(), since.elapsed().as_secs_f64());
    counter!(REQUESTS, "method" => method, "route" => route.clone(), "status" => status.to_string()).increment(1);
    histogram!(REQUEST_SECONDS, "route" => route.clone()).record(seconds);
    tracing::info!(method, path, route, status, seconds, "request");
    response
}

/// A method that pages answer; others are one, because a client can make up any.
fn word(method: &Method) -> &'static str {
    match *method {
        Method::GET => "GET",
        Method::HEAD => "HEAD",
        Method::POST => "POST",
        _ => "other",
    }
}

//! Answers spoilt on purpose.

use std::convert::Infallible;
use std::time::Duration;

use axum::body::Body;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use futures_util::stream::{self, StreamExt};
use serde_json::{Value, json};

use crate::Fault;
use crate::answer::{BYTES, Good, JSON, partial, range_start};

const HTML: &str = "text/html; charset=utf-8";

/// The good answer with this fault. A fault of the body spoils what would have been sent: of a range, the range.
pub(crate) fn spoil(good: Good, fault: Fault, path: &str, asked: &HeaderMap) -> Response {
    match fault {
        Fault::Status(code) => status(code).into_response(),
        Fault::RetryAfter(code, after) => (status(code), [(header::RETRY_AFTER, after)]).into_response(),
        Fault::HtmlInsteadOfJson => whole(HTML, Bytes::from_static(b"<!DOCTYPE html><title>Maintenance</title>")),
        Fault::MalformedJson => whole(JSON, Bytes::from_static(b"{\"meta\": <oops>\x1b}")),
        Fault::Redirect(to) => (StatusCode::FOUND, [(header::LOCATION, to)]).into_response(),
        Fault::RedirectLoop => (StatusCode::FOUND, [(header::LOCATION, path.to_owned())]).into_response(),
        // Unwinding ends the connection's task without a word to the client, and without a panic message.
        Fault::Reset => std::panic::resume_unwind(Box::new("this connection ends here on purpose")),
        Fault::Stale => good.respond(asked),
        Fault::CutBody
        | Fault::ShortBody
        | Fault::LongBody
        | Fault::WrongBytes
        | Fault::SlowDrip(_)
        | Fault::Stall(_)
        | Fault::RangeIgnored
        | Fault::RangeShifted => spoil_body(good, &fault, asked),
    }
}

fn spoil_body(good: Good, fault: &Fault, asked: &HeaderMap) -> Response {
    let start = range_start(asked).unwrap_or(0);
    let (content_type, body) = match good {
        Good::Page { body, .. } => (JSON, body),
        Good::File(content) => (BYTES, content),
        Good::MovedTo(_) | Good::NotFound => return good.respond(asked),
    };
    match fault {
        Fault::RangeIgnored => return whole(content_type, body),
        Fault::RangeShifted if range_start(asked).is_some() => {
            return partial(&body, start + 1).unwrap_or_else(|| whole(content_type, body));
        }
        _ => {}
    }
    let ranged = content_type == BYTES && start > 0 && start < body.len();
    let sent = if ranged { body.slice(start..) } else { body.clone() };
    let mut response = spoilt(content_type, &sent, fault);
    if ranged {
        *response.status_mut() = StatusCode::PARTIAL_CONTENT;
        let range = format!("bytes {start}-{}/{}", body.len() - 1, body.len());
        response.headers_mut().insert(header::CONTENT_RANGE, range.parse().expect("digits"));
    }
    response
}

fn spoilt(content_type: &'static str, body: &Bytes, fault: &Fault) -> Response {
    match fault {
        Fault::CutBody => cut(content_type, body),
        Fault::ShortBody => whole(content_type, body.slice(..body.len() / 2)),
        Fault::LongBody => whole(content_type, [body.as_ref(), body.as_ref()].concat().into()),
        Fault::WrongBytes => whole(content_type, body.iter().map(|byte| !byte).collect()),
        Fault::SlowDrip(pause) => drip(content_type, body.clone(), *pause),
        Fault::Stall(pause) => stall(content_type, body, *pause),
        _ => whole(content_type, body.clone()),
    }
}

/// Takes the last file off a page and one off its serial.
pub(crate) fn stale(page: &mut Value) {
    if let Some(files) = page["files"].as_array_mut() {
        files.pop();
    }
    if let Some(serial) = page["meta"]["_last-serial"].as_i64() {
        page["meta"]["_last-serial"] = json!(serial - 1);
    }
}

fn status(code: u16) -> StatusCode {
    StatusCode::from_u16(code).expect("a test asks for a real status")
}

fn whole(content_type: &'static str, body: Bytes) -> Response {
    ([(header::CONTENT_TYPE, content_type)], body).into_response()
}

fn with_length(content_type: &'static str, length: usize, body: Body) -> Response {
    let headers = [(header::CONTENT_TYPE, content_type.to_owned()), (header::CONTENT_LENGTH, length.to_string())];
    (headers, body).into_response()
}

fn cut(content_type: &'static str, body: &Bytes) -> Response {
    let half = Ok(body.slice(..body.len() / 2));
    // The pause lets the first half out before the connection ends.
    let end = stream::once(async {
        tokio::time::sleep(Duration::from_millis(20)).await;
        Err("cut here on purpose")
    });
    with_length(content_type, body.len(), Body::from_stream(stream::iter([half]).chain(end)))
}

fn drip(content_type: &'static str, body: Bytes, pause: Duration) -> Response {
    let length = body.len();
    let bytes = stream::iter(0..length).then(move |at| {
        let byte = body.slice(at..=at);
        async move {
            tokio::time::sleep(pause).await;
            Ok::<_, Infallible>(byte)
        }
    });
    with_length(content_type, length, Body::from_stream(bytes))
}

fn stall(content_type: &'static str, body: &Bytes, pause: Duration) -> Response {
    let (first, rest) = (body.slice(..body.len() / 2), body.slice(body.len() / 2..));
    let late = stream::once(async move {
        tokio::time::sleep(pause).await;
        Ok::<_, Infallible>(rest)
    });
    with_length(content_type, body.len(), Body::from_stream(stream::iter([Ok(first)]).chain(late)))
}

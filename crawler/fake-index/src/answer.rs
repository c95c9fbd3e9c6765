//! Answers, good and spoilt.

use std::convert::Infallible;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::{HeaderName, StatusCode, header};
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use futures_util::stream::{self, StreamExt};

use crate::Fault;
use crate::project::normalise;
use crate::world::{self, Shared, World};

const JSON: &str = "application/vnd.pypi.simple.v1+json";
const HTML: &str = "text/html; charset=utf-8";
const BYTES: &str = "application/octet-stream";

pub(crate) fn router(world: Shared) -> Router {
    Router::new().fallback(answer).with_state(world)
}

async fn answer(State(world): State<Shared>, request: Request) -> Response {
    let path = request.uri().path().to_owned();
    let (good, fault) = {
        let mut world = world.lock();
        world.requests.push(record(&request));
        (good_answer(&world, &path), world.take_fault(&path))
    };
    match fault {
        None => good.into_response(),
        Some(fault) => spoil(good, fault),
    }
}

fn record(request: &Request) -> world::Request {
    let header = |(name, value): (&HeaderName, &header::HeaderValue)| {
        (name.to_string(), String::from_utf8_lossy(value.as_bytes()).into_owned())
    };
    world::Request {
        line: format!("{} {}", request.method(), request.uri().path()),
        headers: request.headers().iter().map(header).collect(),
    }
}

/// What a sound index says.
enum Good {
    Found(&'static str, Bytes),
    MovedTo(String),
    NotFound,
}

impl IntoResponse for Good {
    fn into_response(self) -> Response {
        match self {
            Self::Found(content_type, body) => ([(header::CONTENT_TYPE, content_type)], body).into_response(),
            Self::MovedTo(to) => (StatusCode::MOVED_PERMANENTLY, [(header::LOCATION, to)]).into_response(),
            Self::NotFound => StatusCode::NOT_FOUND.into_response(),
        }
    }
}

fn good_answer(world: &World, path: &str) -> Good {
    let mut parts = path.trim_start_matches('/').split('/');
    match (parts.next(), parts.next(), parts.next(), parts.next()) {
        (Some("simple"), Some(name), Some(""), None) => page(world, name),
        (Some("simple"), Some(name), None, None) => Good::MovedTo(format!("/simple/{name}/")),
        (Some("files"), Some(project), Some(filename), None) => {
            world.file(project, filename).map_or(Good::NotFound, |content| Good::Found(BYTES, content))
        }
        _ => Good::NotFound,
    }
}

fn page(world: &World, name: &str) -> Good {
    let normal = normalise(name);
    match world.projects.get(&normal) {
        Some(_) if normal != name => Good::MovedTo(format!("/simple/{normal}/")),
        Some(project) => Good::Found(JSON, project.page().to_string().into()),
        None => Good::NotFound,
    }
}

fn spoil(good: Good, fault: Fault) -> Response {
    let (content_type, body) = match good {
        Good::Found(content_type, body) => (content_type, body),
        Good::MovedTo(_) | Good::NotFound => (BYTES, Bytes::new()),
    };
    let whole = |content_type: &'static str, body: Bytes| Good::Found(content_type, body).into_response();
    match fault {
        Fault::Status(code) => status(code).into_response(),
        Fault::RetryAfter(code, after) => (status(code), [(header::RETRY_AFTER, after)]).into_response(),
        Fault::HtmlInsteadOfJson => whole(HTML, Bytes::from_static(b"<!DOCTYPE html><title>Maintenance</title>")),
        Fault::MalformedJson => whole(JSON, Bytes::from_static(b"{\"meta\": <oops>\x1b}")),
        Fault::CutBody => cut(content_type, &body),
        Fault::ShortBody => whole(content_type, body.slice(..body.len() / 2)),
        Fault::LongBody => whole(content_type, [body.as_ref(), body.as_ref()].concat().into()),
        Fault::WrongBytes => whole(content_type, body.iter().map(|byte| !byte).collect()),
        Fault::Redirect(to) => (StatusCode::FOUND, [(header::LOCATION, to)]).into_response(),
        Fault::SlowDrip(pause) => drip(content_type, body, pause),
        // Unwinding ends the connection's task without a word to the client, and without a panic message.
        Fault::Reset => std::panic::resume_unwind(Box::new("this connection ends here on purpose")),
    }
}

fn status(code: u16) -> StatusCode {
    StatusCode::from_u16(code).expect("a test asks for a real status")
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

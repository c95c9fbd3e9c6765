//! What a sound index answers.

use axum::Router;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use flate2::Compression;
use flate2::write::GzEncoder;
use sha2::{Digest, Sha256};

use crate::Fault;
use crate::log::until_the_end;
use crate::project::normalise;
use crate::spoil::{spoil, stale};
use crate::world::{Instead, Shared, World};

pub(crate) const JSON: &str = "application/vnd.pypi.simple.v1+json";
pub(crate) const BYTES: &str = "application/octet-stream";

pub(crate) fn router(world: Shared) -> Router {
    Router::new().fallback(answer).with_state(world)
}

async fn answer(State(world): State<Shared>, request: Request) -> Response {
    let path = request.uri().path().to_owned();
    let (good, fault, one_more) = {
        let mut world = world.lock();
        world.log.add(request.method(), &path, request.headers());
        let fault = world.take_fault(&path);
        (good_answer(&world, &path, fault == Some(Fault::Stale)), fault, world.log.under_way.enter())
    };
    let response = match fault {
        None | Some(Fault::Stale) => good.respond(request.headers()),
        Some(fault) => spoil(good, fault, &path, request.headers()),
    };
    until_the_end(response, one_more)
}

/// What a sound index says.
pub(crate) enum Good {
    /// JSON of the Simple API, with the headers that a cache needs if the index sends them.
    Page {
        body: Bytes,
        validators: Option<Validators>,
    },
    File(Bytes),
    MovedTo(String),
    NotFound,
}

/// `ETag` and `X-PyPI-Last-Serial`.
pub(crate) struct Validators {
    etag: String,
    serial: i64,
}

impl Good {
    /// The answer, as the headers of the request want it.
    pub(crate) fn respond(self, asked: &HeaderMap) -> Response {
        match self {
            Self::Page { body, validators } => page_response(body, validators, asked),
            Self::File(content) => file_response(&content, asked),
            Self::MovedTo(to) => (StatusCode::MOVED_PERMANENTLY, [(header::LOCATION, to)]).into_response(),
            Self::NotFound => StatusCode::NOT_FOUND.into_response(),
        }
    }
}

fn good_answer(world: &World, path: &str, is_stale: bool) -> Good {
    if let Some(extra) = world.extras.get(path) {
        return Good::File(extra.clone());
    }
    let mut parts = path.trim_start_matches('/').split('/');
    match (parts.next(), parts.next(), parts.next(), parts.next()) {
        (Some("simple"), Some(""), None, None) => page_of(world, world.listing(), None),
        (Some("simple"), Some(name), Some(""), None) => project(world, name, is_stale),
        (Some("simple"), Some(name), None, None) => Good::MovedTo(format!("/simple/{name}/")),
        (Some("files"), Some(project), Some(filename), None) => {
            world.file(project, filename).map_or(Good::NotFound, Good::File)
        }
        _ => Good::NotFound,
    }
}

fn project(world: &World, name: &str, is_stale: bool) -> Good {
    let normal = normalise(name);
    let own = world.projects.get(&normal);
    let found = own.map(|own| (own.instead.clone(), own.page()));
    let found = found.or_else(|| world.generated.as_ref()?.project(&normal));
    match found {
        Some(_) if normal != name => Good::MovedTo(format!("/simple/{normal}/")),
        None | Some((Instead::NotFound, _)) => Good::NotFound,
        Some((Instead::MovedTo(to), _)) => Good::MovedTo(format!("/simple/{to}/")),
        Some((Instead::Page, mut page)) => {
            if is_stale {
                stale(&mut page);
            }
            let serial = page["meta"]["_last-serial"].as_i64();
            page_of(world, page.to_string().into(), serial)
        }
    }
}

fn page_of(world: &World, body: Bytes, serial: Option<i64>) -> Good {
    let validators = world.validators.then(|| Validators {
        etag: format!("\"{:.16x}\"", Sha256::digest(&body)),
        serial: serial.unwrap_or_default(),
    });
    Good::Page { body, validators }
}

fn page_response(body: Bytes, validators: Option<Validators>, asked: &HeaderMap) -> Response {
    let mut response = match &validators {
        Some(Validators { etag, .. }) if asked.get(header::IF_NONE_MATCH).is_some_and(|known| known == etag) => {
            StatusCode::NOT_MODIFIED.into_response()
        }
        _ => in_accepted_coding(body, asked),
    };
    if let Some(Validators { etag, serial }) = validators {
        let headers = response.headers_mut();
        headers.insert(header::ETAG, etag.parse().expect("hexadecimal digits"));
        headers.insert("x-pypi-last-serial", serial.into());
    }
    response
}

/// With gzip where it is asked for and worth the work.
fn in_accepted_coding(body: Bytes, asked: &HeaderMap) -> Response {
    let accepts = asked.get(header::ACCEPT_ENCODING).and_then(|value| value.to_str().ok()).unwrap_or_default();
    if body.len() < 10_000 || !accepts.contains("gzip") {
        return ([(header::CONTENT_TYPE, JSON)], body).into_response();
    }
    let mut packed = GzEncoder::new(Vec::new(), Compression::fast());
    std::io::Write::write_all(&mut packed, &body).expect("writing to memory");
    let packed = packed.finish().expect("writing to memory");
    ([(header::CONTENT_TYPE, JSON), (header::CONTENT_ENCODING, "gzip")], packed).into_response()
}

/// The whole file, or the one range that is asked for.
fn file_response(content: &Bytes, asked: &HeaderMap) -> Response {
    let Some(start) = range_start(asked) else {
        return ([(header::CONTENT_TYPE, BYTES)], content.clone()).into_response();
    };
    partial(content, start).unwrap_or_else(|| {
        let range = HeaderValue::from_str(&format!("bytes */{}", content.len())).expect("digits");
        (StatusCode::RANGE_NOT_SATISFIABLE, [(header::CONTENT_RANGE, range)]).into_response()
    })
}

/// The start of `Range: bytes=START-`; other forms are not understood, and so ignored, as the standard allows.
pub(crate) fn range_start(asked: &HeaderMap) -> Option<usize> {
    let text = asked.get(header::RANGE)?.to_str().ok()?;
    text.strip_prefix("bytes=")?.strip_suffix('-')?.parse().ok()
}

/// 206, if there is anything from `start` on.
pub(crate) fn partial(content: &Bytes, start: usize) -> Option<Response> {
    let last = content.len().checked_sub(1).filter(|last| start <= *last)?;
    let range = format!("bytes {start}-{last}/{}", content.len());
    let headers = [(header::CONTENT_TYPE, BYTES.to_owned()), (header::CONTENT_RANGE, range)];
    Some((StatusCode::PARTIAL_CONTENT, headers, Body::from(content.slice(start..))).into_response())
}

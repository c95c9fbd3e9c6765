//! `/api`: what programs may ask, from the same table as the description.

use askama::Template;
use axum::http::HeaderMap;
use axum::http::header::HOST;
use axum::response::Response;

use crate::error::WebError;
use crate::frame::Frame;
use crate::openapi::{Method, OPERATIONS, Operation};
use crate::render;

#[derive(Template)]
#[template(path = "api.html")]
struct Api {
    frame: Frame,
    host: String,
    operations: Vec<Described>,
}

struct Described {
    id: &'static str,
    method: &'static str,
    path: &'static str,
    summary: &'static str,
    more: &'static str,
    parameters: Vec<Row>,
    example: &'static str,
    /// Every survey has an answer to the example.
    is_everywhere: bool,
}

struct Row {
    name: &'static str,
    what: &'static str,
    /// Words that it may be, or how it is written.
    values: String,
    example: &'static str,
    required: bool,
}

/// Words that are named; the description has all.
const NAMED: usize = 8;

pub(crate) async fn api(headers: HeaderMap) -> Result<Response, WebError> {
    let host = headers.get(HOST).and_then(|host| host.to_str().ok()).unwrap_or("localhost");
    let operations = OPERATIONS.iter().map(described).collect();
    render::page(&Api { frame: Frame::plain("For programs", "about"), host: host.to_owned(), operations })
}

fn described(operation: &Operation) -> Described {
    let row = |parameter: crate::openapi::Parameter| Row {
        name: parameter.name,
        what: parameter.what,
        values: values(&(parameter.schema)()),
        example: parameter.example,
        required: parameter.required,
    };
    Described {
        id: operation.id,
        method: match operation.method {
            Method::Get => "GET",
            Method::Post => "POST",
        },
        path: operation.path,
        summary: operation.summary,
        more: operation.more,
        parameters: (operation.parameters)().into_iter().map(row).collect(),
        example: operation.example,
        is_everywhere: !operation.path.contains('{'),
    }
}

/// `blocked, no-blocker, …`; empty for any text.
fn values(schema: &serde_json::Value) -> String {
    if let Some(words) = schema["enum"].as_array() {
        let named: Vec<&str> = words.iter().filter_map(serde_json::Value::as_str).take(NAMED).collect();
        return named.join(", ") + if words.len() > NAMED { ", …" } else { "" };
    }
    match (schema["minimum"].as_u64(), schema["maximum"].as_u64()) {
        (Some(least), Some(most)) => format!("{least} to {most}"),
        _ => String::new(),
    }
}

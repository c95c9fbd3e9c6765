//! The description, OpenAPI 3.1.

use std::sync::LazyLock;

use axum::Json;
use axum::response::{IntoResponse, Response};
use schemars::SchemaGenerator;
use schemars::generate::SchemaSettings;
use serde_json::{Map, Value, json};

use super::{Method, OPERATIONS, Operation, Parameter};
use crate::problem::Details;

/// Where schemas with a name are.
const SCHEMAS: &str = "/components/schemas";

/// What the description says of itself.
const ABOUT: &str = "\
What abiscope knows about the use of CPython's C API, as JSON. Within v1 fields are only added. Each answer names the \
versions that made it and carries an ETag, unless it changes all the time: sent back in If-None-Match, an unchanged answer \
is a 304 without a body. One client gets 100 answers at once, then ten a second; beyond that it is 429, and Retry-After says \
how many seconds to wait. Programs of other sites may read every answer. A failure is application/problem+json (RFC 9457). A \
parameter that an address does not know is ignored; one that it knows must not stand twice, but in whatif.";

static DOCUMENT: LazyLock<Value> = LazyLock::new(document);

/// `/openapi.json`.
pub(crate) async fn json() -> Response {
    Json(&*DOCUMENT).into_response()
}

fn document() -> Value {
    let settings = SchemaSettings::draft2020_12().for_serialize();
    let mut schemas = settings.with(|settings| settings.definitions_path = SCHEMAS.into()).into_generator();
    let problem = schemas.subschema_for::<Details<'_>>();
    let mut paths: Map<String, Value> = Map::new();
    for operation in OPERATIONS {
        let path = paths.entry(operation.path).or_insert_with(|| json!({}));
        path[method(operation)] = described(operation, &mut schemas);
    }
    json!({
        "openapi": "3.1.0",
        "info": {
            "title": "abiscope",
            "version": format!("1 ({})", env!("CARGO_PKG_VERSION")),
            "summary": "Who uses what of CPython's C API, and what keeps an extension from the stable ABI",
            "description": ABOUT,
            "license": { "name": "MIT OR Apache-2.0", "identifier": "MIT OR Apache-2.0" },
        },
        "servers": [{ "url": "/" }],
        "paths": paths,
        "components": {
            "schemas": schemas.take_definitions(true),
            "responses": {
                "Problem": {
                    "description": "It did not work: what happened, and what to do",
                    "content": { "application/problem+json": { "schema": problem } },
                },
            },
            "securitySchemes": { "operator": { "type": "http", "scheme": "bearer" } },
        },
    })
}

const fn method(operation: &Operation) -> &'static str {
    match operation.method {
        Method::Get => "get",
        Method::Post => "post",
    }
}

fn described(operation: &Operation, schemas: &mut SchemaGenerator) -> Value {
    let parameters = (operation.parameters)();
    let posts = operation.method == Method::Post;
    let status = if posts { "201" } else { "200" };
    let mut described = json!({
        "operationId": operation.id,
        "summary": operation.summary,
        "parameters": parameters.iter().filter(|one| one.in_path || !posts).map(parameter).collect::<Vec<_>>(),
        "responses": {
            status: {
                "description": "The answer",
                "content": { "application/json": { "schema": (operation.answer)(schemas) } },
            },
            "default": { "$ref": "#/components/responses/Problem" },
        },
    });
    if !operation.more.is_empty() {
        described["description"] = operation.more.into();
    }
    if posts {
        described["requestBody"] = form(&parameters);
        described["security"] = json!([{ "operator": [] }]);
    }
    described
}

fn parameter(of: &Parameter) -> Value {
    json!({
        "name": of.name,
        "in": if of.in_path { "path" } else { "query" },
        "required": of.required,
        "description": of.what,
        "schema": (of.schema)(),
        "example": of.example,
    })
}

fn form(parameters: &[Parameter]) -> Value {
    let fields: Map<String, Value> = parameters
        .iter()
        .filter(|one| !one.in_path)
        .map(|one| {
            let mut schema = (one.schema)();
            schema["description"] = one.what.into();
            schema["examples"] = json!([one.example]);
            (one.name.to_owned(), schema)
        })
        .collect();
    let schema = json!({ "type": "object", "properties": fields });
    json!({ "required": true, "content": { "application/x-www-form-urlencoded": { "schema": schema } } })
}

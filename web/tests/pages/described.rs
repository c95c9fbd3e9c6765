//! The description of the API and what the API answers are one thing.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use axum::http::StatusCode;
use serde_json::{Value, json};

use crate::client::{get, page};

/// The description, read as a program reads it.
static DOCUMENT: LazyLock<Value> = LazyLock::new(|| {
    let runtime = std::thread::spawn(|| {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
        runtime.block_on(async { get("/openapi.json").await.text })
    });
    serde_json::from_str(&runtime.join().expect("it ran")).expect("JSON")
});

/// Path, method and description of each operation.
pub(crate) fn operations() -> Vec<(String, String, &'static Value)> {
    let paths = DOCUMENT["paths"].as_object().expect("paths");
    let of_path = |(path, methods): (&String, &'static Value)| {
        let methods = methods.as_object().expect("methods");
        methods.iter().map(|(method, operation)| (path.clone(), method.clone(), operation)).collect::<Vec<_>>()
    };
    paths.iter().flat_map(of_path).collect()
}

/// The schema of an answer, with all that it refers to. `closed`: a field that is not described is wrong.
pub(crate) fn answer_schema(operation: &Value, is_closed: bool) -> jsonschema::Validator {
    let responses = &operation["responses"];
    let answer = responses.get("200").or_else(|| responses.get("201")).expect("an answer");
    schema(&answer["content"]["application/json"]["schema"], is_closed)
}

/// The schema of a failure.
pub(crate) fn problem_schema() -> jsonschema::Validator {
    schema(&DOCUMENT["components"]["responses"]["Problem"]["content"]["application/problem+json"]["schema"], true)
}

fn schema(of: &Value, is_closed: bool) -> jsonschema::Validator {
    let mut schema = of.clone();
    schema["components"] = DOCUMENT["components"].clone();
    if is_closed {
        close(&mut schema);
    }
    jsonschema::draft202012::new(&schema).expect("a schema")
}

/// Objects with described fields have no others.
fn close(schema: &mut Value) {
    match schema {
        Value::Object(fields) => {
            if fields.get("properties").is_some_and(Value::is_object) && fields.get("type") == Some(&json!("object")) {
                fields.entry("unevaluatedProperties").or_insert(json!(false));
            }
            fields.values_mut().for_each(close);
        }
        Value::Array(all) => all.iter_mut().for_each(close),
        _ => {}
    }
}

fn complaints(validator: &jsonschema::Validator, answer: &Value) -> Vec<String> {
    validator.iter_errors(answer).map(|error| format!("{}: {error}", error.instance_path())).take(5).collect()
}

#[tokio::test]
async fn every_answer_is_as_described_and_every_field_of_it_is_described() {
    let reply = page("/api").await;
    let mut tried = BTreeSet::new();
    for address in reply.text.split("<code>curl 'http://localhost").skip(1).filter_map(|rest| rest.split('\'').next()) {
        let address = address.replace("&#38;", "&");
        let path = address.split('?').next().expect("a path");
        let of_address = |(pattern, method, _): &(String, String, _)| method == "get" && matches(pattern, path);
        // The first pattern with fewest variables: /projects/{name} and not /{anything}/{anything}.
        let Some((pattern, _, operation)) = operations().into_iter().find(of_address) else { continue };
        let reply = get(&address).await;
        assert_eq!(reply.status, StatusCode::OK, "{address}: {}", reply.text);
        let answer: Value = serde_json::from_str(&reply.text).expect("JSON");
        assert_eq!(complaints(&answer_schema(operation, true), &answer), Vec::<String>::new(), "{address}");
        tried.insert(pattern);
    }
    assert_eq!(tried.len(), 13, "{tried:?}");
}

/// Whether a path is one of a pattern's.
fn matches(pattern: &str, path: &str) -> bool {
    let (pattern, path): (Vec<&str>, Vec<&str>) = (pattern.split('/').collect(), path.split('/').collect());
    pattern.len() == path.len() && pattern.iter().zip(path).all(|(one, other)| one.starts_with('{') || *one == other)
}

#[tokio::test]
async fn the_description_is_whole() {
    assert_eq!(DOCUMENT["openapi"], "3.1.0");
    let mut ids = BTreeSet::new();
    for (path, method, operation) in operations() {
        let id = operation["operationId"].as_str().expect("an id");
        assert!(ids.insert(id), "{id} twice");
        assert!(operation["summary"].as_str().is_some_and(|text| !text.is_empty()), "{id}");
        let parameters = operation["parameters"].as_array().expect("parameters");
        let in_path: BTreeSet<&str> = path.split('{').skip(1).filter_map(|rest| rest.split('}').next()).collect();
        let described: BTreeSet<&str> =
            parameters.iter().filter(|one| one["in"] == "path").filter_map(|one| one["name"].as_str()).collect();
        assert_eq!(in_path, described, "{method} {path}");
        for parameter in parameters {
            assert!(jsonschema::draft202012::meta::is_valid(&parameter["schema"]), "{id}: {parameter}");
            assert!(parameter["description"].as_str().is_some_and(|text| !text.is_empty()), "{id}: {parameter}");
        }
    }
    for (name, schema) in DOCUMENT["components"]["schemas"].as_object().expect("schemas") {
        assert!(jsonschema::draft202012::meta::is_valid(schema), "{name}: {schema}");
    }
    for reference in references(&DOCUMENT) {
        let pointer = reference.strip_prefix('#').expect("inside");
        assert!(DOCUMENT.pointer(pointer).is_some(), "{reference} leads nowhere");
    }
}

fn references(value: &Value) -> Vec<String> {
    match value {
        Value::Object(fields) => {
            let own = fields.get("$ref").and_then(Value::as_str).map(str::to_owned);
            own.into_iter().chain(fields.values().flat_map(references)).collect()
        }
        Value::Array(all) => all.iter().flat_map(references).collect(),
        _ => Vec::new(),
    }
}

#[tokio::test]
async fn the_page_for_people_names_every_operation_and_parameter() {
    let reply = page("/api").await;
    for (path, method, operation) in operations() {
        assert!(reply.text.contains(&format!("<code>{} {path}</code>", method.to_uppercase())), "{method} {path}");
        for parameter in operation["parameters"].as_array().expect("parameters") {
            reply.says(parameter["name"].as_str().expect("a name"));
        }
    }
    page("/about").await.says("What programs may ask");
}

#[tokio::test]
async fn a_failure_is_as_described() {
    for address in ["/api/v1/none", "/api/v1/projects?page=0", "/api/v1/whatif", "/api/v1/projects/numpy/9.9"] {
        let reply = get(address).await;
        let problem: Value = serde_json::from_str(&reply.text).expect("JSON");
        assert_eq!(complaints(&problem_schema(), &problem), Vec::<String>::new(), "{address}");
    }
}

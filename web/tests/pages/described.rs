//! The description of the API and what the API answers are one thing.

use std::collections::BTreeSet;

use axum::http::StatusCode;
use serde_json::{Value, json};

use crate::client::{get, page};

/// The description, read as a program reads it.
pub(crate) struct Document(Value);

impl Document {
    pub(crate) async fn read() -> Self {
        Self(serde_json::from_str(&page("/openapi.json").await.text).expect("JSON"))
    }

    /// Path, method and description of each operation.
    pub(crate) fn operations(&self) -> Vec<(&str, &str, &Value)> {
        let paths = self.0["paths"].as_object().expect("paths");
        let mut found = Vec::new();
        for (path, methods) in paths {
            let methods = methods.as_object().expect("methods");
            found.extend(methods.iter().map(|(method, operation)| (path.as_str(), method.as_str(), operation)));
        }
        found
    }

    /// The schema of an answer, with all that it refers to. A field that is not described is wrong.
    pub(crate) fn answer_schema(&self, operation: &Value) -> jsonschema::Validator {
        let responses = &operation["responses"];
        let answer = responses.get("200").or_else(|| responses.get("201")).expect("an answer");
        self.schema(&answer["content"]["application/json"]["schema"])
    }

    /// The schema of a failure.
    pub(crate) fn problem_schema(&self) -> jsonschema::Validator {
        self.schema(&self.0["components"]["responses"]["Problem"]["content"]["application/problem+json"]["schema"])
    }

    fn schema(&self, of: &Value) -> jsonschema::Validator {
        let mut schema = of.clone();
        schema["components"] = self.0["components"].clone();
        close(&mut schema);
        jsonschema::draft202012::new(&schema).expect("a schema")
    }
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

pub(crate) fn complaints(validator: &jsonschema::Validator, answer: &Value) -> Vec<String> {
    validator.iter_errors(answer).map(|error| format!("{}: {error}", error.instance_path())).take(5).collect()
}

#[tokio::test]
async fn every_answer_is_as_described_and_every_field_of_it_is_described() {
    let (reply, document) = (page("/api").await, Document::read().await);
    let mut tried = BTreeSet::new();
    for address in reply.text.split("<code>curl 'http://localhost").skip(1).filter_map(|rest| rest.split('\'').next()) {
        let address = address.replace("&#38;", "&");
        let path = address.split('?').next().expect("a path");
        let of_address = |(pattern, method, _): &(&str, &str, _)| *method == "get" && matches(pattern, path);
        // The first pattern with fewest variables: /projects/{name} and not /{anything}/{anything}.
        let Some((pattern, _, operation)) = document.operations().into_iter().find(of_address) else { continue };
        let reply = get(&address).await;
        assert_eq!(reply.status, StatusCode::OK, "{address}: {}", reply.text);
        let answer: Value = serde_json::from_str(&reply.text).expect("JSON");
        assert_eq!(complaints(&document.answer_schema(operation), &answer), Vec::<String>::new(), "{address}");
        tried.insert(pattern.to_owned());
    }
    assert_eq!(tried.len(), 17, "{tried:?}");
}

/// Whether a path is one of a pattern's.
fn matches(pattern: &str, path: &str) -> bool {
    let (pattern, path): (Vec<&str>, Vec<&str>) = (pattern.split('/').collect(), path.split('/').collect());
    pattern.len() == path.len() && pattern.iter().zip(path).all(|(one, other)| one.starts_with('{') || *one == other)
}

#[tokio::test]
async fn the_description_is_whole() {
    let document = Document::read().await;
    assert_eq!(document.0["openapi"], "3.1.0");
    let mut ids = BTreeSet::new();
    for (path, method, operation) in document.operations() {
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
    for (name, schema) in document.0["components"]["schemas"].as_object().expect("schemas") {
        assert!(jsonschema::draft202012::meta::is_valid(schema), "{name}: {schema}");
    }
    for reference in references(&document.0) {
        let pointer = reference.strip_prefix('#').expect("inside");
        assert!(document.0.pointer(pointer).is_some(), "{reference} leads nowhere");
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
    let (reply, document) = (page("/api").await, Document::read().await);
    for (path, method, operation) in document.operations() {
        assert!(reply.text.contains(&format!("<code>{} {path}</code>", method.to_uppercase())), "{method} {path}");
        for parameter in operation["parameters"].as_array().expect("parameters") {
            reply.says(parameter["name"].as_str().expect("a name"));
        }
    }
    page("/about").await.says("What programs may ask");
}

#[tokio::test]
async fn a_failure_is_as_described() {
    let problem_schema = Document::read().await.problem_schema();
    for address in ["/api/v1/none", "/api/v1/projects?page=0", "/api/v1/whatif", "/api/v1/projects/numpy/9.9"] {
        let reply = get(address).await;
        let problem: Value = serde_json::from_str(&reply.text).expect("JSON");
        assert_eq!(complaints(&problem_schema, &problem), Vec::<String>::new(), "{address}");
    }
}

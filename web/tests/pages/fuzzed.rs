//! Whatever is asked of the API, over a real database: never a failure of the server, and always an answer as described.

use std::sync::Arc;

use analyzer::{SourceFile, SourceTree};
use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{Request, StatusCode};
use packaging::ReleaseVersion;
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;
use serde_json::Value;
use sqlx::{ConnectOptions, PgPool};
use store::{Blobs, FileKind, FileRecord, ProjectPage, ProjectState, ReleaseRecord, ReleaseState, Sha256, Store};

use web::{Config, OperatorToken};

use crate::described::{Document, complaints};

const TOKEN: &str = "0123456789abcdef-operator";

/// Requests of each operation.
const CASES: usize = 60;

/// What nobody means, but somebody sends.
const WILD: [&str; 16] = [
    "",
    " ",
    "0",
    "-1",
    "99999999999999999999",
    "NaN",
    "\0",
    "a\0b",
    "'; DROP TABLE uses; --",
    "%",
    "_",
    "../../etc/passwd",
    "\u{202e}\u{200b}ß",
    "<script>",
    "*",
    "PyObject.ob_type,Py_TYPE,,",
];

/// Numpy with two releases, as an sdist would have it.
async fn store(pool: &PgPool) -> Store {
    let url = pool.connect_options().to_url_lossy().to_string();
    Store::migrate(&url).await.expect("the queue's tables");
    let store = Store::connect(&url, Blobs::in_memory()).await.expect("a store");
    let source = b"#include <Python.h>\nPyObject *f(PyObject *t) { Py_TYPE(t) = 0; return PyTuple_GET_ITEM(t, 0); }\n";
    let files = vec![SourceFile { path: "src/a.c".to_owned(), bytes: source.to_vec().into() }];
    let tree = SourceTree { name: "numpy-2.5.5.tar.gz".to_owned(), files, ..SourceTree::default() };
    let releases = ["2.5.4", "2.5.5"].map(|version| release(version, version == "2.5.5"));
    let page = ProjectPage {
        name: "numpy".parse().expect("a name"),
        display_name: "NumPy".to_owned(),
        state: ProjectState::Listed,
        status_text: None,
        history: None,
        serial: None,
        etag: None,
        releases: releases.into(),
    };
    store.project_recorded(&page).await.expect("recorded");
    for version in ["2.5.4", "2.5.5"] {
        let file =
            store.selected_file(&page.name, &ReleaseVersion::new(version)).await.expect("asked").expect("selected");
        store.file_fetched(file, bytes::Bytes::from(version.as_bytes().to_vec())).await.expect("fetched");
        let report = analyzer::analyze(&tree, &analyzer::Options::default());
        store.file_analysed(file, &tree, &report).await.expect("analysed");
    }
    store
}

fn release(version: &str, latest: bool) -> ReleaseRecord {
    let sdist = FileRecord {
        filename: format!("numpy-{version}.tar.gz"),
        url: format!("https://files.example/numpy-{version}.tar.gz"),
        sha256: Some(Sha256::of(version.as_bytes())),
        size: Some(5),
        uploaded_at: None,
        yanked: None,
        kind: FileKind::Sdist,
    };
    ReleaseRecord {
        version: ReleaseVersion::new(version),
        prerelease: false,
        yanked: false,
        latest,
        requires_python: None,
        uploaded_at: None,
        state: ReleaseState::Selected,
        reason: None,
        selected: Some(0),
        files: vec![sdist],
    }
}

/// A value of a parameter: as described, wild, or anything.
fn value(parameter: &Value) -> impl Strategy<Value = String> + use<> {
    let mut known: Vec<String> = parameter["example"].as_str().map(str::to_owned).into_iter().collect();
    let words = parameter["schema"]["enum"].as_array().into_iter().flatten();
    known.extend(words.filter_map(Value::as_str).map(str::to_owned));
    known.extend(["numpy", "2.5.5", "PyTuple_GET_ITEM", "3.15"].map(str::to_owned));
    prop_oneof![
        4 => prop::sample::select(known),
        2 => prop::sample::select(WILD.to_vec()).prop_map(str::to_owned),
        1 => any::<String>(),
        1 => Just("a".repeat(5000)),
    ]
}

/// What is sent: the path with its parameters, and the others as a query or a form; some of them twice.
fn request(path: &str, operation: &Value) -> impl Strategy<Value = (String, String)> + use<> {
    let path = path.to_owned();
    let mut parameters = operation["parameters"].as_array().cloned().unwrap_or_default();
    let form = &operation["requestBody"]["content"]["application/x-www-form-urlencoded"]["schema"]["properties"];
    let field = |(name, schema): (&String, &Value)| serde_json::json!({ "name": name, "schema": schema, "example": schema["examples"][0] });
    parameters.extend(form.as_object().into_iter().flatten().map(field));
    let given: Vec<_> = parameters
        .iter()
        .map(|one| {
            (Just(one.clone()), prop::collection::vec(value(one), if one["in"] == "path" { 1..2 } else { 0..3 }))
        })
        .collect();
    given.prop_map(move |given| {
        let (mut path, mut pairs) = (path.clone(), Vec::new());
        for (parameter, values) in given {
            let name = parameter["name"].as_str().expect("a name");
            for value in values {
                let value = escaped(&value);
                if parameter["in"] == "path" {
                    path = path.replace(&format!("{{{name}}}"), &value);
                } else {
                    pairs.push(format!("{name}={value}"));
                }
            }
        }
        (path, pairs.join("&"))
    })
}

fn escaped(text: &str) -> String {
    text.bytes().fold(String::new(), |out, byte| match byte {
        b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'.' | b'_' => out + &char::from(byte).to_string(),
        _ => format!("{out}%{byte:02X}"),
    })
}

async fn ask(router: &Router, method: &str, path: &str, pairs: &str) -> (StatusCode, String, Value) {
    let request = match method {
        "get" => Request::get(format!("{path}?{pairs}")).body(Body::empty()),
        _ => Request::post(path)
            .header("authorization", format!("Bearer {TOKEN}"))
            .header("content-type", "application/x-www-form-urlencoded")
            .body(Body::from(pairs.to_owned())),
    };
    let response = tower::ServiceExt::oneshot(router.clone(), request.expect("a request")).await;
    let (parts, body) = response.expect("the router never fails").into_parts();
    let kind = parts.headers.get("content-type").and_then(|kind| kind.to_str().ok()).unwrap_or_default().to_owned();
    let bytes = to_bytes(body, 50_000_000).await.expect("a body");
    (parts.status, kind, serde_json::from_slice(&bytes).unwrap_or(Value::Null))
}

#[sqlx::test(migrations = "../migrations")]
async fn no_request_makes_the_server_fail_and_every_answer_is_as_described(pool: PgPool) {
    let store = store(&pool).await;
    let config = Config { operator_token: OperatorToken::new(TOKEN), ..Config::default() };
    let (router, document) = (web::router_over(Arc::new(store), config), Document::read().await);
    let (mut runner, problem) = (TestRunner::deterministic(), document.problem_schema());
    let mut good = 0;
    for (path, method, operation) in document.operations() {
        let (schema, requests) = (document.answer_schema(operation), request(path, operation));
        for _ in 0..CASES {
            let (path, pairs) = requests.new_tree(&mut runner).expect("a case").current();
            let (status, kind, answer) = ask(&router, method, &path, &pairs).await;
            let cut: String = format!("{method} {path}?{pairs}").chars().take(300).collect();
            assert!(status.as_u16() < 500, "{status} for {cut}: {answer}");
            if status.is_redirection() {
                continue;
            }
            assert_eq!(kind == "application/problem+json", !status.is_success(), "{status} {kind} for {cut}");
            let complaints = complaints(if status.is_success() { &schema } else { &problem }, &answer);
            assert!(complaints.is_empty(), "{status} for {cut}: {complaints:?}");
            good += usize::from(status.is_success());
        }
    }
    assert!(good > 100, "only {good} requests had an answer");
}

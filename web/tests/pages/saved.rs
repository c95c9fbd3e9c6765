//! Answers that are given once.

use std::sync::Arc;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{HeaderMap, Request, StatusCode};
use tower::ServiceExt;
use web::{Config, OperatorToken};

use crate::world::World;

const TOKEN: &str = "0123456789abcdef-operator";
const QUESTION: &str = "opaque=PyTypeObject&title=Opaque+types";

/// A server that outlives its requests.
struct Server {
    world: Arc<World>,
    router: Router,
}

impl Server {
    fn new(token: Option<&str>) -> Self {
        let world = Arc::new(World::new());
        let operator_token = token.and_then(OperatorToken::new);
        let router = web::router_over(world.clone(), Config { operator_token, ..Config::default() });
        Self { world, router }
    }

    async fn answer(&self, request: Request<Body>) -> (StatusCode, HeaderMap, String) {
        let response = self.router.clone().oneshot(request).await.expect("the router never fails");
        let (parts, body) = response.into_parts();
        let bytes = to_bytes(body, 10_000_000).await.expect("a body");
        (parts.status, parts.headers, String::from_utf8_lossy(&bytes).into_owned())
    }

    async fn get(&self, address: &str) -> (StatusCode, HeaderMap, String) {
        self.answer(Request::get(address).body(Body::empty()).expect("a request")).await
    }

    async fn save(&self, authorization: Option<&str>, fields: &str) -> (StatusCode, HeaderMap, String) {
        let request = Request::post("/api/v1/whatif").header("content-type", "application/x-www-form-urlencoded");
        let request = authorization.into_iter().fold(request, |request, value| request.header("authorization", value));
        self.answer(request.body(Body::from(fields.to_owned())).expect("a request")).await
    }

    /// Saves the question; returns its address.
    async fn saved(&self) -> String {
        let (status, headers, text) = self.save(Some(&format!("Bearer {TOKEN}")), QUESTION).await;
        assert_eq!(status, StatusCode::CREATED, "{text}");
        headers["location"].to_str().expect("text").to_owned()
    }
}

#[tokio::test]
async fn only_the_operator_saves() {
    let server = Server::new(Some(TOKEN));
    for sent in [None, Some("Bearer wrong"), Some(TOKEN), Some("Basic abc"), Some("Bearer "), Some("bearer é")] {
        let (status, headers, text) = server.save(sent, QUESTION).await;
        assert_eq!(status, StatusCode::UNAUTHORIZED, "{sent:?}");
        assert_eq!(headers["www-authenticate"], "Bearer");
        assert_eq!(headers["content-type"], "application/problem+json");
        assert!(text.contains("Authorization: Bearer TOKEN"), "{text}");
    }
    let (status, _, text) = Server::new(None).save(Some(&format!("Bearer {TOKEN}")), QUESTION).await;
    assert_eq!((status, text.contains("without an operator's token")), (StatusCode::FORBIDDEN, true), "{text}");
    assert!(OperatorToken::new("  too short  ").is_none());
    let (status, _, text) = server.save(Some(&format!("Bearer {TOKEN}")), "remove=PyTuple_GETITEM").await;
    assert_eq!((status, text.contains("PyTuple_GET_ITEM")), (StatusCode::BAD_REQUEST, true), "{text}");
    assert!(server.world.saved.lock().expect("nobody panicked").is_empty());
}

#[tokio::test]
async fn a_saved_answer_has_an_address_of_its_own_and_files_that_never_change() {
    let server = Server::new(Some(TOKEN));
    let address = server.saved().await;
    assert_eq!(server.saved().await, address, "the same question of the same snapshot");
    let (status, _, page) = server.get(&address).await;
    assert_eq!(status, StatusCode::OK);
    for words in ["Opaque types", "This answer was given on 2026-11-23", "analyzer 4, C-API data 3.15.0", "affected"] {
        assert!(page.contains(words), "{words} in {page}");
    }
    assert!(page.contains(&format!("{address}/answer.rst")) && page.contains(&format!("{address}?status=affected")));
    let (_, _, guarded) = server.get(&format!("{address}?status=guarded")).await;
    assert!(!guarded.contains("/projects/numpy/2.5.5/sites"), "only guarded ones");
    let (status, headers, csv) = server.get(&format!("{address}/answer.csv")).await;
    assert_eq!((status, csv.starts_with("project,")), (StatusCode::OK, true), "{csv}");
    assert!(headers["cache-control"].to_str().expect("text").contains("immutable"));
    let id = address.rsplit('/').next().expect("an ID");
    assert_eq!(headers["etag"], format!("\"{id}\""));
    let (_, _, json) = server.get(&format!("/api/v1/whatif/{id}")).await;
    let json: serde_json::Value = serde_json::from_str(&json).expect("JSON");
    assert_eq!((json["id"].as_str(), json["answer"]["title"].as_str()), (Some(id), Some("Opaque types")));
    let (_, _, form) = server.get("/whatif").await;
    assert!(form.contains("Saved answers") && form.contains(&format!("href=\"{address}\"")));
}

#[tokio::test]
async fn what_became_of_it_is_told_in_every_form() {
    let server = Server::new(Some(TOKEN));
    let first = server.saved().await;
    let (status, _, page) = server.get(&format!("{first}/difference")).await;
    assert_eq!((status, page.contains("nothing changed")), (StatusCode::OK, true), "{page}");
    let id = first.rsplit('/').next().expect("an ID").parse().expect("an ID");
    // As if one project had not been affected when it was saved.
    server.world.saved.lock().expect("nobody panicked").get_mut(&id).expect("saved").answer.rows.remove(0);
    let (_, _, page) = server.get(&format!("{first}/difference")).await;
    assert!(page.contains("1 newly affected"), "{page}");
    for (ending, words) in [
        ("rst", "Newly affected (1):"),
        ("md", "Newly affected (1):"),
        ("csv", "newly-affected"),
        ("json", "newly-affected"),
    ] {
        let (status, _, text) = server.get(&format!("{first}/difference.{ending}")).await;
        assert_eq!((status, text.contains(words)), (StatusCode::OK, true), "{ending}: {text}");
    }
    *server.world.version.lock().expect("nobody panicked") += 1;
    let second = server.saved().await;
    assert_ne!(first, second, "another snapshot");
    let to = second.rsplit('/').next().expect("an ID");
    let (_, _, between) = server.get(&format!("/api/v1/whatif/{id}/difference?to={to}")).await;
    assert!(between.contains("newly-affected"), "{between}");
    let (_, headers, _) = server.save(Some(&format!("Bearer {TOKEN}")), "remove=Py_TYPE").await;
    let other = headers["location"].to_str().expect("text").rsplit('/').next().expect("an ID").to_owned();
    let (status, _, text) = server.get(&format!("{first}/difference?to={other}")).await;
    assert_eq!((status, text.contains("answers to two questions")), (StatusCode::BAD_REQUEST, true), "{text}");
}

#[tokio::test]
async fn what_is_not_saved_is_not_there() {
    let server = Server::new(Some(TOKEN));
    let saved = server.saved().await;
    for address in [
        "/whatif/0123456789abcdef0123",
        "/whatif/nonsense",
        "/whatif/0123456789abcdef0123/answer.csv",
        "/api/v1/whatif/0123456789abcdef0123",
        "/api/v1/whatif/x/difference",
        &format!("{saved}/answer.exe"),
        &format!("{saved}/difference?to=0123456789abcdef0123"),
    ] {
        assert_eq!(server.get(address).await.0, StatusCode::NOT_FOUND, "{address}");
    }
}

//! What programs of other sites meet when they are refused: they may read it, and it says what to do.

use std::sync::Arc;

use axum::body::{Body, to_bytes};
use axum::http::{Request, Response, StatusCode, header};
use serde_json::Value;
use tower::ServiceExt;

use crate::world::World;

/// One server over `world`, behind a proxy that names its clients.
struct Server(axum::Router);

impl Server {
    fn over(world: World) -> Self {
        let config =
            web::Config { client_header: Some("x-forwarded-for".parse().expect("a header")), ..Default::default() };
        Self(web::router_over(Arc::new(world), config))
    }

    async fn ask(&self, method: &str, address: &str, more: &[(&str, &str)]) -> Response<Body> {
        let mut request = Request::builder().method(method).uri(address).header("origin", "https://elsewhere.example");
        for (name, value) in more {
            request = request.header(*name, *value);
        }
        let request = request.body(Body::empty()).expect("a request");
        self.0.clone().oneshot(request).await.expect("the router never fails")
    }
}

fn is_readable_from_elsewhere(response: &Response<Body>) -> bool {
    response.headers().get(header::ACCESS_CONTROL_ALLOW_ORIGIN).is_some_and(|origin| origin == "*")
}

async fn text(response: Response<Body>) -> String {
    let bytes = to_bytes(response.into_body(), 1_000_000).await.expect("a body");
    String::from_utf8(bytes.to_vec()).expect("text")
}

#[tokio::test]
async fn a_refusal_can_be_read_from_other_sites_whoever_refuses() {
    let server = Server::over(World::new());
    for (address, status) in [
        ("/api/v1/projects/nobody", 404),
        ("/api/v1/none", 404),
        ("/api/v1/projects/numpy/2.5.5/none", 404),
        ("/api/v1/overview?target=abi3-9.9", 400),
        ("/projects.csv?sort=worst", 400),
    ] {
        let reply = server.ask("GET", address, &[]).await;
        assert_eq!(reply.status().as_u16(), status, "{address}");
        assert!(is_readable_from_elsewhere(&reply), "{address}");
    }
    let gone = Server::over(World { gone: true, ..World::new() });
    let reply = gone.ask("GET", "/api/v1/projects", &[]).await;
    assert_eq!(reply.status(), StatusCode::SERVICE_UNAVAILABLE);
    assert!(is_readable_from_elsewhere(&reply), "503");
}

#[tokio::test]
async fn an_unchanged_answer_can_be_read_from_other_sites() {
    let server = Server::over(World::new());
    let first = server.ask("GET", "/api/v1/items", &[]).await;
    let tag = first.headers()[header::ETAG].to_str().expect("text").to_owned();
    let again = server.ask("GET", "/api/v1/items", &[("if-none-match", &tag)]).await;
    assert_eq!(again.status(), StatusCode::NOT_MODIFIED);
    assert!(is_readable_from_elsewhere(&again));
}

#[tokio::test]
async fn who_asks_too_often_learns_it_before_the_database_is_asked() {
    let server = Server::over(World { gone: true, ..World::new() });
    let client = [("x-forwarded-for", "192.0.2.1")];
    for _ in 0..100 {
        let reply = server.ask("GET", "/api/v1/status", &client).await;
        assert_eq!(reply.status(), StatusCode::SERVICE_UNAVAILABLE);
    }
    let refused = server.ask("GET", "/api/v1/status", &client).await;
    assert_eq!(refused.status(), StatusCode::TOO_MANY_REQUESTS);
    assert!(is_readable_from_elsewhere(&refused));
    assert!(refused.headers().contains_key(header::RETRY_AFTER));
}

#[tokio::test]
async fn a_failure_is_problem_details_and_says_what_to_do() {
    let server = Server::over(World::new());
    for (address, status) in
        [("/api/v1/overview?target=abi3-9.9", 400), ("/api/v1/none", 404), ("/items.csv?page=0", 400)]
    {
        let reply = server.ask("GET", address, &[]).await;
        assert_eq!(reply.headers()[header::CONTENT_TYPE], "application/problem+json", "{address}");
        let body: Value = serde_json::from_str(&text(reply).await).expect("JSON");
        assert_eq!((&body["type"], &body["status"]), (&"about:blank".into(), &status.into()), "{address}");
        for member in ["title", "detail", "next"] {
            assert!(body[member].as_str().is_some_and(|text| !text.is_empty()), "{address}: {member}");
        }
        assert_eq!(body["error"]["what"], body["detail"], "the first form stays");
    }
}

#[tokio::test]
async fn other_sites_learn_beforehand_that_they_may_read_and_may_hold_a_tag() {
    let server = Server::over(World::new());
    let asked = [("access-control-request-method", "GET"), ("access-control-request-headers", "if-none-match")];
    let reply = server.ask("OPTIONS", "/api/v1/projects/numpy", &asked).await;
    assert!(reply.status().is_success() && is_readable_from_elsewhere(&reply));
    assert_eq!(reply.headers()[header::ACCESS_CONTROL_ALLOW_METHODS], "GET,HEAD");
    assert_eq!(reply.headers()[header::ACCESS_CONTROL_ALLOW_HEADERS], "if-none-match,range");
}

#[tokio::test]
async fn a_head_has_the_headers_of_its_get_and_no_body() {
    let server = Server::over(World::new());
    let whole = server.ask("GET", "/api/v1/projects", &[]).await;
    let head = server.ask("HEAD", "/api/v1/projects", &[]).await;
    for name in [header::ETAG, header::CONTENT_TYPE, header::ACCESS_CONTROL_ALLOW_ORIGIN] {
        assert_eq!(head.headers().get(&name), whole.headers().get(&name), "{name}");
    }
    assert_eq!(text(head).await, "");
}

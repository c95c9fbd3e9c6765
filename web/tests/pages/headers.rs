//! What every answer carries.

use std::sync::Arc;

use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use tower::ServiceExt;

use crate::client::{PAGES, ask, get, page};
use crate::world::World;

#[tokio::test]
async fn every_answer_allows_nothing_from_elsewhere_and_nothing_inline() {
    for address in PAGES.into_iter().chain(["/nope", "/api/v1/status", "/projects.csv", "/robots.txt"]) {
        let reply = get(address).await;
        let policy = reply.header("content-security-policy");
        assert!(
            policy.starts_with("default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:;"),
            "{address}"
        );
        assert!(!policy.contains("unsafe"));
        assert_eq!(reply.header("x-content-type-options"), "nosniff", "{address}");
        assert_eq!(reply.header("referrer-policy"), "same-origin", "{address}");
        if !reply.header("content-type").starts_with("text/html") {
            continue;
        }
        for inline in [" style=\"", "<style", " onclick", "<script>"] {
            assert!(!reply.text.contains(inline), "{address} has {inline:?}");
        }
    }
}

#[tokio::test]
async fn answers_for_programs_may_be_read_from_other_sites_and_pages_may_not() {
    for address in
        ["/api/v1/status", "/api/v1/projects/numpy", "/projects.csv", "/whatif.rst?remove=Py_TYPE", "/unlock.json"]
    {
        let reply = get(address).await;
        assert_eq!(reply.header("access-control-allow-origin"), "*", "{address}");
    }
    for address in ["/", "/projects/numpy", "/whatif"] {
        assert_eq!(get(address).await.header("access-control-allow-origin"), "", "{address}");
    }
}

#[tokio::test]
async fn an_unchanged_page_is_not_sent_again() {
    let world = Arc::new(World::new());
    let router = web::router_over(Arc::clone(&world) as Arc<dyn web::Survey>, web::Config::default());
    let ask = |tag: Option<String>| {
        let mut request = Request::get("/projects?q=num");
        if let Some(tag) = tag {
            request = request.header(header::IF_NONE_MATCH, tag);
        }
        router.clone().oneshot(request.body(Body::empty()).expect("a request"))
    };
    let first = ask(None).await.expect("an answer");
    assert_eq!(first.headers()[header::CACHE_CONTROL], "no-cache");
    let tag = first.headers()[header::ETAG].to_str().expect("text").to_owned();
    let again = ask(Some(format!("\"other\", {tag}"))).await.expect("an answer");
    assert_eq!(again.status(), StatusCode::NOT_MODIFIED);
    assert_eq!(ask(Some("\"other\"".to_owned())).await.expect("an answer").status(), StatusCode::OK);

    let other_page = page("/projects?q=lxml").await;
    assert_ne!(other_page.header("etag"), tag);
    *world.version.lock().expect("a number") += 1;
    // A router of its own, because a data version is believed for a second.
    let changed = web::router_over(world as Arc<dyn web::Survey>, web::Config::default());
    let request = Request::get("/projects?q=num").header(header::IF_NONE_MATCH, &tag).body(Body::empty());
    let reply = changed.oneshot(request.expect("a request")).await.expect("an answer");
    assert_eq!(reply.status(), StatusCode::OK);
    assert_ne!(reply.headers()[header::ETAG], tag.as_str());
}

#[tokio::test]
async fn pages_are_compressed_for_those_who_ask() {
    let request = Request::get("/projects").header(header::ACCEPT_ENCODING, "gzip").body(Body::empty());
    let reply = ask(World::new(), request.expect("a request")).await;
    assert_eq!(reply.header("content-encoding"), "gzip");
}

#[tokio::test]
async fn assets_are_kept_for_a_year_under_an_address_that_names_their_content() {
    let home = page("/").await;
    for asset in ["/static/style.", "/static/keys.", "/static/favicon."] {
        let start = home.text.find(asset).expect("a link");
        let path: String = home.text[start..].chars().take_while(|c| *c != '"').collect();
        let reply = page(&path).await;
        assert!(reply.header("cache-control").contains("immutable"), "{path}");
    }
}

#[tokio::test]
async fn no_page_is_larger_than_two_hundred_kilobytes() {
    for address in PAGES {
        let size = get(address).await.text.len();
        assert!(size <= 200_000, "{address}: {size} bytes");
    }
}

//! What cannot be answered.

use axum::body::Body;
use axum::http::{Request, StatusCode};

use crate::client::{ask, get};
use crate::world::World;

async fn gone(address: &str) -> crate::client::Reply {
    let world = World { gone: true, ..World::new() };
    ask(world, Request::get(address).body(Body::empty()).expect("a request")).await
}

#[tokio::test]
async fn a_database_that_is_gone_has_a_page_and_keeps_the_cause_for_the_log() {
    for address in ["/", "/projects", "/projects/numpy", "/items", "/status", "/search?q=x"] {
        let reply = gone(address).await;
        assert_eq!(reply.status, StatusCode::SERVICE_UNAVAILABLE, "{address}");
        reply.says("No data for the moment 503").says("Nothing of the survey is lost.");
        assert!(!reply.text.to_lowercase().contains("pool"), "the cause is not the visitor's business");
        assert_eq!(reply.header("cache-control"), "no-store");
    }
    assert_eq!(gone("/readyz").await.status, StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(gone("/healthz").await.status, StatusCode::OK);
    assert_eq!(gone("/about").await.status, StatusCode::OK);
}

#[tokio::test]
async fn what_is_not_here_says_where_to_go() {
    for (address, words) in [
        ("/nope", "There is no page at this address."),
        ("/projects/nobody", "abiscope survey nobody"),
        ("/projects/-bad-", "is not a project name"),
        ("/projects/numpy/9.9", "The survey has no release 9.9 of numpy."),
        ("/items/PyNothing", "No project of the survey uses it"),
        ("/projects/numpy/2.5.5/sites?item=PyNothing", "No site of PyNothing was found"),
    ] {
        let reply = get(address).await;
        assert_eq!(reply.status, StatusCode::NOT_FOUND, "{address}");
        reply.says(words).says("Search for a project or an item above");
    }
}

#[tokio::test]
async fn an_address_that_asks_for_what_cannot_be_says_why() {
    for (address, words) in [
        ("/?target=abi3t-3.14", "is not a target: try abi3-3.2 to abi3-3.15, or abi3t-3.15"),
        ("/projects?verdict=fine", "is not a verdict: try no-blocker, blocked"),
        ("/projects?sort=worst", "is not an order"),
        ("/projects?page=0", "is not a page"),
        ("/items?kind=verb", "is not a kind: try api, member"),
        ("/projects/numpy/2.5.5/sites", "needs item="),
        ("/projects/numpy/2.5.5/source?path=a.c&line=0", "needs path= and line="),
        ("/projects?q=a&q=b", "stands twice"),
    ] {
        let reply = get(address).await;
        assert_eq!(reply.status, StatusCode::BAD_REQUEST, "{address}");
        reply.says(words);
    }
}

#[tokio::test]
async fn nothing_can_be_written() {
    let request = Request::post("/projects").body(Body::empty()).expect("a request");
    let reply = ask(World::new(), request).await;
    assert_eq!(reply.status, StatusCode::METHOD_NOT_ALLOWED);
    assert_eq!(reply.header("allow"), "GET,HEAD");
    reply.says("can only be read");
}

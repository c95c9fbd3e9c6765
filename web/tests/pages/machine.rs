//! The JSON API and the addresses for machines.

use axum::http::StatusCode;
use serde_json::Value;

use crate::client::get;

async fn json(address: &str) -> Value {
    let reply = get(address).await;
    assert_eq!(reply.status, StatusCode::OK, "{address}: {}", reply.text);
    assert_eq!(reply.header("content-type"), "application/json");
    serde_json::from_str(&reply.text).expect("JSON")
}

#[tokio::test]
async fn answers_carry_the_versions_that_made_them() {
    let overview = json("/api/v1/overview?target=abi3-3.9").await;
    assert_eq!(overview["data_version"], 17);
    assert_eq!(overview["analyzer_version"], analyzer::ANALYZER_VERSION);
    assert_eq!(overview["capi_version"], capi::DATA_VERSION);
    assert_eq!(overview["chain"]["with_native"], 32);
    assert_eq!(overview["targets"][0]["target"], "abi3-3.2");
}

#[tokio::test]
async fn the_api_has_what_the_pages_have() {
    assert_eq!(json("/api/v1/projects?verdict=pure").await["total"], 2);
    assert_eq!(json("/projects.json?q=numpy").await["rows"][0]["name"], "numpy");
    let numpy = json("/api/v1/projects/numpy").await;
    assert_eq!(numpy["project"]["state"], "listed");
    assert_eq!(numpy["release"]["file"]["verdicts"][14]["target"], "abi3t-3.15");
    assert_eq!(json("/api/v1/projects/numpy/2.5.5").await["release"]["version"], "2.5.5");
    assert_eq!(json("/api/v1/projects/simplejson/4.3.0/sites?item=PyUnicode_READ").await["total"], 21);
    assert_eq!(json("/api/v1/items?q=PyTuple_GET_ITEM").await["rows"][0]["projects"], 7);
    assert_eq!(json("/api/v1/items/PyTuple_GET_ITEM").await["users"]["total"], 10);
    assert_eq!(json("/api/v1/search?q=numpy").await["hits"][0]["project"], "numpy");
    assert_eq!(json("/api/v1/status").await["files"]["queued"], 1);
}

#[tokio::test]
async fn the_api_fails_in_json() {
    for (address, status) in
        [("/api/v1/projects/nobody", 404), ("/api/v1/overview?target=abi3-9.9", 400), ("/api/v1/none", 404)]
    {
        let reply = get(address).await;
        assert_eq!(reply.status.as_u16(), status, "{address}");
        let body: Value = serde_json::from_str(&reply.text).expect("JSON");
        assert_eq!(body["error"]["status"], status);
    }
}

#[tokio::test]
async fn robots_stay_out_of_search_and_api() {
    let robots = get("/robots.txt").await.text;
    assert!(robots.contains("Disallow: /search\n") && robots.contains("Disallow: /api/\n"));
}

#[tokio::test]
async fn health_is_said_without_a_page() {
    assert_eq!(get("/healthz").await.text, "ok\n");
    assert_eq!(get("/readyz").await.text, "ready\n");
}

#[tokio::test]
async fn a_badge_is_a_picture_with_its_words() {
    let badge = get("/badge/cryptography.svg?target=abi3-3.11").await;
    assert_eq!((badge.status, badge.header("content-type")), (StatusCode::OK, "image/svg+xml; charset=utf-8"));
    assert!(
        badge.text.starts_with("<svg ") && badge.text.contains("<title>abi3-3.11: ● no blocker</title>"),
        "{}",
        badge.text
    );
    assert!(get("/badge/Simple_JSON.svg").await.text.contains("not read"));
    assert!(get("/badge/SimpleJSON.svg").await.text.contains("abi3: ▲ blocked"));
    assert_eq!(get("/badge/simplejson.svg?target=abi3-9.9").await.status, StatusCode::BAD_REQUEST);
    assert_eq!(get("/badge/simplejson.png").await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_feed_has_an_entry_for_each_release_that_says_something_new() {
    let feed = get("/feeds/cryptography.atom").await;
    assert_eq!(feed.header("content-type"), "application/atom+xml; charset=utf-8");
    assert_eq!(feed.text.matches("<entry>").count(), 1, "{}", feed.text);
    assert!(feed.text.contains("<id>urn:abiscope:release:cryptography:50.0.2</id>"), "{}", feed.text);
    assert_eq!(get("/feeds/nobody.atom").await.status, StatusCode::NOT_FOUND);
}

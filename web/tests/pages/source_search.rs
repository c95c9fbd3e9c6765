//! The sources, searched.

use axum::http::StatusCode;
use serde_json::Value;

use crate::client::{get, page};

#[tokio::test]
async fn hits_come_with_counts_their_lines_and_the_hash_of_the_archive() {
    let found = page("/search/source?q=ob_type%5Cs*%3D").await;
    found.says("3 lines in 1 file of 1 project, among 32 searched").says("simplejson/_speedups.c").says("510");
    assert!(found.text.contains("<b>ob_type =</b>"), "{}", found.text);
    assert!(found.text.contains(&"ab".repeat(32)) && !found.text.contains("<script>alert"));
    assert!(found.text.contains("/projects/simplejson/4.3.0/source?path=simplejson%2F_speedups.c&#38;line=510"));
    page("/search/source?q=nowhere").await.says("No line that is stored and may be shown matches.");
}

#[tokio::test]
async fn what_is_asked_is_in_the_address_in_one_order() {
    let found = page("/search/source?around=1&own=&code=1&q=ob_type&case=any&active=3.13").await;
    let link = "/search/source?q=ob_type&#38;case=any&#38;code=1&#38;active=3.13&#38;around=1";
    assert!(found.text.contains(&format!("href=\"{link}\"")), "{}", found.text);
}

#[tokio::test]
async fn what_is_wrong_with_a_question_is_said() {
    for (asked, words) in [
        ("q=(", "unclosed group"),
        ("q=%5CAint", "lines are searched one by one"),
        ("q=x&active=never", "active= is a version of CPython"),
    ] {
        let reply = get(&format!("/search/source?{asked}")).await;
        assert_eq!(reply.status, StatusCode::BAD_REQUEST, "{asked}");
        reply.says(words);
    }
    for asked in ["q=(", "q=", "q=x&path=%5B", "q=x&around=4", "q=x&project=%2F"] {
        assert_eq!(get(&format!("/api/v1/source?{asked}")).await.status, StatusCode::BAD_REQUEST, "{asked}");
    }
}

#[tokio::test]
async fn a_search_that_was_cut_short_says_so_and_is_not_kept() {
    let cut = get("/search/source?q=ob_type&own=1").await;
    cut.says("Stopped after 5 seconds: counts are lower bounds");
    assert_eq!(cut.header("cache-control"), "no-store");
    page("/search/source?q=%5Cw").await.says("all sources had to be read");
}

#[tokio::test]
async fn programs_get_the_same() {
    let found: Value = serde_json::from_str(&get("/api/v1/source?q=ob_type&around=2").await.text).expect("JSON");
    assert_eq!((found["lines"].as_i64(), found["complete"].as_bool()), (Some(3), Some(true)));
    assert_eq!(found["hits"][0]["line"], 510);
    assert_eq!(found["hits"][0]["before"].as_array().map(Vec::len), Some(2));
    assert_eq!(found["projects"][0]["sha256"], "ab".repeat(32));
}

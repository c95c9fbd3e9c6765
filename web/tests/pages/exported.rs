//! The survey as tables: the list, and files whole and in part.

use std::path::Path;

use axum::body::Body;
use axum::http::{Method, Request, StatusCode};

use crate::client::{Reply, ask_as, get, page};

/// A table that is long enough to be worth compressing.
fn table() -> String {
    format!("PAR1{}PAR1", "abc".repeat(2000))
}

/// What an export leaves in a folder, and something that is none of it.
fn exported() -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    let write = |name: &str, text: &str| std::fs::write(folder.path().join(name), text).expect("a file");
    let file = |name: &str| {
        let sha256 = store::Sha256::of(table().as_bytes());
        format!(r#"{{"bytes": 6008, "file": "{name}", "rows": 12345, "sha256": "{sha256}", "table": "uses"}}"#)
    };
    let files = [file("uses.parquet"), file("uses.csv")].join(", ");
    let versions = r#"{"abiscope": "0.1.0", "analyzer": "9", "capi": "8"}"#;
    let manifest =
        format!(r#"{{"data_version": 77, "files": [{files}], "snapshot": "5aa5", "versions": {versions}, "new": 1}}"#);
    write("manifest.json", &manifest);
    write("schema.json", "{}");
    write("uses.parquet", &table());
    write("uses.csv", &table());
    write("private.txt", "not for everybody");
    folder
}

async fn asked(folder: &Path, method: Method, address: &str, headers: &[(&str, &str)]) -> Reply {
    let config = web::Config { exports: Some(folder.to_owned()), ..web::Config::default() };
    let mut request = Request::builder().method(method).uri(address);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    ask_as(config, request.body(Body::empty()).expect("a request")).await
}

async fn read(folder: &Path, address: &str, headers: &[(&str, &str)]) -> Reply {
    asked(folder, Method::GET, address, headers).await
}

#[tokio::test]
async fn the_list_says_what_there_is_or_how_there_could_be_something() {
    let folder = exported();
    let list = read(folder.path(), "/exports", &[]).await;
    list.tells("12,345 uses.parquet 6 kB").says("analyzer 9, C-API data 8, data 77").says("5aa5").says("duckdb");
    assert_eq!((list.header("cache-control"), list.header("etag")), ("no-store", ""), "it may be another one at once");
    // While an export takes the place of another there is none.
    std::fs::remove_file(folder.path().join("manifest.json")).expect("it was there");
    read(folder.path(), "/exports", &[]).await.says("There are no tables to download here.");
    assert_eq!(read(folder.path(), "/exports/uses.parquet", &[]).await.status, StatusCode::NOT_FOUND);
    page("/exports").await.says("There are no tables to download here.").says("abiscope export --out DIR");
    assert_eq!(get("/exports/uses.parquet").await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_file_comes_as_it_lies_with_its_hash_and_not_twice() {
    let folder = exported();
    let whole = read(folder.path(), "/exports/uses.parquet", &[("accept-encoding", "gzip")]).await;
    assert_eq!((whole.status, &whole.text), (StatusCode::OK, &table()));
    assert_eq!(whole.header("content-encoding"), "");
    assert_eq!(whole.header("content-type"), "application/vnd.apache.parquet");
    assert_eq!(whole.header("access-control-allow-origin"), "*");
    let tag = whole.header("etag");
    assert_eq!(tag, format!("\"{}\"", store::Sha256::of(table().as_bytes())));
    let again = read(folder.path(), "/exports/uses.parquet", &[("if-none-match", tag)]).await;
    assert_eq!((again.status, again.text.as_str(), again.header("etag")), (StatusCode::NOT_MODIFIED, "", tag));
    let head = asked(folder.path(), Method::HEAD, "/exports/uses.csv", &[]).await;
    assert_eq!((head.header("content-length"), head.text.as_str()), ("6008", ""));
    assert_eq!(read(folder.path(), "/exports/schema.json", &[]).await.text, "{}");
    assert_eq!(read(folder.path(), "/exports/manifest.json", &[]).await.header("content-type"), "application/json");
}

#[tokio::test]
async fn a_part_is_a_part_of_the_same_file_or_the_whole_of_another() {
    let folder = exported();
    let tag = read(folder.path(), "/exports/uses.parquet", &[]).await.header("etag").to_owned();
    let end = read(folder.path(), "/exports/uses.parquet", &[("range", "bytes=-4"), ("if-range", &tag)]).await;
    assert_eq!((end.status, end.text.as_str()), (StatusCode::PARTIAL_CONTENT, "PAR1"));
    assert_eq!(end.header("content-range"), "bytes 6004-6007/6008");
    let other = read(folder.path(), "/exports/uses.parquet", &[("range", "bytes=-4"), ("if-range", "\"old\"")]).await;
    assert_eq!((other.status, other.text.len()), (StatusCode::OK, 6008));
    let beyond = read(folder.path(), "/exports/uses.parquet", &[("range", "bytes=9000-")]).await;
    assert_eq!(beyond.status, StatusCode::RANGE_NOT_SATISFIABLE);
}

#[tokio::test]
async fn nothing_else_of_the_folder_or_above_it_is_given_away() {
    let folder = exported();
    for name in ["private.txt", "..%2Fmanifest.json", "%2Fetc%2Fpasswd", "uses.jsonl", "."] {
        let reply = read(folder.path(), &format!("/exports/{name}"), &[]).await;
        assert_eq!(reply.status, StatusCode::NOT_FOUND, "{name}");
        assert!(!reply.text.contains("not for everybody"), "{name}");
    }
}

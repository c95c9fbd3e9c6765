//! The fake index answers as PyPI does, and fails as told.

use std::time::Duration;

use fake_index::{FakeIndex, Fault, SdistBuilder};
use reqwest::{Client, Response, StatusCode, redirect};
use serde_json::Value;

const FILE: &str = "/files/zope-demo/zope_demo-1.0.tar.gz";

fn index() -> FakeIndex {
    let index = FakeIndex::start_in_thread();
    let sdist = SdistBuilder::new("zope.demo-1.0").file("demo.c", "#include <Python.h>\n");
    index.add("Zope.Demo").sdist("1.0", &sdist).yanked("broken");
    index
}

async fn get(index: &FakeIndex, path: &str) -> Result<Response, reqwest::Error> {
    let client = Client::builder().no_proxy().redirect(redirect::Policy::none()).build();
    let root = index.url().replace("/simple/", "");
    client?.get(format!("{root}{path}")).send().await
}

#[tokio::test]
async fn a_page_lists_the_files_and_a_file_has_its_bytes() {
    let index = index();
    let page: Value = get(&index, "/simple/zope-demo/").await.unwrap().json().await.unwrap();
    assert_eq!(page["name"], "Zope.Demo");
    assert_eq!(page["versions"], serde_json::json!(["1.0"]));
    let file = &page["files"][0];
    assert_eq!(file["yanked"], "broken");
    assert!(file["url"].as_str().unwrap().ends_with(FILE));
    let bytes = get(&index, FILE).await.unwrap().bytes().await.unwrap();
    assert_eq!(file["size"], bytes.len());
    assert_eq!(index.requests(), ["GET /simple/zope-demo/".to_owned(), format!("GET {FILE}")]);
}

#[tokio::test]
async fn other_spellings_move_and_unknown_projects_are_not_found() {
    let index = index();
    for path in ["/simple/Zope.Demo/", "/simple/zope-demo"] {
        let moved = get(&index, path).await.unwrap();
        assert_eq!(moved.status(), StatusCode::MOVED_PERMANENTLY);
        assert_eq!(moved.headers()["location"], "/simple/zope-demo/".to_owned().as_str(), "{path}");
    }
    assert_eq!(get(&index, "/simple/nobody/").await.unwrap().status(), StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn faults_happen_in_order_as_often_as_told_and_then_end() {
    let index = index();
    index.fault(FILE, Fault::Status(503), 2);
    index.fault(FILE, Fault::RetryAfter(429, "7".into()), 1);
    let mut statuses = Vec::new();
    for _ in 0..4 {
        statuses.push(get(&index, FILE).await.unwrap().status().as_u16());
    }
    assert_eq!(statuses, [503, 503, 429, 200]);
}

#[tokio::test]
async fn connections_break_before_and_within_the_body() {
    let index = index();
    index.fault(FILE, Fault::Reset, 1);
    assert!(get(&index, FILE).await.is_err());
    index.fault(FILE, Fault::CutBody, 1);
    let cut = get(&index, FILE).await.unwrap();
    assert_eq!(cut.status(), StatusCode::OK);
    assert!(cut.bytes().await.is_err());
}

#[tokio::test]
async fn bodies_are_short_long_wrong_or_slow() {
    let index = index();
    let good = get(&index, FILE).await.unwrap().bytes().await.unwrap();
    for (fault, length) in
        [(Fault::ShortBody, good.len() / 2), (Fault::LongBody, good.len() * 2), (Fault::WrongBytes, good.len())]
    {
        index.fault(FILE, fault, 1);
        let body = get(&index, FILE).await.unwrap().bytes().await.unwrap();
        assert_eq!(body.len(), length);
        assert!(body.len() != good.len() || body != good);
    }
    index.fault(FILE, Fault::SlowDrip(Duration::ZERO), 1);
    assert_eq!(get(&index, FILE).await.unwrap().bytes().await.unwrap(), good);
}

#[test]
fn it_starts_without_a_runtime_and_stops_when_dropped() {
    let index = FakeIndex::start_in_thread();
    let address = index.url().replace("http://", "").replace("/simple/", "");
    assert!(std::net::TcpStream::connect(&address).is_ok());
    drop(index);
    assert!(std::net::TcpStream::connect(&address).is_err());
}

#[tokio::test]
async fn validators_are_sent_only_when_told_and_an_unchanged_page_is_not_sent_again() {
    let index = index();
    let page = "/simple/zope-demo/";
    assert!(!get(&index, page).await.unwrap().headers().contains_key("etag"));
    index.send_validators();
    let answer = get(&index, page).await.unwrap();
    assert_eq!(answer.headers()["x-pypi-last-serial"], "17");
    let etag = answer.headers()["etag"].clone();
    let again = |etag| {
        let client = Client::builder().no_proxy().build().unwrap();
        client.get(format!("{}zope-demo/", index.url())).header("if-none-match", etag).send()
    };
    assert_eq!(again(etag.clone()).await.unwrap().status(), StatusCode::NOT_MODIFIED);
    index.add("Zope.Demo").serial(18);
    assert_eq!(again(etag).await.unwrap().status(), StatusCode::OK);
}

#[tokio::test]
async fn ranges_are_served_ignored_and_shifted() {
    let index = index();
    let whole = get(&index, FILE).await.unwrap().bytes().await.unwrap();
    let from = async |start: usize| {
        let client = Client::builder().no_proxy().build().unwrap();
        let url = index.file_url("zope-demo", "zope_demo-1.0.tar.gz");
        let answer = client.get(url).header("range", format!("bytes={start}-")).send().await.unwrap();
        let range = answer.headers().get("content-range").map(|range| range.to_str().unwrap().to_owned());
        (answer.status().as_u16(), range, answer.bytes().await.unwrap())
    };
    let (last, length) = (whole.len() - 1, whole.len());
    assert_eq!(from(10).await, (206, Some(format!("bytes 10-{last}/{length}")), whole.slice(10..)));
    assert_eq!(from(length).await.0, 416);
    index.fault(FILE, Fault::RangeIgnored, 1);
    assert_eq!(from(10).await, (200, None, whole.clone()));
    index.fault(FILE, Fault::RangeShifted, 1);
    assert_eq!(from(10).await.1, Some(format!("bytes 11-{last}/{length}")));
    index.fault(FILE, Fault::WrongBytes, 1);
    let (status, _, bytes) = from(10).await;
    assert_eq!((status, bytes.len()), (206, length - 10));
    assert_ne!(bytes, whole.slice(10..));
}

#[tokio::test]
async fn a_stale_page_lacks_the_last_file_and_has_a_lower_serial() {
    let index = index();
    index.fault("/simple/zope-demo/", Fault::Stale, 1);
    let page: Value = get(&index, "/simple/zope-demo/").await.unwrap().json().await.unwrap();
    assert_eq!((&page["meta"]["_last-serial"], page["files"].as_array().unwrap().len()), (&16.into(), 0));
}

#[tokio::test]
async fn requests_are_counted_by_path_by_time_and_by_how_many_ran_at_once() {
    let index = index();
    index.fault(FILE, Fault::Stall(Duration::from_millis(200)), 2);
    let slow = async || get(&index, FILE).await.unwrap().bytes().await.unwrap().len();
    tokio::join!(slow(), slow());
    slow().await;
    assert_eq!((index.total(), index.times(FILE), index.times("/simple/")), (3, 3, 0));
    assert_eq!(index.most_at_once(), 2);
    assert_eq!(index.most_within(Duration::from_hours(1)), 3);
    index.forget_requests();
    assert_eq!((index.total(), index.most_at_once(), index.most_within(Duration::from_hours(1))), (0, 0, 0));
}

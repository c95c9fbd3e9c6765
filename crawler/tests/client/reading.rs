//! Reading project pages: what the client asks, what it accepts, and what it does when the index fails.

use std::time::Duration;

use crate::common::{PAGE, client, client_of, index, read, times};
use crawler::{Policy, ReadFailure, Wanted};
use fake_index::{FakeIndex, Fault};
use packaging::ReleaseVersion;
use serde_json::json;
use store::{ProjectState, ReleaseState};

fn deferred(outcome: Result<store::ProjectPage, ReadFailure>) -> (String, u32) {
    match outcome {
        Err(ReadFailure::Deferred { reason, tries, .. }) => (reason, tries),
        other => panic!("deferred is wanted, got {other:?}"),
    }
}

#[tokio::test]
async fn a_page_is_asked_for_as_json_by_a_tool_that_says_who_it_is() {
    let index = index().await;
    let client = client_of(&index.url(), |config| {
        config.contact = Some("me@example.org".to_owned());
    });
    let page = read(&client).await.unwrap();
    assert_eq!((page.display_name.as_str(), page.serial), ("demo", Some(17)));
    assert_eq!(page.releases[0].state, ReleaseState::Selected);
    assert_eq!(page.releases[0].files[0].url, index.file_url("demo", "demo-1.0.tar.gz"));
    assert_eq!(index.requests(), [format!("GET {PAGE}")]);
    assert_eq!(index.request_headers("accept"), ["application/vnd.pypi.simple.v1+json"]);
    assert_eq!(index.request_headers("accept-encoding"), ["gzip"]);
    let agent = concat!("abiscope/", env!("CARGO_PKG_VERSION"), " (+me@example.org)");
    assert_eq!(index.request_headers("user-agent"), [agent]);
}

#[tokio::test]
async fn addresses_of_files_may_be_relative_to_the_page() {
    let index = index().await;
    index.add("demo").file("demo-2.0.tar.gz", b"x").at("../../files/demo/demo-2.0.tar.gz");
    let page = read(&client(&index)).await.unwrap();
    assert_eq!(page.releases[1].files[0].url, index.file_url("demo", "demo-2.0.tar.gz"));
}

#[tokio::test]
async fn an_unknown_project_is_not_found_at_the_first_answer() {
    let index = FakeIndex::start().await;
    let failure = read(&client(&index)).await.unwrap_err();
    assert_eq!(failure, ReadFailure::NotFound);
    assert_eq!(failure.state(), ProjectState::NotFound);
    assert_eq!(times(&index, PAGE), 1);
}

#[tokio::test]
async fn an_unknown_release_is_told_with_the_latest() {
    let index = index().await;
    let wanted = Wanted::Version(ReleaseVersion::new("9.9"));
    let client = client(&index);
    let answer = client.read_project(&"demo".parse().unwrap(), &wanted, Policy::default()).await;
    assert_eq!(answer.unwrap_err().to_string(), "no release 9.9; the latest is 1.0");
}

#[tokio::test]
async fn a_quarantined_project_is_read_as_such() {
    let index = index().await;
    index.add("demo").status("quarantined");
    let page = read(&client(&index)).await.unwrap();
    assert_eq!(page.state, ProjectState::Quarantined);
    assert_eq!(page.status_text.as_deref(), Some("quarantined"));
    assert!(page.releases.iter().all(|release| release.files.is_empty()));
}

#[tokio::test]
async fn failures_that_pass_are_tried_again() {
    for fault in [
        Fault::Status(500),
        Fault::Status(503),
        Fault::Status(429),
        Fault::RetryAfter(503, "0".to_owned()),
        Fault::RetryAfter(429, "0".to_owned()),
        Fault::Reset,
        Fault::CutBody,
        Fault::HtmlInsteadOfJson,
        Fault::MalformedJson,
    ] {
        let index = index().await;
        index.fault(PAGE, fault.clone(), 5);
        let page = read(&client(&index)).await;
        assert!(page.is_ok(), "{fault:?}: {page:?}");
        assert_eq!(times(&index, PAGE), 6, "{fault:?}");
    }
}

#[tokio::test]
async fn failures_that_stay_defer_the_project_after_six_tries_and_say_why() {
    for (fault, why) in [
        (Fault::Status(502), "502 Bad Gateway"),
        (Fault::Reset, "the connection failed"),
        (Fault::CutBody, "the connection failed"),
        (Fault::HtmlInsteadOfJson, "text/html; charset=utf-8"),
        (Fault::HtmlInsteadOfJson, "it begins with: <!DOCTYPE html><title>Maintenance"),
        (Fault::MalformedJson, "it begins with: {\\\"meta\\\": <oops>\\x1b}"),
    ] {
        let index = index().await;
        index.fault(PAGE, fault.clone(), Fault::ALWAYS);
        let (reason, tries) = deferred(read(&client(&index)).await);
        assert!(reason.contains(why), "{fault:?}: {reason}");
        assert_eq!((tries, times(&index, PAGE)), (6, 6), "{fault:?}");
    }
}

#[tokio::test]
async fn a_page_of_another_project_or_version_of_the_protocol_defers() {
    for (key, value) in [("name", json!("other")), ("meta", json!({ "api-version": "2.0" })), ("files", json!(null))] {
        let index = index().await;
        index.add("demo").page_key(key, value);
        assert_eq!(deferred(read(&client(&index)).await).1, 6, "{key}");
    }
}

#[tokio::test]
async fn an_index_that_forbids_is_not_asked_again() {
    let index = index().await;
    index.fault(PAGE, Fault::Status(403), Fault::ALWAYS);
    assert_eq!(deferred(read(&client(&index)).await), ("403 Forbidden".to_owned(), 1));
}

#[tokio::test]
async fn a_long_retry_after_defers_at_once_and_stops_every_clone() {
    let index = index().await;
    index.fault(PAGE, Fault::RetryAfter(429, "600".to_owned()), 1);
    let client = client(&index);
    let failure = read(&client).await.unwrap_err();
    let ReadFailure::Deferred { reason, tries, retry_after } = failure else { panic!("{failure:?}") };
    assert!(reason.contains("a pause of 600 s"), "{reason}");
    assert_eq!(retry_after, Some(Duration::from_mins(10)));
    let (reason, _) = deferred(read(&client.clone()).await);
    assert!(reason.contains("a pause of another 5"), "{reason}");
    assert_eq!((tries, times(&index, PAGE)), (1, 1));
}

#[tokio::test]
async fn redirects_are_followed_on_the_indexs_own_origin() {
    let index = index().await;
    index.add("other").page_key("name", json!("demo"));
    index.fault(PAGE, Fault::Redirect("/simple/other/".to_owned()), 1);
    assert!(read(&client(&index)).await.is_ok());
    assert_eq!(index.requests(), ["GET /simple/demo/", "GET /simple/other/"]);
}

#[tokio::test]
async fn a_redirect_elsewhere_is_refused_before_connecting() {
    let (index, elsewhere) = (index().await, crate::common::index().await);
    index.fault(PAGE, Fault::Redirect(elsewhere.url()), Fault::ALWAYS);
    let (reason, tries) = deferred(read(&client(&index)).await);
    assert!(reason.starts_with("the index leads to another origin"), "{reason}");
    assert_eq!((tries, elsewhere.requests().len()), (3, 0));
}

#[tokio::test]
async fn a_loop_of_redirects_ends_after_five() {
    let index = index().await;
    index.fault(PAGE, Fault::Redirect(PAGE.to_owned()), Fault::ALWAYS);
    let (reason, tries) = deferred(read(&client(&index)).await);
    assert!(reason.starts_with("more than 5 redirects"), "{reason}");
    assert_eq!((tries, times(&index, PAGE)), (3, 18));
}

#[tokio::test]
async fn a_page_with_too_many_files_is_too_large() {
    let index = index().await;
    let files = vec![json!({ "filename": "demo-1.0.tar.gz" }); 50_001];
    index.add("demo").page_key("files", json!(files));
    let failure = read(&client(&index)).await.unwrap_err();
    assert_eq!(failure.state(), ProjectState::IndexTooLarge);
    assert_eq!(times(&index, PAGE), 1);
}

#[tokio::test]
async fn a_pause_that_the_index_asks_for_is_no_try() {
    let index = index().await;
    index.fault(PAGE, Fault::RetryAfter(429, "0".to_owned()), 10);
    index.fault(PAGE, Fault::Status(500), 5);
    assert!(read(&client(&index)).await.is_ok());
    assert_eq!(times(&index, PAGE), 16);
}

#[tokio::test]
async fn a_name_that_leads_to_another_project_for_good_is_renamed_and_one_that_passes_is_trouble() {
    let index = FakeIndex::start().await;
    index.add("other").sdist("1.0", &crate::common::sdist());
    index.add("demo").moved_to("other");
    let failure = read(&client(&index)).await.unwrap_err();
    assert_eq!(failure, ReadFailure::Renamed { to: "other".parse().unwrap() });
    assert_eq!(times(&index, PAGE), 1);
    let index = crate::common::index().await;
    index.add("other");
    index.fault(PAGE, Fault::Redirect("/simple/other/".to_owned()), Fault::ALWAYS);
    let (reason, tries) = deferred(read(&client(&index)).await);
    assert!(reason.contains("it is the page of other") && tries == 6, "{reason}");
}

#[tokio::test]
async fn a_page_over_the_limits_of_bytes_or_depth_is_too_large_at_once() {
    let index = index().await;
    let small = client_of(&index.url(), |config| config.page_bytes = 100);
    let failure = read(&small).await.unwrap_err();
    assert!(failure.to_string().contains("more than 100 bytes"), "{failure}");
    assert_eq!((failure.state(), times(&index, PAGE)), (ProjectState::IndexTooLarge, 1));
    let deep = (0..80).fold(json!([]), |inner, _| json!([inner]));
    index.add("demo").page_key("future", deep);
    assert_eq!(read(&client(&index)).await.unwrap_err().state(), ProjectState::IndexTooLarge);
}

#[tokio::test]
async fn archived_and_unknown_words_of_status_are_kept_and_change_nothing() {
    for status in ["archived", "deprecated", "a word of the future"] {
        let index = index().await;
        index.add("demo").status(status);
        let page = read(&client(&index)).await.unwrap();
        assert_eq!((page.state, page.status_text.as_deref()), (ProjectState::Listed, Some(status)));
        assert_eq!(page.releases[0].state, ReleaseState::Selected);
    }
}

#[tokio::test]
async fn an_index_that_is_not_there_defers() {
    let index = index().await;
    let client = client(&index);
    drop(index);
    let (reason, tries) = deferred(read(&client).await);
    assert!(reason.contains("the connection failed"), "{reason}");
    assert_eq!(tries, 6);
}

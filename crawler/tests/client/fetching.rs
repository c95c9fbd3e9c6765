//! Fetching files: only the promised bytes, only from addresses within the rules.

use std::sync::Mutex;
use std::time::Duration;

use crate::common::{FILE, client, client_of, fetch, index, sdist, selected, times};
use crawler::FetchFailure;
use fake_index::{FakeIndex, Fault};
use store::{FileState, Sha256};

#[tokio::test]
async fn a_file_comes_as_it_is_and_progress_is_told_to_the_end() {
    let index = index().await;
    let client = client(&index);
    let file = selected(&client).await;
    let heard = Mutex::new(Vec::new());
    let bytes = client.fetch(&file, &|received| heard.lock().unwrap().push(received)).await.unwrap();
    assert_eq!(bytes, sdist().tar_gz());
    let heard = heard.into_inner().unwrap();
    assert!(heard.is_sorted());
    assert_eq!(heard.last(), Some(&(bytes.len() as u64)));
    assert_eq!(index.request_headers("accept-encoding"), ["gzip", "identity"]);
}

#[tokio::test]
async fn failures_that_pass_are_tried_again_and_nothing_is_mixed() {
    for fault in [Fault::Status(500), Fault::RetryAfter(503, "0".to_owned()), Fault::Reset, Fault::CutBody] {
        let index = index().await;
        index.fault(FILE, fault.clone(), 5);
        assert_eq!(fetch(&client(&index)).await.unwrap(), sdist().tar_gz(), "{fault:?}");
        assert_eq!(times(&index, FILE), 6, "{fault:?}");
    }
}

#[tokio::test]
async fn failures_that_stay_defer_the_file_after_six_tries() {
    let index = index().await;
    index.fault(FILE, Fault::Status(502), Fault::ALWAYS);
    let failure = fetch(&client(&index)).await.unwrap_err();
    let reason = "502 Bad Gateway".to_owned();
    assert_eq!(failure, FetchFailure::Deferred { reason, tries: 6, retry_after: None });
    assert_eq!((failure.state(), times(&index, FILE)), (FileState::Deferred, 6));
}

#[tokio::test]
async fn short_long_and_wrong_bodies_are_discarded_and_asked_for_again() {
    for fault in [Fault::ShortBody, Fault::LongBody, Fault::WrongBytes] {
        let index = index().await;
        index.fault(FILE, fault.clone(), 2);
        assert_eq!(fetch(&client(&index)).await.unwrap(), sdist().tar_gz(), "{fault:?}");
        assert_eq!(times(&index, FILE), 3, "{fault:?}");
    }
}

#[tokio::test]
async fn a_wrong_hash_ends_after_three_tries_with_both_hashes() {
    let index = FakeIndex::start().await;
    index.add("demo").sdist("1.0", &sdist()).wrong_hash();
    let failure = fetch(&client(&index)).await.unwrap_err();
    let (expected, found) = ("ab".repeat(32), Sha256::of(&sdist().tar_gz()).to_string());
    assert_eq!(failure, FetchFailure::HashMismatch { expected, found });
    assert_eq!((failure.state(), times(&index, FILE)), (FileState::HashMismatch, 3));
}

#[tokio::test]
async fn a_body_longer_than_promised_is_not_read_to_its_end() {
    let index = index().await;
    index.fault(FILE, Fault::LongBody, Fault::ALWAYS);
    let failure = fetch(&client(&index)).await.unwrap_err();
    assert!(failure.to_string().contains("got a body of more than the promised"), "{failure}");
    assert_eq!(times(&index, FILE), 3);
}

#[tokio::test]
async fn a_file_that_is_not_there_is_missing_at_the_first_answer() {
    for status in [404, 410] {
        let index = index().await;
        index.fault(FILE, Fault::Status(status), Fault::ALWAYS);
        assert_eq!(fetch(&client(&index)).await.unwrap_err(), FetchFailure::Missing);
        assert_eq!(times(&index, FILE), 1);
    }
    let index = FakeIndex::start().await;
    index.add("demo").sdist("1.0", &sdist()).missing();
    assert_eq!(fetch(&client(&index)).await.unwrap_err().state(), FileState::MissingUpstream);
}

#[tokio::test]
async fn a_file_over_the_limit_is_not_asked_for_and_an_undeclared_one_is_cut_off() {
    let limit = 10;
    let small = |index: &FakeIndex| client_of(&index.url(), |config| config.download_bytes = limit);
    let declared = index().await;
    assert_eq!(fetch(&small(&declared)).await.unwrap_err(), FetchFailure::TooLarge { limit });
    assert_eq!(times(&declared, FILE), 0);
    let undeclared = FakeIndex::start().await;
    undeclared.add("demo").sdist("1.0", &sdist()).without_key("size");
    assert_eq!(fetch(&small(&undeclared)).await.unwrap_err(), FetchFailure::TooLarge { limit });
    assert_eq!(times(&undeclared, FILE), 1);
}

#[tokio::test]
async fn a_file_without_a_hash_is_never_asked_for() {
    let index = FakeIndex::start().await;
    index.add("demo").sdist("1.0", &sdist()).without_hash();
    assert_eq!(fetch(&client(&index)).await.unwrap_err(), FetchFailure::NoHash);
    assert_eq!(times(&index, FILE), 0);
}

#[tokio::test]
async fn addresses_outside_the_rules_are_refused_before_connecting() {
    let elsewhere = index().await;
    for (url, why) in [
        (elsewhere.file_url("demo", "demo-1.0.tar.gz"), "not https"),
        ("http://files.example/demo-1.0.tar.gz".to_owned(), "not https"),
        ("https://user:pw@files.example/demo-1.0.tar.gz".to_owned(), "user name"),
        ("https://files.example:8443/demo-1.0.tar.gz".to_owned(), "port"),
        ("https://169.254.169.254/latest/meta-data/".to_owned(), "bare address"),
        ("https://[::1]/demo-1.0.tar.gz".to_owned(), "bare address"),
        ("file:///etc/passwd".to_owned(), "not https"),
        ("https://localhost/demo-1.0.tar.gz".to_owned(), "localhost has no public address"),
        ("https://".to_owned(), ""),
    ] {
        let index = FakeIndex::start().await;
        index.add("demo").sdist("1.0", &sdist()).at(&url);
        let failure = fetch(&client(&index)).await.unwrap_err();
        assert_eq!(failure.state(), FileState::BlockedUrl, "{url}: {failure}");
        assert!(failure.to_string().contains(why), "{url}: {failure}");
        assert!(!failure.to_string().contains("pw"), "{failure}");
        assert_eq!(times(&index, FILE), 0, "{url}");
    }
    assert!(elsewhere.requests().is_empty());
}

#[tokio::test]
async fn each_hop_of_a_redirect_is_checked() {
    let (index, elsewhere) = (index().await, crate::common::index().await);
    index.add("demo").file("demo-1.0.zip", &sdist().tar_gz());
    index.fault(FILE, Fault::Redirect("demo-1.0.zip".to_owned()), 1);
    assert!(fetch(&client(&index)).await.is_ok(), "within the index's origin");
    for target in [elsewhere.file_url("demo", "demo-1.0.tar.gz"), "https://10.0.0.1/x".to_owned(), FILE.to_owned()] {
        let index = crate::common::index().await;
        index.fault(FILE, Fault::Redirect(target.clone()), 2);
        assert!(fetch(&client(&index)).await.is_ok(), "a files host may be set up wrongly for a moment: {target}");
        index.fault(FILE, Fault::Redirect(target.clone()), Fault::ALWAYS);
        let failure = fetch(&client(&index)).await.unwrap_err();
        assert_eq!(failure.state(), FileState::BlockedUrl, "{target}: {failure}");
    }
    assert!(elsewhere.requests().is_empty());
}

#[tokio::test]
async fn a_slow_body_that_ends_in_time_is_taken() {
    let index = index().await;
    index.fault(FILE, Fault::SlowDrip(Duration::from_micros(10)), 1);
    assert_eq!(fetch(&client(&index)).await.unwrap(), sdist().tar_gz());
}

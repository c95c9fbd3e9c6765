//! The listing of all projects: read as a stream, complete or not at all.

use std::time::Duration;

use crate::common::{client, client_of, times};
use crawler::{IndexClient, ListedProject, Listing, ListingEnd, ListingFailure};
use fake_index::{FakeIndex, Fault};
use tokio::sync::mpsc;

const ROOT: &str = "/simple/";

/// What comes of reading the listing, with the projects handed out.
async fn read(client: &IndexClient, etag: Option<&str>) -> (Vec<ListedProject>, Result<Listing, ListingFailure>) {
    let (out, mut projects) = mpsc::channel(10);
    let collect = async {
        let mut all = Vec::new();
        while let Some(project) = projects.recv().await {
            all.push(project);
        }
        all
    };
    tokio::join!(collect, client.read_listing(etag, out))
}

fn end(listing: Result<Listing, ListingFailure>) -> ListingEnd {
    match listing {
        Ok(Listing::Complete(end)) => end,
        other => panic!("a complete listing is wanted, got {other:?}"),
    }
}

async fn index() -> FakeIndex {
    let index = FakeIndex::start().await;
    index.add("Zope.Demo").serial(5);
    index.add("six").serial(7);
    index
}

#[tokio::test]
async fn every_project_is_handed_out_with_its_serial() {
    let index = index().await;
    index.add("locked").status("quarantined");
    let (projects, listing) = read(&client(&index), None).await;
    let shown: Vec<_> = projects.iter().map(|one| (one.name.as_str(), one.display_name.as_str(), one.serial)).collect();
    assert_eq!(shown, [("six", "six", Some(7)), ("zope-demo", "Zope.Demo", Some(5))]);
    let end = end(listing);
    assert_eq!((end.projects, end.serial, end.etag), (2, Some(7), None));
    assert_eq!(index.request_headers("accept"), ["application/vnd.pypi.simple.v1+json"]);
    assert_eq!(index.request_headers("accept-encoding"), ["gzip"]);
}

#[tokio::test]
async fn tens_of_thousands_come_through_a_small_channel_and_a_slow_reader_loses_none() {
    let index = FakeIndex::start().await;
    index.generate(1, 20_000);
    let (out, mut projects) = mpsc::channel(5);
    let slow = async {
        let mut count = 0;
        while projects.recv().await.is_some() {
            count += 1;
            if count % 5000 == 0 {
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
        }
        count
    };
    let client = client(&index);
    let (count, listing) = tokio::join!(slow, client.read_listing(None, out));
    let end = end(listing);
    assert_eq!((count, end.duplicates.count, end.invalid.count), (end.projects, 0, 0));
    assert!((19_500..20_000).contains(&count), "{count}");
}

#[tokio::test]
async fn a_listing_that_is_known_is_not_read_again() {
    let index = index().await;
    index.send_validators();
    let client = client(&index);
    let etag = end(read(&client, None).await.1).etag.unwrap();
    assert_eq!(read(&client, Some(&etag)).await, (Vec::new(), Ok(Listing::NotModified)));
    index.add("six").serial(8);
    let (projects, listing) = read(&client, Some(&etag)).await;
    assert_eq!((projects.len(), end(listing).serial), (2, Some(8)));
}

#[tokio::test]
async fn an_index_that_knows_no_tags_is_read_whole() {
    let index = index().await;
    let (projects, listing) = read(&client(&index), Some("\"of another index\"")).await;
    assert_eq!((projects.len(), end(listing).etag), (2, None));
}

#[tokio::test]
async fn failures_before_the_listing_begins_are_tried_again() {
    for fault in [Fault::Status(503), Fault::RetryAfter(429, "0".to_owned()), Fault::Reset, Fault::HtmlInsteadOfJson] {
        let index = index().await;
        index.fault(ROOT, fault.clone(), 5);
        assert_eq!(read(&client(&index), None).await.0.len(), 2, "{fault:?}");
        index.fault(ROOT, fault.clone(), Fault::ALWAYS);
        let failure = read(&client(&index), None).await.1.unwrap_err();
        assert!(matches!(failure, ListingFailure::Deferred { .. }), "{fault:?}: {failure:?}");
    }
}

#[tokio::test]
async fn a_listing_that_is_cut_in_any_way_is_never_complete() {
    for fault in [Fault::CutBody, Fault::ShortBody] {
        let index = index().await;
        index.generate(1, 2000);
        index.fault(ROOT, fault.clone(), 1);
        let failure = read(&client(&index), None).await.1.unwrap_err();
        assert!(matches!(failure, ListingFailure::Short(_)), "{fault:?}: {failure:?}");
        assert_eq!(times(&index, ROOT), 1, "the caller decides when to begin again");
    }
}

#[tokio::test]
async fn what_is_no_listing_says_what_it_is_instead() {
    let index = index().await;
    index.fault(ROOT, Fault::MalformedJson, 1);
    let failure = read(&client(&index), None).await.1.unwrap_err();
    assert!(matches!(failure, ListingFailure::Malformed(_)));
    assert!(failure.to_string().contains("it begins with: {\\\"meta\\\": <oops>"), "{failure}");
    index.listing(r#"{"meta": {"api-version": "2.0"}, "projects": []}"#);
    let failure = read(&client(&index), None).await.1.unwrap_err();
    assert!(failure.to_string().contains("version \"2.0\""), "{failure}");
    index.fault(ROOT, Fault::Status(404), 1);
    assert_eq!(read(&client(&index), None).await.1, Err(ListingFailure::NotThere));
}

#[tokio::test]
async fn a_listing_without_end_is_given_up_at_the_limit() {
    let index = index().await;
    let endless = format!("{{\"meta\": {{\"api-version\": \"1.0\"}}, \"x\": [{}", "0,".repeat(1_000_000));
    index.listing(endless);
    let client = client_of(&index.url(), |config| config.listing_bytes = 1_000_000);
    let failure = read(&client, None).await.1.unwrap_err();
    assert_eq!(failure, ListingFailure::TooLarge("more than 1000000 bytes".to_owned()));
    index.listing(format!("{{\"meta\": \"{}", "a".repeat(3 << 20)));
    let failure = read(&crate::common::client(&index), None).await.1.unwrap_err();
    assert!(failure.to_string().contains("a value of more than"), "{failure}");
}

#[tokio::test]
async fn the_reading_ends_with_its_reader() {
    let index = FakeIndex::start().await;
    index.generate(1, 5000);
    let (out, projects) = mpsc::channel(1);
    drop(projects);
    assert_eq!(client(&index).read_listing(None, out).await, Err(ListingFailure::Abandoned));
}

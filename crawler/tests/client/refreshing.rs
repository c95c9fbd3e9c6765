//! Reading pages again: unchanged, stale, emptied, and files that went away.

use std::time::Duration;

use crate::common::{PAGE, client, index, sdist, selected, times};
use crawler::{
    FetchFailure, FetchReason, IndexClient, Known, Policy, PureSample, Question, ReadPage, Refreshed, Wanted,
    Whereabouts,
};
use fake_index::{FakeIndex, Fault};
use serde_json::json;
use store::ReleaseState;

async fn refresh(client: &IndexClient, known: &Known) -> Refreshed {
    let question = Question::of_the_crawl(PureSample::Nobody, None);
    client.refresh_project(&"demo".parse().expect("a name"), &question, known).await.expect("an answer")
}

/// The page, and what is known once it is recorded.
async fn first(client: &IndexClient) -> (ReadPage, Known) {
    let Refreshed::Page(read) = refresh(client, &Known::default()).await else { panic!("a page is wanted") };
    let known = Known {
        etag: read.page.etag.clone(),
        digest: Some(read.digest),
        serial: read.page.serial,
        has_files: true,
        ..Known::default()
    };
    (*read, known)
}

#[tokio::test]
async fn a_page_with_the_known_tag_is_not_sent_again() {
    let index = index().await;
    index.send_validators();
    let client = client(&index);
    let (read, known) = first(&client).await;
    assert_eq!((read.stale, read.fetch), (false, Some(FetchReason::MayBeNative)));
    let Refreshed::Unchanged(unchanged) = refresh(&client, &known).await else { panic!("unchanged is wanted") };
    assert_eq!((unchanged.serial, unchanged.etag, unchanged.stale), (Some(17), known.etag.clone(), false));
    assert_eq!(index.request_headers("if-none-match"), [String::new(), known.etag.unwrap()]);
}

#[tokio::test]
async fn without_tags_a_page_that_says_the_same_is_unchanged_though_its_serial_moved() {
    let index = index().await;
    let client = client(&index);
    let (_, known) = first(&client).await;
    index.add("demo").serial(18);
    let known = Known { serial_expected: Some(18), ..known };
    let Refreshed::Unchanged(unchanged) = refresh(&client, &known).await else { panic!("unchanged is wanted") };
    assert_eq!((unchanged.serial, unchanged.stale), (Some(18), false));
    index.add("demo").sdist("1.1", &sdist());
    let Refreshed::Page(read) = refresh(&client, &known).await else { panic!("a page is wanted") };
    assert_eq!(read.page.releases.len(), 2);
}

#[tokio::test]
async fn a_project_that_spells_itself_differently_or_has_another_status_has_changed() {
    let index = index().await;
    let client = client(&index);
    let (_, known) = first(&client).await;
    index.add("Demo");
    let Refreshed::Page(read) = refresh(&client, &known).await else { panic!("a page is wanted") };
    assert_eq!(read.page.display_name, "Demo");
    let known = Known { digest: Some(read.digest), ..known };
    index.add("Demo").status("archived");
    let Refreshed::Page(read) = refresh(&client, &known).await else { panic!("a page is wanted") };
    assert_eq!(read.page.status_text.as_deref(), Some("archived"));
}

#[tokio::test]
async fn another_question_is_answered_though_the_page_is_the_same() {
    let index = index().await;
    index.send_validators();
    index.add("demo").file("demo-1.0-py3-none-any.whl", b"x");
    let client = client(&index);
    let (read, known) = first(&client).await;
    assert_eq!((read.page.releases[0].state, read.fetch), (ReleaseState::PureByTags, None));
    let mut question = Question::of_the_crawl(PureSample::Nobody, None);
    question.policy = Policy { pure_too: true, ..Policy::default() };
    let name = "demo".parse().unwrap();
    let Refreshed::Page(read) = client.refresh_project(&name, &question, &known).await.unwrap() else {
        panic!("a page is wanted")
    };
    assert_eq!((read.page.etag.clone(), read.fetch), (None, Some(FetchReason::AskedFor)));
    question = Question::of_the_crawl(PureSample::Everybody, None);
    let Refreshed::Page(read) = client.refresh_project(&name, &question, &known).await.unwrap() else {
        panic!("a page is wanted")
    };
    assert_eq!(read.fetch, Some(FetchReason::PureSample));
    question.wanted = Wanted::Version(packaging::ReleaseVersion::new("1.0"));
    let Refreshed::Page(read) = client.refresh_project(&name, &question, &known).await.unwrap() else {
        panic!("a page is wanted")
    };
    assert_eq!(read.page.etag, None, "an ETag is kept only with the usual question");
}

#[tokio::test]
async fn a_stale_page_is_asked_for_again_until_the_cache_has_the_new_one() {
    let index = index().await;
    index.add("demo").serial(18).sdist("1.1", &sdist());
    index.fault(PAGE, Fault::Stale, 3);
    let known = Known { serial_expected: Some(18), ..Known::default() };
    let Refreshed::Page(read) = refresh(&client(&index), &known).await else { panic!("a page is wanted") };
    assert_eq!((read.stale, read.page.releases.len(), times(&index, PAGE)), (false, 2, 4));
}

#[tokio::test]
async fn a_page_that_stays_stale_is_taken_and_marked() {
    let index = index().await;
    index.send_validators();
    index.add("demo").serial(18).sdist("1.1", &sdist());
    index.fault(PAGE, Fault::Stale, Fault::ALWAYS);
    let known = Known { serial_expected: Some(18), ..Known::default() };
    let Refreshed::Page(read) = refresh(&client(&index), &known).await else { panic!("a page is wanted") };
    assert_eq!((read.stale, read.page.releases.len(), times(&index, PAGE)), (true, 2, 4));
    assert_eq!((read.page.serial, read.page.etag.clone()), (Some(17), None));
}

#[tokio::test]
async fn an_unchanged_page_of_a_stale_cache_is_marked_too() {
    let index = index().await;
    index.send_validators();
    let client = client(&index);
    let (_, known) = first(&client).await;
    let known = Known { serial_expected: Some(20), ..known };
    let Refreshed::Unchanged(unchanged) = refresh(&client, &known).await else { panic!("unchanged is wanted") };
    assert_eq!((unchanged.stale, times(&index, PAGE)), (true, 5));
}

#[tokio::test]
async fn an_index_without_serials_is_never_stale() {
    let index = index().await;
    index.add("demo").page_key("meta", json!({ "api-version": "1.0" }));
    let known = Known { serial_expected: Some(18), ..Known::default() };
    let Refreshed::Page(read) = refresh(&client(&index), &known).await else { panic!("a page is wanted") };
    assert_eq!((read.stale, read.page.serial, times(&index, PAGE)), (false, None, 1));
}

#[tokio::test]
async fn a_page_that_lost_all_files_is_believed_only_a_quarter_of_an_hour_later() {
    let index = index().await;
    let client = client(&index);
    let (_, known) = first(&client).await;
    index.add("demo").without_files();
    for (since, left) in [(None, 900), (Some(100), 800), (Some(899), 1)] {
        let known = Known { without_files_since: since.map(Duration::from_secs), ..known.clone() };
        let Refreshed::LostAllFiles { again_after, .. } = refresh(&client, &known).await else {
            panic!("doubt is wanted after {since:?}")
        };
        assert_eq!(again_after.as_secs(), left);
    }
    let later = Known { without_files_since: Some(Duration::from_mins(15)), ..known.clone() };
    assert!(matches!(refresh(&client, &later).await, Refreshed::Page(_)));
    let never_had_any = Known { has_files: false, ..known };
    assert!(matches!(refresh(&client, &never_had_any).await, Refreshed::Page(_)));
}

#[tokio::test]
async fn a_quarantined_page_gives_its_reason_and_is_believed_at_once() {
    let index = index().await;
    let client = client(&index);
    let (_, known) = first(&client).await;
    index.add("demo").status("quarantined");
    let Refreshed::Page(read) = refresh(&client, &known).await else { panic!("a page is wanted") };
    assert_eq!(read.page.state, store::ProjectState::Quarantined);
}

#[tokio::test]
async fn the_page_tells_where_a_file_is_that_the_files_host_does_not_have() {
    let index = FakeIndex::start().await;
    index.add("demo").sdist("1.0", &sdist()).missing();
    let client = client(&index);
    let file = selected(&client).await;
    assert_eq!(client.fetch(&file, &|_| ()).await, Err(FetchFailure::Missing));
    let name = "demo".parse().unwrap();
    assert_eq!(client.whereabouts(&name, &file, Some(17)).await, Ok(Whereabouts::StillListed));
    index.add("demo").file_key("hashes", json!({ "sha256": "cd".repeat(32) }));
    assert_eq!(client.whereabouts(&name, &file, Some(17)).await, Ok(Whereabouts::OtherContent));
    index.add("demo").status("quarantined");
    assert_eq!(client.whereabouts(&name, &file, Some(17)).await, Ok(Whereabouts::Quarantined));
    index.add("demo").status("active").page_key("files", json!([]));
    assert_eq!(client.whereabouts(&name, &file, Some(17)).await, Ok(Whereabouts::Withdrawn));
    let newer = client.whereabouts(&name, &file, Some(18)).await;
    assert_eq!(newer, Ok(Whereabouts::StillListed), "a page older than the recorded one proves nothing");
    index.remove("demo");
    assert_eq!(client.whereabouts(&name, &file, Some(17)).await, Ok(Whereabouts::Withdrawn));
    index.fault(PAGE, Fault::Status(502), Fault::ALWAYS);
    assert!(
        client.whereabouts(&name, &file, Some(17)).await.is_err(),
        "an index that fails says nothing about the file"
    );
}

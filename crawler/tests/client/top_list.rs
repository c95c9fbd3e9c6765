//! Lists of downloads, fetched from where the operator says.

use crawler::{ClientConfig, TopList, TopListFailure};
use fake_index::{FakeIndex, Fault};

const LIST: &str = r#"{"last_update": "2026-11-01", "rows": [{"project": "six", "download_count": 9}]}"#;

fn config() -> ClientConfig {
    ClientConfig { wait_between_tries: false, requests_per_second: 100_000, ..ClientConfig::default() }
}

#[tokio::test]
async fn a_list_is_fetched_through_trouble_that_passes() {
    let index = FakeIndex::start().await;
    let url = index.serve("/top.json", LIST);
    index.fault("/top.json", Fault::Status(503), 1);
    index.fault("/top.json", Fault::CutBody, 1);
    let list = TopList::fetch(&url, &config()).await.unwrap();
    assert_eq!((list.projects[0].name.as_str(), list.projects[0].downloads), ("six", 9));
    assert_eq!(index.total(), 3);
    index.fault("/top.json", Fault::Status(404), 1);
    assert!(matches!(TopList::fetch(&url, &config()).await, Err(TopListFailure::Fetch(_))));
}

#[tokio::test]
async fn what_is_no_list_and_what_is_no_address_are_told_apart() {
    let index = FakeIndex::start().await;
    let url = index.serve("/top.json", "<html>");
    assert!(matches!(TopList::fetch(&url, &config()).await, Err(TopListFailure::Content(_))));
    for url in ["http://lists.example/top.json", "top.json", "ftp://lists.example/top.json"] {
        let failure = TopList::fetch(url, &config()).await.unwrap_err();
        assert!(matches!(failure, TopListFailure::Address(_)), "{url}: {failure}");
    }
    assert_eq!(index.total(), 1);
}

#[tokio::test]
async fn a_list_does_not_lead_away_from_https() {
    let (index, elsewhere) = (FakeIndex::start().await, FakeIndex::start().await);
    let url = index.serve("/top.json", LIST);
    index.fault("/top.json", Fault::Redirect(elsewhere.serve("/top.json", LIST)), Fault::ALWAYS);
    let failure = TopList::fetch(&url, &config()).await.unwrap_err();
    assert!(failure.to_string().contains("not https"), "{failure}");
    assert_eq!(elsewhere.total(), 0);
}

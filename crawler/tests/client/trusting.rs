//! Where files may come from: the hosts of the first good page, or those that the operator pins.

use crate::common::{client, client_of, read, sdist, selected};
use crawler::{FetchFailure, file_host};
use fake_index::FakeIndex;
use store::FileState;

/// An index whose file is at `url`.
async fn index_with(url: &str) -> FakeIndex {
    let index = FakeIndex::start().await;
    index.add("demo").sdist("1.0", &sdist()).at(url);
    index
}

#[tokio::test]
async fn hosts_are_learned_from_the_first_page_and_shared_by_clones() {
    let index = index_with("https://files.invalid/demo-1.0.tar.gz").await;
    let client = client(&index);
    assert_eq!(client.file_hosts(), None);
    read(&client).await.unwrap();
    assert_eq!(client.clone().file_hosts(), Some(["files.invalid".to_owned()].into()));
    index.add("demo").without_files().sdist("1.0", &sdist()).at("https://elsewhere.invalid/demo-1.0.tar.gz");
    let failure = client.fetch(&selected(&client).await, &|_| ()).await.unwrap_err();
    assert_eq!(failure.state(), FileState::BlockedUrl);
    assert!(failure.to_string().contains("its host is not one of those"), "{failure}");
}

#[tokio::test]
async fn pinned_hosts_stand_against_what_pages_say() {
    let index = index_with("https://files.invalid/demo-1.0.tar.gz").await;
    let pinned = [file_host("pinned.invalid").unwrap()].into();
    let client = client_of(&index.url(), |config| config.file_hosts = Some(pinned));
    let failure = client.fetch(&selected(&client).await, &|_| ()).await.unwrap_err();
    assert!(matches!(failure, FetchFailure::BlockedUrl(_)), "{failure}");
    client.set_file_hosts(["files.invalid".to_owned()].into());
    let failure = client.fetch(&selected(&client).await, &|_| ()).await.unwrap_err();
    assert!(!matches!(failure, FetchFailure::BlockedUrl(_)), "a name that does not resolve may pass: {failure}");
}

#[tokio::test]
async fn a_page_whose_files_cannot_be_fetched_teaches_nothing() {
    let index = index_with("http://169.254.169.254/latest/").await;
    let client = client(&index);
    read(&client).await.unwrap();
    assert_eq!(client.file_hosts(), None);
}

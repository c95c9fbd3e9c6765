//! What the tests of the client share.

use crawler::{ClientConfig, FetchFailure, IndexClient, IndexUrl, Policy, ReadFailure, Wanted};
use fake_index::{FakeIndex, SdistBuilder};
use store::{FileRecord, ProjectPage};

pub(crate) const PAGE: &str = "/simple/demo/";
pub(crate) const FILE: &str = "/files/demo/demo-1.0.tar.gz";

/// An index with one project of one sdist.
pub(crate) async fn index() -> FakeIndex {
    let index = FakeIndex::start().await;
    index.add("demo").sdist("1.0", &sdist());
    index
}

pub(crate) fn sdist() -> SdistBuilder {
    SdistBuilder::new("demo-1.0").file("demo.c", "#include <Python.h>\n")
}

/// A client that does not wait: neither for its turn nor between tries.
pub(crate) fn client(index: &FakeIndex) -> IndexClient {
    client_of(&index.url(), |_| ())
}

pub(crate) fn client_of(url: &str, change: impl FnOnce(&mut ClientConfig)) -> IndexClient {
    let mut config =
        ClientConfig { requests_per_second: 100_000, wait_between_tries: false, ..ClientConfig::default() };
    change(&mut config);
    IndexClient::new(IndexUrl::parse(url).expect("a loopback address"), config).expect("a client")
}

pub(crate) async fn read(client: &IndexClient) -> Result<ProjectPage, ReadFailure> {
    let name = "demo".parse().expect("a name");
    client.read_project(&name, &Wanted::Latest, Policy::default()).await
}

/// The selected file of the project.
pub(crate) async fn selected(client: &IndexClient) -> FileRecord {
    let page = read(client).await.expect("a page");
    let release = page.releases.into_iter().find(|release| release.latest).expect("a release");
    release.files[release.selected.expect("a selected file")].clone()
}

/// What became of fetching the selected file.
pub(crate) async fn fetch(client: &IndexClient) -> Result<bytes::Bytes, FetchFailure> {
    client.fetch(&selected(client).await, &|_| ()).await
}

/// How often `path` was asked for.
pub(crate) fn times(index: &FakeIndex, path: &str) -> usize {
    let line = format!("GET {path}");
    index.requests().iter().filter(|request| **request == line).count()
}

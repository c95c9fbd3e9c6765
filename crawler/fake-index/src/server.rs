//! The server.

use crate::SdistBuilder;

/// A running index; stops when dropped.
#[derive(Debug)]
pub struct FakeIndex {
    base: String,
}

/// Adds files to one project.
#[derive(Debug)]
pub struct ProjectHandle<'a> {
    index: &'a FakeIndex,
}

impl FakeIndex {
    /// Starts an empty index on a free loopback port.
    pub async fn start() -> Self {
        unimplemented!()
    }

    /// The Simple API's address, what `--index-url` takes.
    pub fn url(&self) -> String {
        format!("{}/simple/", self.base)
    }

    /// Makes a project without files, or finds it.
    pub fn add(&self, name: &str) -> ProjectHandle<'_> {
        let _ = name;
        unimplemented!()
    }

    /// The requests so far, as `GET /simple/demo/`.
    pub fn requests(&self) -> Vec<String> {
        unimplemented!()
    }
}

impl ProjectHandle<'_> {
    /// Adds `name-version.tar.gz`.
    pub fn sdist(self, version: &str, sdist: &SdistBuilder) -> Self {
        let _ = (self.index, version, sdist);
        unimplemented!()
    }

    /// Adds a file of any name and content: wheels, eggs, damaged archives.
    pub fn file(self, filename: &str, content: &[u8]) -> Self {
        let _ = (filename, content);
        unimplemented!()
    }
}

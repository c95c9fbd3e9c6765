//! The client of one index.

use bytes::Bytes;
use packaging::ProjectName;
use store::{FileRecord, ProjectPage};

use crate::{FetchFailure, IndexUrl, Policy, ReadFailure, Wanted};

/// How the client behaves. The defaults are PyPI's manners.
#[derive(Debug, Clone)]
pub struct ClientConfig {
    /// Requests a second (5).
    pub requests_per_second: u32,
    /// Requests under way at once (8).
    pub connections: usize,
    /// Who asks: a mail address or URL for the User-Agent.
    pub contact: Option<String>,
    /// Bytes of one download (256 MiB).
    pub download_bytes: u64,
    /// Whether failed requests wait before the next try; tests switch it off.
    pub wait_between_tries: bool,
}

impl Default for ClientConfig {
    fn default() -> Self {
        Self {
            requests_per_second: 5,
            connections: 8,
            contact: None,
            download_bytes: 256 << 20,
            wait_between_tries: true,
        }
    }
}

/// Speaks with one index, politely. Cheap to clone: clones share the rate and the connections.
#[derive(Debug, Clone)]
pub struct IndexClient {
    index: IndexUrl,
}

impl IndexClient {
    /// A client of `index`.
    pub fn new(index: IndexUrl, config: ClientConfig) -> Result<Self, reqwest::Error> {
        let _ = config;
        Ok(Self { index })
    }

    /// The index it speaks with.
    pub fn index(&self) -> &IndexUrl {
        &self.index
    }

    /// Reads a project's page and judges every release: the wanted one is `selected` if it has an sdist worth fetching.
    pub async fn read_project(
        &self,
        name: &ProjectName,
        wanted: &Wanted,
        policy: Policy,
    ) -> Result<ProjectPage, ReadFailure> {
        let _ = (name, wanted, policy);
        unimplemented!()
    }

    /// Fetches a file and verifies its size and hash. `progress` hears the bytes received so far.
    pub async fn fetch(&self, file: &FileRecord, progress: &(dyn Fn(u64) + Sync)) -> Result<Bytes, FetchFailure> {
        let _ = (file, progress);
        unimplemented!()
    }
}

//! The client of one index.

use std::time::Duration;

use bytes::Bytes;
use packaging::ProjectName;
use reqwest::header::{ACCEPT_ENCODING, HeaderMap, HeaderValue};
use reqwest::{Client, ClientBuilder, redirect};
use store::{FileRecord, ProjectPage};
use url::Url;

use crate::address::PublicResolver;
use crate::exchange::Exchange;
use crate::fetch::{self, Promise};
use crate::judge::judge;
use crate::pace::Pace;
use crate::proxy;
use crate::read;
use crate::tries::with_tries;
use crate::trust::Trust;
use crate::{FetchFailure, IndexUrl, Policy, ReadFailure, Wanted};

const CONNECT: Duration = Duration::from_secs(10);
const IDLE_READ: Duration = Duration::from_secs(30);
const WHOLE_REQUEST: Duration = Duration::from_mins(15);

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
    trust: Trust,
    pace: Pace,
    /// Reads pages, compressed where the index can. The other compressions are named, because another crate of the same
    /// build can switch their features on.
    pages: Client,
    /// Fetches files as they are: a client that unpacks would unpack a `.tar.gz` before its hash is taken.
    files: Client,
    config: ClientConfig,
}

impl IndexClient {
    /// A client of `index`. Fails where the machine's certificates cannot be read, or the contact is not printable.
    pub fn new(index: IndexUrl, config: ClientConfig) -> Result<Self, reqwest::Error> {
        let base = || base(&index, config.contact.as_deref());
        let plain = HeaderMap::from_iter([(ACCEPT_ENCODING, HeaderValue::from_static("identity"))]);
        let own_host = index.as_url().domain().map(str::to_owned);
        let resolver = PublicResolver::new(own_host, proxy::hosts());
        Ok(Self {
            trust: Trust::new(index.clone()),
            pace: Pace::new(config.requests_per_second, config.connections),
            pages: base().gzip(true).no_deflate().no_brotli().no_zstd().build()?,
            files: base()
                .no_gzip()
                .no_deflate()
                .no_brotli()
                .no_zstd()
                .default_headers(plain)
                .dns_resolver(resolver)
                .build()?,
            index,
            config,
        })
    }

    /// The index it speaks with.
    pub fn index(&self) -> &IndexUrl {
        &self.index
    }

    /// Reads a project's page and judges every release: the wanted one is `selected` if it has an sdist worth fetching.
    ///
    /// A release that is wanted by its version and does not exist is [`ReadFailure::NoSuchRelease`]; a project without
    /// any release is a page without releases.
    pub async fn read_project(
        &self,
        name: &ProjectName,
        wanted: &Wanted,
        policy: Policy,
    ) -> Result<ProjectPage, ReadFailure> {
        let exchange = Exchange {
            client: &self.pages,
            pace: &self.pace,
            accept: read::accept(),
            admit: &|url| self.trust.page(url),
        };
        let url = self.page_url(name);
        let answer = with_tries(self.config.wait_between_tries, || read::read_page(&exchange, url.clone(), name)).await;
        let answer = answer.map_err(|(trouble, tries)| ReadFailure::of(trouble, tries))?;
        let mut page = judge(name, answer.page, wanted, policy)?;
        page.etag = answer.etag;
        Ok(page)
    }

    /// Fetches a file and verifies its size and hash. `progress` hears the bytes received so far; after a failed try it
    /// starts again from the first byte.
    pub async fn fetch(&self, file: &FileRecord, progress: &(dyn Fn(u64) + Sync)) -> Result<Bytes, FetchFailure> {
        let sha256 = file.sha256.ok_or(FetchFailure::NoHash)?;
        let limit = self.config.download_bytes;
        let size = file.size.and_then(|size| u64::try_from(size).ok());
        if size.is_some_and(|size| size > limit) {
            return Err(FetchFailure::TooLarge { limit });
        }
        let url =
            Url::parse(&file.url).map_err(|error| FetchFailure::BlockedUrl(format!("{:?}: {error}", file.url)))?;
        let exchange = Exchange {
            client: &self.files,
            pace: &self.pace,
            accept: fetch::accept(),
            admit: &|url| self.trust.file(url),
        };
        let promise = Promise { sha256, size, limit };
        let attempt = || fetch::fetch_file(&exchange, url.clone(), promise, progress);
        let fetched = with_tries(self.config.wait_between_tries, attempt).await;
        fetched.map_err(|(trouble, tries)| FetchFailure::of(trouble, tries, sha256, limit))
    }

    /// Normalised names need no escaping; the slash at the end spares a redirect.
    fn page_url(&self, name: &ProjectName) -> Url {
        let mut url = self.index.as_url().clone();
        url.set_path(&format!("{}{name}/", url.path()));
        url
    }
}

/// What both clients share. Redirects are followed by hand, each hop checked.
fn base(index: &IndexUrl, contact: Option<&str>) -> ClientBuilder {
    let builder = Client::builder()
        .user_agent(user_agent(contact))
        .redirect(redirect::Policy::none())
        .referer(false)
        .connect_timeout(CONNECT)
        .read_timeout(IDLE_READ)
        .timeout(WHOLE_REQUEST);
    if index.is_loopback() { builder.no_proxy() } else { builder }
}

fn user_agent(contact: Option<&str>) -> String {
    let tool = concat!("abiscope/", env!("CARGO_PKG_VERSION"));
    contact.map_or_else(|| tool.to_owned(), |contact| format!("{tool} (+{contact})"))
}

//! The client of one index.

use std::collections::BTreeSet;
use std::sync::Arc;

use bytes::Bytes;
use reqwest::header::{ACCEPT_ENCODING, HeaderMap, HeaderValue};
use reqwest::{Client, ClientBuilder, redirect};
use store::FileRecord;
use url::Url;

use crate::address::PublicResolver;
use crate::budget::Budget;
use crate::counts::Counts;
use crate::exchange::Exchange;
use crate::fetch::{self, Partial, Promise};
use crate::pace::Pace;
use crate::proxy;
use crate::read;
use crate::tries::with_tries;
use crate::trouble::Trouble;
use crate::trust::Trust;
use crate::{FetchFailure, IndexUrl, Patience, RequestCounts};

mod listing;
mod project;

/// How the client behaves. The defaults are PyPI's manners.
#[derive(Debug, Clone)]
pub struct ClientConfig {
    /// Requests a second (5), unless the client has a budget from elsewhere.
    pub requests_per_second: u32,
    /// Requests under way at once (8), unless the client has a budget from elsewhere.
    pub connections: usize,
    /// Who asks: a mail address or URL for the User-Agent.
    pub contact: Option<String>,
    /// Bytes of one download (256 MiB).
    pub download_bytes: u64,
    /// Bytes of one project's page, decompressed (64 MiB; the largest seen has 4.9 MB).
    pub page_bytes: u64,
    /// Bytes of the listing of all projects, decompressed (512 MiB; it has some 40 MB).
    pub listing_bytes: u64,
    /// The hosts beyond the index's own that files may come from. `None`: they are learned from the first good page.
    /// See [`crate::file_host`] for names that an operator gives.
    pub file_hosts: Option<BTreeSet<String>>,
    /// How long requests may take.
    pub patience: Patience,
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
            page_bytes: 64 << 20,
            listing_bytes: 512 << 20,
            file_hosts: None,
            patience: Patience::default(),
            wait_between_tries: true,
        }
    }
}

/// Speaks with one index, politely. Cheap to clone: clones share the budget and the hosts that are trusted.
#[derive(Debug, Clone)]
pub struct IndexClient {
    index: IndexUrl,
    trust: Trust,
    budget: Arc<dyn Budget>,
    /// Reads pages, compressed where the index can. The other compressions are named, because another crate of the same
    /// build can switch their features on.
    pages: Client,
    /// Fetches files as they are: a client that unpacks would unpack a `.tar.gz` before its hash is taken.
    files: Client,
    config: ClientConfig,
    counts: Arc<Counts>,
}

impl IndexClient {
    /// A client of `index` with a budget of its own. Fails where the machine's certificates cannot be read, or the
    /// contact is not printable.
    pub fn new(index: IndexUrl, config: ClientConfig) -> Result<Self, reqwest::Error> {
        let pace = Pace::new(config.requests_per_second, config.connections);
        Self::with_budget(index, config, Arc::new(pace))
    }

    /// A client of `index` that shares a budget with others. Fails as [`IndexClient::new`] does.
    pub fn with_budget(index: IndexUrl, config: ClientConfig, budget: Arc<dyn Budget>) -> Result<Self, reqwest::Error> {
        let base = || base(&index, &config);
        let plain = HeaderMap::from_iter([(ACCEPT_ENCODING, HeaderValue::from_static("identity"))]);
        let own_host = index.as_url().domain().map(str::to_owned);
        let resolver = PublicResolver::new(own_host, proxy::hosts());
        Ok(Self {
            trust: Trust::new(index.clone(), config.file_hosts.clone()),
            budget,
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
            counts: Arc::default(),
        })
    }

    /// The index it speaks with.
    pub fn index(&self) -> &IndexUrl {
        &self.index
    }

    /// The hosts beyond the index's own that files are fetched from; `None` until they are known. Whoever stores them
    /// gives them to the next client ([`ClientConfig::file_hosts`]).
    pub fn file_hosts(&self) -> Option<BTreeSet<String>> {
        self.trust.hosts()
    }

    /// Files come from these hosts and the index's own from now on, whatever was learned: another process was the first.
    pub fn set_file_hosts(&self, hosts: BTreeSet<String>) {
        self.trust.set_hosts(hosts);
    }

    /// Fetches a file and verifies its size and hash. `progress` hears the bytes received so far; after a failed try it
    /// may start again from the first byte.
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
            budget: &*self.budget,
            accept: fetch::accept(),
            admit: &|url| self.trust.file(&url),
            counts: &self.counts,
        };
        let (promise, partial) = (Promise { sha256, size, limit }, Partial::default());
        let patience = self.config.patience;
        let attempt = || fetch::fetch_file(&exchange, url.clone(), promise, patience, &partial, progress);
        let fetched = self.with_tries(attempt).await;
        fetched.map_err(|(trouble, tries)| FetchFailure::of(trouble, tries, sha256, limit))
    }

    /// What it did so far, its clones included.
    pub fn counts(&self) -> RequestCounts {
        self.counts.now()
    }

    /// Tries as [`with_tries`] does, and counts how each try ended.
    async fn with_tries<T, F, Fut>(&self, mut attempt: F) -> Result<T, (Trouble, u32)>
    where
        F: FnMut() -> Fut,
        Fut: Future<Output = Result<T, Trouble>>,
    {
        let counted = || {
            let attempt = attempt();
            async {
                let outcome = attempt.await;
                self.counts.ended(outcome.as_ref().err());
                outcome
            }
        };
        with_tries(self.config.wait_between_tries, counted).await
    }

    /// Sends requests for pages with `admit`.
    fn page_exchange<'a>(
        &'a self,
        admit: &'a (dyn Fn(Url) -> Result<Url, crate::trust::Refused> + Sync),
    ) -> Exchange<'a> {
        Exchange { client: &self.pages, budget: &*self.budget, accept: read::accept(), admit, counts: &self.counts }
    }
}

/// What both clients share. Redirects are followed by hand, each hop checked.
fn base(index: &IndexUrl, config: &ClientConfig) -> ClientBuilder {
    let builder = Client::builder()
        .user_agent(user_agent(config.contact.as_deref()))
        .redirect(redirect::Policy::none())
        .referer(false)
        .connect_timeout(config.patience.connect)
        .read_timeout(config.patience.idle_read)
        .timeout(config.patience.total);
    if index.is_loopback() { builder.no_proxy() } else { builder }
}

/// Who asks.
pub(crate) fn user_agent(contact: Option<&str>) -> String {
    let tool = concat!("abiscope/", env!("CARGO_PKG_VERSION"));
    contact.map_or_else(|| tool.to_owned(), |contact| format!("{tool} (+{contact})"))
}

//! Which addresses are followed.

use std::collections::BTreeSet;
use std::sync::{Arc, PoisonError, RwLock};

use url::{Host, Url};

use crate::IndexUrl;

/// An address was refused: why, with the address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Refused(pub(crate) String);

/// The text is not the name of a host.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} cannot be a files host: the name alone is wanted, such as files.example, without scheme, port or path")]
pub struct NotAHost(pub String);

/// Reads the name of a files host as an operator gives it (`--file-host`), as [`crate::ClientConfig::file_hosts`] wants
/// it.
pub fn file_host(text: &str) -> Result<String, NotAHost> {
    match Host::parse(text.trim()) {
        Ok(Host::Domain(name)) if name.contains(|c: char| c.is_ascii_alphanumeric()) => Ok(name),
        _ => Err(NotAHost(text.to_owned())),
    }
}

/// The rules for addresses that come from the index, and so from strangers. Each hop of a redirect is asked again.
#[derive(Debug, Clone)]
pub(crate) struct Trust {
    index: IndexUrl,
    /// The hosts of files beyond the index's own; `None` until they are known. Shared by the clones of a client.
    hosts: Arc<RwLock<Option<BTreeSet<String>>>>,
}

impl Trust {
    pub(crate) fn new(index: IndexUrl, hosts: Option<BTreeSet<String>>) -> Self {
        Self { index, hosts: Arc::new(RwLock::new(hosts)) }
    }

    /// The hosts beyond the index's own that files are fetched from, once they are known.
    pub(crate) fn hosts(&self) -> Option<BTreeSet<String>> {
        self.hosts.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Only these from now on.
    pub(crate) fn set_hosts(&self, hosts: BTreeSet<String>) {
        *self.hosts.write().unwrap_or_else(PoisonError::into_inner) = Some(hosts);
    }

    /// Learns the hosts from the files of a good page, if none are known. A page of which no file could be fetched at
    /// all teaches nothing.
    pub(crate) fn learn<'a>(&self, urls: impl Iterator<Item = &'a str>) {
        if self.hosts.read().unwrap_or_else(PoisonError::into_inner).is_some() {
            return;
        }
        let good: Vec<Url> = urls.filter_map(|url| self.by_form(&url.parse().ok()?).ok()).collect();
        if good.is_empty() {
            return;
        }
        let others = good.iter().filter(|url| !self.index.is_origin_of(url));
        let hosts = others.filter_map(|url| url.host_str().map(str::to_owned)).collect();
        self.hosts.write().unwrap_or_else(PoisonError::into_inner).get_or_insert(hosts);
    }

    /// A page is read from the index's own origin only.
    pub(crate) fn page(&self, url: Url) -> Result<Url, Refused> {
        if self.index.is_origin_of(&url) {
            Ok(self.with_user(url))
        } else {
            Err(refused(&url, "the index leads to another origin"))
        }
    }

    /// A file is fetched from the index's origin, or by https from one of the index's hosts of files, whose addresses
    /// must be public; those are checked by the resolver, on the connection.
    pub(crate) fn file(&self, url: &Url) -> Result<Url, Refused> {
        let url = self.by_form(url)?;
        let known = self.hosts.read().unwrap_or_else(PoisonError::into_inner);
        let host = url.host_str().unwrap_or_default();
        match &*known {
            Some(hosts) if !self.index.is_origin_of(&url) && !hosts.contains(host) => {
                Err(refused(&url, "its host is not one of those the index's files come from (see --file-host)"))
            }
            _ => Ok(url),
        }
    }

    /// The rules that need nothing but the address.
    fn by_form(&self, url: &Url) -> Result<Url, Refused> {
        if !url.username().is_empty() || url.password().is_some() {
            return Err(refused(url, "it carries a user name"));
        }
        if self.index.is_origin_of(url) {
            return Ok(self.with_user(url.clone()));
        }
        if url.scheme() != "https" {
            return Err(refused(url, "it is not https"));
        }
        if url.port().is_some() {
            return Err(refused(url, "it names a port"));
        }
        match url.host() {
            Some(Host::Domain(_)) => Ok(url.clone()),
            _ => Err(refused(url, "its host is a bare address")),
        }
    }

    /// The operator's user and password go with every request to the index's origin, and nowhere else.
    fn with_user(&self, mut url: Url) -> Url {
        let index = self.index.as_url();
        // Both only fail for addresses without a host, which have no origin in common with an index.
        _ = url.set_username(index.username());
        _ = url.set_password(index.password());
        url
    }
}

fn refused(url: &Url, why: &str) -> Refused {
    let mut shown = url.clone();
    _ = shown.set_username("");
    _ = shown.set_password(None);
    Refused(format!("{why}: {shown}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn trust() -> Trust {
        Trust::new(IndexUrl::parse("https://me:secret@index.example:8443/simple/").unwrap(), None)
    }

    fn file(url: &str) -> Result<String, String> {
        let judged = trust().file(&url.parse().unwrap());
        judged.map(|url| url.to_string()).map_err(|Refused(why)| why)
    }

    #[test]
    fn files_come_by_https_from_named_hosts() {
        assert_eq!(file("https://files.example/a.tar.gz").unwrap(), "https://files.example/a.tar.gz");
        assert_eq!(file("https://files.example:443/a").unwrap(), "https://files.example/a");
    }

    #[test]
    fn the_indexs_own_origin_gets_the_operators_user_and_nobody_else_does() {
        let own = "https://index.example:8443/files/a.tar.gz";
        assert_eq!(file(own).unwrap(), "https://me:secret@index.example:8443/files/a.tar.gz");
        assert!(!file("https://index.example/files/a.tar.gz").unwrap().contains("secret"));
    }

    #[test]
    fn other_addresses_of_files_are_refused_with_the_reason() {
        for (url, why) in [
            ("http://files.example/a", "not https"),
            ("http://index.example:8443/a", "not https"),
            ("ftp://files.example/a", "not https"),
            ("file:///etc/passwd", "not https"),
            ("data:text/plain,a", "not https"),
            ("https://files.example:8080/a", "port"),
            ("https://you@files.example/a", "user name"),
            ("https://:pw@index.example:8443/a", "user name"),
            ("https://93.184.216.34/a", "bare address"),
            ("https://0x7f.1/a", "bare address"),
            ("https://[::1]/a", "bare address"),
        ] {
            let error = file(url).unwrap_err();
            assert!(error.contains(why) && !error.contains("pw"), "{url}: {error}");
        }
    }

    #[test]
    fn pages_stay_on_the_indexs_origin() {
        let page = |url: &str| trust().page(url.parse().unwrap()).map(|url| url.to_string());
        assert!(page("https://index.example:8443/other/").unwrap().starts_with("https://me:secret@"));
        for url in
            ["https://index.example/simple/six/", "http://index.example:8443/", "https://evil.example/simple/six/"]
        {
            assert!(page(url).unwrap_err().0.starts_with("the index leads to another origin: "), "{url}");
        }
    }

    fn good(trust: &Trust, url: &str) -> bool {
        trust.file(&url.parse().unwrap()).is_ok()
    }

    #[test]
    fn hosts_are_learned_from_the_first_page_with_a_usable_file_and_from_no_other() {
        let trust = trust();
        trust.learn(["http://10.0.0.1/a", "nonsense", "https://evil.example:99/a"].into_iter());
        assert_eq!(trust.hosts(), None);
        trust.learn(["https://files.example/a", "https://index.example:8443/b", "http://evil.example/"].into_iter());
        trust.learn(["https://evil.example/a"].into_iter());
        assert_eq!(trust.hosts(), Some(["files.example".to_owned()].into()));
        assert!(good(&trust, "https://files.example/b") && good(&trust, "https://index.example:8443/b"));
        assert!(!good(&trust, "https://evil.example/a"));
        let why = trust.clone().file(&"https://evil.example/a".parse().unwrap()).unwrap_err();
        assert!(why.0.contains("--file-host"), "{}", why.0);
    }

    #[test]
    fn an_index_with_files_of_its_own_has_no_other_host() {
        let trust = trust();
        trust.learn(["https://index.example:8443/a"].into_iter());
        assert!(!good(&trust, "https://files.example/a"));
    }

    #[test]
    fn pinned_hosts_are_the_only_ones() {
        let trust = trust();
        trust.set_hosts([file_host(" Files.Example ").unwrap()].into());
        trust.learn(["https://other.example/a"].into_iter());
        assert!(good(&trust, "https://files.example/a") && !good(&trust, "https://other.example/a"));
        for text in ["", "https://files.example", "files.example/a", "files.example:443", "10.0.0.1", "[::1]", "a b"] {
            assert_eq!(file_host(text).unwrap_err().0, text);
        }
    }
}

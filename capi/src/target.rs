//! Stable-ABI targets: what an extension can be built for.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::Version;

/// A stable ABI an extension can be built for, written `abi3-3.11` or `abi3t-3.15`.
///
/// `abi3` is PEP 384's, in each level from 3.2; `abi3t` is PEP 803's for free-threaded builds, from 3.15.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Target {
    /// The stable ABI with `Py_LIMITED_API` set to this version.
    Abi3(Version),
    /// The stable ABI for free-threaded builds with `Py_TARGET_ABI3T` set to this version.
    Abi3t(Version),
}

impl Target {
    /// Every target that verdicts are given for, in order: `abi3-3.2` … `abi3-3.15`, `abi3t-3.15`.
    pub fn all() -> impl DoubleEndedIterator<Item = Self> {
        let abi3 =
            (Version::OLDEST_LIMITED.minor()..=Version::NEWEST.minor()).map(|minor| Self::Abi3(Version::new(3, minor)));
        abi3.chain([Self::Abi3t(Version::NEWEST)])
    }

    /// The limited-API level of the target.
    pub const fn version(self) -> Version {
        match self {
            Self::Abi3(version) | Self::Abi3t(version) => version,
        }
    }

    /// Whether `PyObject` is opaque: the free-threaded stable ABI.
    pub const fn is_free_threaded(self) -> bool {
        matches!(self, Self::Abi3t(_))
    }
}

impl fmt::Display for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Abi3(version) => write!(f, "abi3-{version}"),
            Self::Abi3t(version) => write!(f, "abi3t-{version}"),
        }
    }
}

/// The text is not a target.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NotATarget(pub String);

impl fmt::Display for NotATarget {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{:?} is not a target: try abi3-3.2 to abi3-{newest}, or abi3t-{newest}",
            self.0,
            newest = Version::NEWEST
        )
    }
}

impl std::error::Error for NotATarget {}

impl FromStr for Target {
    type Err = NotATarget;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::all().find(|target| target.to_string() == text).ok_or_else(|| NotATarget(text.to_owned()))
    }
}

#[cfg(feature = "schema")]
impl schemars::JsonSchema for Target {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Target".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({ "type": "string", "pattern": r"^abi3t?-3\.[0-9]+$" })
    }
}

impl Serialize for Target {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Target {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = <std::borrow::Cow<'de, str>>::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_target_reads_back_from_its_text() {
        let all: Vec<Target> = Target::all().collect();
        assert_eq!(all.len(), 15);
        assert_eq!(all[0].to_string(), "abi3-3.2");
        assert_eq!(all[14].to_string(), "abi3t-3.15");
        for target in all {
            assert_eq!(target.to_string().parse(), Ok(target));
        }
    }

    #[test]
    fn targets_that_cannot_be_built_are_refused() {
        assert!("abi3t-3.14".parse::<Target>().is_err());
        assert!("abi3-3.1".parse::<Target>().is_err());
        assert!("3.11".parse::<Target>().is_err());
    }
}

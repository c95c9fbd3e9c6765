//! CPython feature versions.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A CPython feature version such as 2.7 or 3.11; patch releases do not exist here.
///
/// Ordered as releases are: 2.7 < 3.2 < 3.15.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Version {
    major: u8,
    minor: u8,
}

impl Version {
    /// The oldest limited API (PEP 384).
    pub const OLDEST_LIMITED: Self = Self::new(3, 2);
    /// The newest CPython whose headers the data holds.
    pub const NEWEST: Self = Self::new(3, 15);

    /// The version `major.minor`.
    pub const fn new(major: u8, minor: u8) -> Self {
        Self { major, minor }
    }

    /// The part before the dot.
    pub const fn major(self) -> u8 {
        self.major
    }

    /// The part after the dot.
    pub const fn minor(self) -> u8 {
        self.minor
    }

    /// `PY_VERSION_HEX` of the version's final release, patch level zero: 3.11 is `0x030b00f0`.
    pub const fn hex(self) -> u32 {
        (self.major as u32) << 24 | (self.minor as u32) << 16 | 0xf0
    }

    /// The value of `Py_LIMITED_API` that asks for this version: 3.11 is `0x030b0000`.
    pub const fn limited_hex(self) -> u32 {
        (self.major as u32) << 24 | (self.minor as u32) << 16
    }
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.major, self.minor)
    }
}

/// The text is not `MAJOR.MINOR`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NotAVersion(pub String);

impl fmt::Display for NotAVersion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?} is not a CPython version such as 3.11", self.0)
    }
}

impl std::error::Error for NotAVersion {}

impl FromStr for Version {
    type Err = NotAVersion;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        text.split_once('.')
            .and_then(|(major, minor)| Some(Self::new(major.parse().ok()?, minor.parse().ok()?)))
            .ok_or_else(|| NotAVersion(text.to_owned()))
    }
}

#[cfg(feature = "schema")]
impl schemars::JsonSchema for Version {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Version".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({ "type": "string", "pattern": r"^3\.[0-9]+$" })
    }
}

impl Serialize for Version {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Version {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = <std::borrow::Cow<'de, str>>::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

/// Feature versions from `first` to `last`, both included; no `last` means "and later".
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct VersionRange {
    /// The first version inside.
    pub first: Version,
    /// The last version inside, if the range has ended.
    pub last: Option<Version>,
}

impl VersionRange {
    /// Whether `version` lies inside.
    pub fn contains(self, version: Version) -> bool {
        self.first <= version && self.last.is_none_or(|last| version <= last)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_ordered_as_releases_not_as_text() {
        assert!(Version::new(2, 7) < Version::new(3, 2));
        assert!(Version::new(3, 9) < Version::new(3, 10));
    }

    #[test]
    fn text_and_hex_forms() {
        let v: Version = "3.11".parse().expect("a version");
        assert_eq!(v.to_string(), "3.11");
        assert_eq!(v.hex(), 0x030b_00f0);
        assert_eq!(v.limited_hex(), 0x030b_0000);
        assert!("3".parse::<Version>().is_err());
        assert!("3.x".parse::<Version>().is_err());
    }

    #[test]
    fn an_open_range_has_no_end() {
        let range = VersionRange { first: Version::new(3, 9), last: None };
        assert!(range.contains(Version::NEWEST));
        assert!(!range.contains(Version::new(3, 8)));
    }
}

//! For which builds the preprocessor keeps a line.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// When a line is compiled: `always`, `never`, `unknown`, or an expression over the names of the contract
/// (`python < 3.9 and implementation == cpython`). Printing then parsing gives the same value.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Condition(String);

impl Condition {
    /// Kept in every build.
    pub fn always() -> Self {
        Self("always".to_owned())
    }
}

impl fmt::Display for Condition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl Serialize for Condition {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Condition {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer).map(Self)
    }
}

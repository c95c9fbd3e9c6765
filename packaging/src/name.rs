//! Project names.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// A normalised project name: lower case, runs of `-`, `_` and `.` as one `-`. Cannot hold anything else.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct ProjectName(String);

/// The text is not a project name.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is not a project name: letters, digits, '-', '_' and '.', with a letter or digit at both ends")]
pub struct NotAName(pub String);

impl ProjectName {
    /// The normalised text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for ProjectName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl FromStr for ProjectName {
    type Err = NotAName;

    /// Normalises any spelling.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let name: uv_normalize::PackageName = text.parse().map_err(|_| NotAName(text.to_owned()))?;
        Ok(Self(name.to_string()))
    }
}

impl TryFrom<String> for ProjectName {
    type Error = NotAName;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

impl From<ProjectName> for String {
    fn from(name: ProjectName) -> Self {
        name.0
    }
}

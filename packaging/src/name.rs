//! Project names.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// A normalised project name: lower case, runs of `-`, `_` and `.` as one `-`. Cannot hold anything else.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
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

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn spellings_of_one_project_are_one_name() {
        for spelling in ["zope.interface", "Zope-Interface", "zope__interface", "zope-._interface"] {
            let name: ProjectName = spelling.parse().unwrap();
            assert_eq!(name.as_str(), "zope-interface", "{spelling}");
        }
    }

    #[test]
    fn text_that_is_no_name_is_refused_and_quoted() {
        for text in ["", "-six", "six-", "six six", "../six", "sïx", "six\n"] {
            let error = text.parse::<ProjectName>().unwrap_err();
            assert_eq!(error.0, text);
        }
        assert!("six\n".parse::<ProjectName>().unwrap_err().to_string().starts_with("\"six\\n\" is not"));
    }

    #[test]
    fn a_name_read_from_json_is_normalised_too() {
        let name: ProjectName = serde_json::from_str("\"PyYAML\"").unwrap();
        assert_eq!(name.as_str(), "pyyaml");
        assert_eq!(serde_json::to_string(&name).unwrap(), "\"pyyaml\"");
        assert!(serde_json::from_str::<ProjectName>("\"no name\"").is_err());
    }

    proptest! {
        #[test]
        fn reading_a_printed_name_gives_the_same_name(text in "[A-Za-z0-9]([A-Za-z0-9._-]{0,20}[A-Za-z0-9])?") {
            let name: ProjectName = text.parse().unwrap();
            prop_assert_eq!(name.to_string().parse::<ProjectName>().unwrap(), name);
        }
    }
}

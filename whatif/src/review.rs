//! What people judged: verdicts on sites, which are replayed whenever the same question is asked.

use packaging::ProjectName;
use serde::{Deserialize, Serialize};

/// What somebody says about a site that a rule asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Judgement {
    /// The rule would not break it: it does not count.
    FalsePositive,
    /// The rule would break it.
    Confirmed,
}

impl Judgement {
    /// The word used in formats.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::FalsePositive => "false-positive",
            Self::Confirmed => "confirmed",
        }
    }
}

/// A verdict of a person. It holds for every site with this text in a file with this content, whatever the release and
/// whatever stands around the file; `source`, `rule`, `site` and `project` are its key.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Review {
    /// SHA-256 of the content of the source file, in lower-case hexadecimal digits.
    pub source: String,
    /// [`crate::Rule::canonical`].
    pub rule: String,
    /// The source line as the survey shows it, without white space at its ends.
    pub site: String,
    /// What is said.
    pub verdict: Judgement,
    /// Why, for everybody to read.
    pub reason: String,
    /// Who says so.
    pub by: String,
    /// The day of it, `2026-11-26`.
    pub on: String,
    /// The project in whose standing release the file is looked for.
    pub project: ProjectName,
    /// Where the file was when it was judged; for people.
    pub path: String,
}

/// All sites of an item in the standing release of a project where people judged at least one of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Judged {
    /// Whose, by its place in [`crate::Evidence::projects`].
    pub project: u32,
    /// The item.
    pub item: String,
    /// The sites, by path and line.
    pub sites: Vec<JudgedSite>,
}

/// A site, and what people say about it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JudgedSite {
    /// `path:line`.
    pub place: String,
    /// Its column: a line may have several sites.
    pub column: u32,
    /// The class of its origin.
    pub origin: String,
    /// When the preprocessor keeps it.
    pub condition: String,
    /// Most have none.
    pub reviews: Vec<Review>,
}

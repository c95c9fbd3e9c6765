//! A pattern that a rule looks for in source.

use std::cmp::Ordering;
use std::hash::{Hash, Hasher};
use std::str::FromStr;
use std::sync::Arc;

use search::{Pattern, PatternError};

/// A regular expression that can be searched for. Equal ones are written in the same way.
#[derive(Debug, Clone)]
pub struct SourcePattern {
    text: Arc<str>,
    pattern: Arc<Pattern>,
}

/// Why a text is no pattern of a rule.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NoSourcePattern {
    /// An address, a line of TOML and a database could not hold it.
    #[error("it has a control character, at character {0}: write \\t or \\x00 instead")]
    Control(usize),
    /// It cannot be searched for.
    #[error(transparent)]
    Pattern(#[from] PatternError),
}

impl SourcePattern {
    /// As it is written.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// What to search with.
    pub fn pattern(&self) -> &Pattern {
        &self.pattern
    }
}

impl FromStr for SourcePattern {
    type Err = NoSourcePattern;

    fn from_str(text: &str) -> Result<Self, NoSourcePattern> {
        if let Some(at) = text.chars().position(char::is_control) {
            return Err(NoSourcePattern::Control(at + 1));
        }
        Ok(Self { text: text.into(), pattern: Arc::new(Pattern::parse(text, false)?) })
    }
}

impl PartialEq for SourcePattern {
    fn eq(&self, other: &Self) -> bool {
        self.text == other.text
    }
}

impl Eq for SourcePattern {}

impl Ord for SourcePattern {
    fn cmp(&self, other: &Self) -> Ordering {
        self.text.cmp(&other.text)
    }
}

impl PartialOrd for SourcePattern {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Hash for SourcePattern {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.text.hash(state);
    }
}

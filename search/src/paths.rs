//! Which files are searched, by their paths.

use globset::{GlobBuilder, GlobMatcher};

/// Bytes of a filter.
const LONGEST: usize = 200;

/// A part of a path, or a glob over all of it if there is one of `*?[{` in it.
#[derive(Debug, Clone)]
pub enum PathFilter {
    /// A part of the path.
    Part(String),
    /// A glob; `*` crosses folders.
    Glob(GlobMatcher),
}

/// Why a text is not a filter.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("not a path: {0}")]
pub struct NotAPath(String);

impl std::str::FromStr for PathFilter {
    type Err = NotAPath;

    fn from_str(text: &str) -> Result<Self, NotAPath> {
        if text.len() > LONGEST {
            return Err(NotAPath(format!("at most {LONGEST} bytes")));
        }
        if !text.contains(['*', '?', '[', '{']) {
            return Ok(Self::Part(text.to_owned()));
        }
        let glob = GlobBuilder::new(text).build().map_err(|error| NotAPath(error.to_string()))?;
        Ok(Self::Glob(glob.compile_matcher()))
    }
}

impl PathFilter {
    /// Whether a path is let through.
    pub fn lets(&self, path: &str) -> bool {
        match self {
            Self::Part(part) => path.contains(part.as_str()),
            Self::Glob(glob) => glob.is_match(path),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_part_or_a_glob() {
        let lets = |filter: &str, path| filter.parse::<PathFilter>().map(|filter| filter.lets(path));
        assert_eq!(lets("core/src", "numpy/core/src/a.c"), Ok(true));
        assert_eq!(lets("core/src", "numpy/core/a.c"), Ok(false));
        assert_eq!(lets("*.pyx", "pandas/_libs/a.pyx"), Ok(true));
        assert_eq!(lets("*.pyx", "pandas/_libs/a.pyx.c"), Ok(false));
        assert!(lets("[", "a").is_err());
    }
}

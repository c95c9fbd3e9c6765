//! A file of project names.

use std::collections::BTreeSet;

use packaging::{NotAName, ProjectName};

/// A line that is no project name.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("line {line}: {source}")]
pub struct BadNames {
    /// From 1.
    pub line: usize,
    /// What is wrong.
    pub source: NotAName,
}

/// Reads one project a line; `#` starts a comment, blank lines mean nothing, repeated names count once.
pub fn project_names(text: &str) -> Result<BTreeSet<ProjectName>, BadNames> {
    let mut names = BTreeSet::new();
    for (line, text) in (1..).zip(text.trim_start_matches('\u{feff}').lines()) {
        let name = text.split('#').next().unwrap_or_default().trim();
        if !name.is_empty() {
            names.insert(name.parse().map_err(|source| BadNames { line, source })?);
        }
    }
    Ok(names)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_normalised_and_comments_and_blank_lines_mean_nothing() {
        let names = project_names("\u{feff}# ours\nZope.Demo\r\n\n  six # small\nzope-demo\n").unwrap();
        assert_eq!(names.iter().map(ProjectName::as_str).collect::<Vec<_>>(), ["six", "zope-demo"]);
        assert!(project_names("").unwrap().is_empty());
    }

    #[test]
    fn a_line_that_is_no_name_is_told_with_its_number() {
        let error = project_names("six\nnumpy==1.0\n").unwrap_err().to_string();
        assert!(error.starts_with("line 2: \"numpy==1.0\" is not a project name"), "{error}");
    }
}

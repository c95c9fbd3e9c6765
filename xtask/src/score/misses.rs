//! What went wrong, grouped, each group with its explanation.

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::Context as _;
use serde::Deserialize;

use super::sheet::{Fault, Miss};

/// Misses that one explanation covers: the same name in the same file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Group<'a> {
    pub(super) package: &'a str,
    pub(super) kind: &'a str,
    pub(super) name: &'a str,
    pub(super) file: &'a str,
    pub(super) fault: Fault,
    /// Sorted; empty for what is about no file.
    pub(super) lines: Vec<u32>,
    /// What the truth says of the first.
    pub(super) detail: &'a str,
    /// From `analyzer/score-misses.toml`.
    pub(super) why: Option<&'a str>,
}

/// The file of explanations, `analyzer/score-misses.toml`, written by hand.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Explanations {
    #[serde(default)]
    explained: Vec<Explanation>,
}

/// Why some misses are there. What is left out fits all.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Explanation {
    package: Option<String>,
    kind: Option<String>,
    name: Option<String>,
    file: Option<String>,
    why: String,
}

impl Explanations {
    /// Reads the file; without one, nothing is explained.
    pub(super) fn read(path: &Path) -> anyhow::Result<Self> {
        match std::fs::read_to_string(path) {
            Ok(text) => toml::from_str(&text).with_context(|| format!("reading {}", path.display())),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(Self::default()),
            Err(error) => Err(error).with_context(|| format!("reading {}", path.display())),
        }
    }

    /// Explanations that no group of misses needs any more.
    pub(super) fn unneeded<'a>(&'a self, groups: &'a [Group<'_>]) -> impl Iterator<Item = &'a Explanation> {
        self.explained.iter().filter(|explanation| !groups.iter().any(|group| explanation.fits(group)))
    }
}

impl Explanation {
    fn fits(&self, group: &Group<'_>) -> bool {
        let is = |wanted: &Option<String>, value: &str| wanted.as_deref().is_none_or(|wanted| wanted == value);
        is(&self.package, group.package)
            && is(&self.kind, group.kind)
            && is(&self.name, group.name)
            && is(&self.file, group.file)
    }
}

impl std::fmt::Display for Explanation {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let fields = [&self.package, &self.kind, &self.name, &self.file];
        let words: Vec<&str> = fields.into_iter().map(|field| field.as_deref().unwrap_or("*")).collect();
        write!(out, "{}: {}", words.join(" "), self.why)
    }
}

/// Groups sorted misses; the first explanation that fits a group is its own.
pub(super) fn group<'a>(misses: impl Iterator<Item = &'a Miss>, explanations: &'a Explanations) -> Vec<Group<'a>> {
    let mut groups: BTreeMap<_, Group<'a>> = BTreeMap::new();
    for miss in misses {
        let Miss { package, kind, name, file, line, fault, detail } = miss;
        let group = groups.entry((package, kind, file, name, fault)).or_insert_with(|| Group {
            package,
            kind,
            name,
            file,
            fault: *fault,
            lines: Vec::new(),
            detail,
            why: None,
        });
        if *line > 0 {
            group.lines.push(*line);
        }
    }
    let mut groups: Vec<Group<'a>> = groups.into_values().collect();
    for group in &mut groups {
        let explanation = explanations.explained.iter().find(|explanation| explanation.fits(group));
        group.why = explanation.map(|explanation| explanation.why.as_str());
    }
    groups
}

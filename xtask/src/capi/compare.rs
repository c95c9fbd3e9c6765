//! Differences between two columns, and which of them are explained.

use std::collections::BTreeMap;

use anyhow::{Context as _, bail};
use capi::Version;
use serde::Deserialize;

use super::columns::Columns;

/// The differences that are known, with their reasons.
const KNOWN: &str = include_str!("../../../capi/data/known-differences.jsonl");

/// One line of the list.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Known {
    /// What differs, as in [`Difference::what`].
    what: String,
    /// The name or member; all of the header's if left out.
    name: Option<String>,
    /// The header the headers' side has it from; any if left out.
    header: Option<String>,
    /// The versions it holds for; empty: all.
    #[serde(default)]
    versions: Vec<Version>,
    /// Why.
    reason: String,
}

/// Something that one side has and the other has not, or has otherwise.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Difference {
    /// `only in headers`, `only in data`, `kind`, `limited`, `returns`, `member only in headers`, `member only in data`.
    pub(super) what: &'static str,
    pub(super) name: String,
    /// The header that shows it; empty for members.
    header: String,
    /// Both sides, for people.
    pub(super) detail: String,
    /// The reason from the list.
    pub(super) reason: Option<String>,
}

/// All differences, in the order of kinds and names.
pub(super) fn differences(version: Version, found: &Columns, committed: &Columns) -> Vec<Difference> {
    let mut all = names(found, committed);
    let gone = |name: &&String| !committed.members.contains(*name);
    let new = |name: &&String| !found.members.contains(*name);
    all.extend(found.members.iter().filter(gone).map(|n| difference("member only in headers", n, "", String::new())));
    all.extend(committed.members.iter().filter(new).map(|n| difference("member only in data", n, "", String::new())));
    for (name, c_type) in &found.returns {
        let data = capi::return_type(name);
        if data != Some(c_type) {
            all.push(difference("returns", name, "", format!("headers {c_type}, data {data:?}")));
        }
    }
    let known = known();
    for difference in &mut all {
        difference.reason =
            known.iter().flatten().find(|known| known.explains(version, difference)).map(|known| known.reason.clone());
    }
    all
}

fn names(found: &Columns, committed: &Columns) -> Vec<Difference> {
    let mut all = Vec::new();
    for (name, row) in &found.names {
        let Some(other) = committed.names.get(name) else {
            let detail = format!("{:?} in {}", row.kind, row.header);
            all.push(difference("only in headers", name, &row.header, detail));
            continue;
        };
        if row.kind != other.kind {
            let detail = format!("headers {:?}, data {:?}", row.kind, other.kind);
            all.push(difference("kind", name, &row.header, detail));
        }
        if row.limited != other.limited {
            let detail = format!("headers {}, data {}", row.limited, other.limited);
            all.push(difference("limited", name, &row.header, detail));
        }
    }
    for (name, row) in &committed.names {
        if !found.names.contains_key(name) {
            let detail = format!("{:?} in {}", row.kind, row.header);
            all.push(difference("only in data", name, &row.header, detail));
        }
    }
    all
}

fn difference(what: &'static str, name: &str, header: &str, detail: String) -> Difference {
    Difference { what, name: name.to_owned(), header: header.to_owned(), detail, reason: None }
}

fn known() -> Result<Vec<Known>, serde_json::Error> {
    KNOWN.lines().map(serde_json::from_str).collect()
}

impl Known {
    fn explains(&self, version: Version, difference: &Difference) -> bool {
        let fits = |wanted: &Option<String>, has: &str| wanted.as_deref().is_none_or(|wanted| wanted == has);
        self.what == difference.what
            && fits(&self.name, &difference.name)
            && fits(&self.header, &difference.header)
            && (self.versions.is_empty() || self.versions.contains(&version))
    }
}

/// Prints the differences by reason; an unexplained one is an error.
pub(super) fn report(all: &[Difference]) -> anyhow::Result<()> {
    known().context("reading capi/data/known-differences.jsonl")?;
    let mut by_reason: BTreeMap<&str, Vec<&Difference>> = BTreeMap::new();
    for difference in all {
        by_reason.entry(difference.reason.as_deref().unwrap_or_default()).or_default().push(difference);
    }
    let unexplained = by_reason.remove("").unwrap_or_default();
    for (reason, of) in &by_reason {
        let names: Vec<&str> = of.iter().map(|difference| difference.name.as_str()).collect();
        println!("{} explained ({reason}): {}", of.len(), names.join(" "));
    }
    for difference in &unexplained {
        println!("UNEXPLAINED {}: {} {}", difference.what, difference.name, difference.detail);
    }
    println!("{} differences, {} unexplained", all.len(), unexplained.len());
    if unexplained.is_empty() {
        return Ok(());
    }
    bail!("{} differences between the headers and the data are not explained", unexplained.len())
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;
    use std::path::PathBuf;

    use super::*;

    #[test]
    fn the_list_of_known_differences_is_readable_sorted_and_gives_reasons() {
        let known = known().expect("JSON Lines");
        assert!(known.iter().all(|one| !one.reason.is_empty() && (one.name.is_some() || one.header.is_some())));
        assert!(known.is_sorted_by_key(|one| (one.what.clone(), one.header.clone(), one.name.clone())));
    }

    #[test]
    fn a_missing_name_is_an_unexplained_difference() {
        let version = Version::new(3, 13);
        let committed = Columns::from_facts(version);
        let mut found = Columns::from_facts(version);
        found.names.remove("PyList_New");
        let all = differences(version, &found, &committed);
        assert_eq!(all.len(), 1);
        assert_eq!((all[0].what, all[0].name.as_str(), &all[0].reason), ("only in data", "PyList_New", &None));
        assert!(report(&all).is_err());
    }

    /// Folders of `Python.h` of a version on this machine.
    fn installed(version: Version) -> Option<PathBuf> {
        let home = std::env::var_os("HOME")?;
        let pyenv = std::fs::read_dir(PathBuf::from(home).join(".pyenv/versions")).ok()?;
        let of_pyenv = pyenv.flatten().map(|entry| entry.path().join("include"));
        let includes = of_pyenv.chain([PathBuf::from("/usr/include"), PathBuf::from("/usr/local/include")]);
        includes
            .flat_map(|include| ["", "m"].map(|suffix| include.join(format!("python{version}{suffix}"))))
            .find(|folder| folder.join("Python.h").is_file())
    }

    /// Every version of the data whose headers are installed; the others are named on stderr.
    #[test]
    fn installed_headers_give_the_committed_columns() {
        let minors = (6..=Version::NEWEST.minor()).map(|minor| Version::new(3, minor));
        for version in [Version::new(2, 7)].into_iter().chain(minors) {
            let Some(headers) = installed(version) else {
                // Straight to stderr: the test runner swallows what the print macros of a passing test say.
                let _ = writeln!(std::io::stderr(), "SKIPPED: no headers of CPython {version} are installed");
                continue;
            };
            let found = Columns::from_headers(&headers, version).expect("readable headers");
            let all = differences(version, &found, &Columns::from_facts(version));
            let unexplained: Vec<_> = all.iter().filter(|difference| difference.reason.is_none()).collect();
            assert!(unexplained.is_empty(), "{version}: {unexplained:#?}");
        }
    }
}

//! Which sdists say the same: a hash over all that a report follows from, but for sizes of the archive.
//!
//! Releases often leave their native source as it was. What is different nevertheless is the version that build files give
//! to the release itself, and the metadata, of which little is read: these are left out.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use xxhash_rust::xxh3::Xxh3;

use crate::{Language, SourceTree, archive, build, origin};

/// A hash over what the analysis reads of a tree. Two trees with the same one have the same report, but for its `sdist`
/// and the counts of `tree` that are about all entries. Enough to tell releases of one project apart (XXH3, 128 bits), and
/// no proof of anything.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Fingerprint([u8; 16]);

impl Fingerprint {
    /// Of a tree that was read from an archive or a source pack.
    pub fn of(tree: &SourceTree) -> Self {
        let mut parts = Parts(Xxh3::new());
        parts.add(origin::project_name(tree).as_bytes());
        parts.add(format!("{:?}", (&tree.flags, &tree.skipped)).as_bytes());
        // What the build hands to the compiler may hold the version, wherever it comes from.
        parts.add(format!("{:?}", build::facts(tree)).as_bytes());
        let version = own_version(&tree.name);
        for file in &tree.files {
            parts.add(file.path.as_bytes());
            match file.language() {
                Some(Language::Build) if file.path.ends_with("PKG-INFO") => {
                    parts.add(&build::metadata_read(&file.bytes));
                }
                Some(Language::Build) => {
                    let is_toml = file.path.rsplit_once('.').is_some_and(|(_, ending)| ending == "toml");
                    parts.add(&without_version(&file.bytes, version, is_toml));
                }
                _ => parts.add(&file.bytes),
            }
        }
        Self(parts.0.digest128().to_be_bytes())
    }

    /// Its bytes, as they are stored.
    pub const fn as_bytes(&self) -> &[u8; 16] {
        &self.0
    }

    /// From its bytes.
    pub const fn from_bytes(bytes: [u8; 16]) -> Self {
        Self(bytes)
    }
}

impl fmt::Display for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:032x}", u128::from_be_bytes(self.0))
    }
}

/// The text is no fingerprint.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("a fingerprint has 32 hexadecimal digits")]
pub struct NotAFingerprint;

impl FromStr for Fingerprint {
    type Err = NotAFingerprint;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let is_hex = text.len() == 32 && text.bytes().all(|byte| byte.is_ascii_hexdigit());
        let number = u128::from_str_radix(text, 16).ok().filter(|_| is_hex);
        number.map(|number| Self(number.to_be_bytes())).ok_or(NotAFingerprint)
    }
}

impl TryFrom<String> for Fingerprint {
    type Error = NotAFingerprint;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

impl From<Fingerprint> for String {
    fn from(fingerprint: Fingerprint) -> Self {
        fingerprint.to_string()
    }
}

/// Hashes parts so that none runs into the next.
struct Parts(Xxh3);

impl Parts {
    fn add(&mut self, part: &[u8]) {
        self.0.update(&(part.len() as u64).to_le_bytes());
        self.0.update(part);
    }
}

/// The version in the name of an sdist; empty if there is none.
fn own_version(name: &str) -> &[u8] {
    let base = name.rsplit('/').next().unwrap_or_default();
    archive::stem(base).rsplit_once('-').map_or("", |(_, version)| version).as_bytes()
}

/// A build file without the places where it gives the project its version: `version = "1.2"`, `VERSION 1.2`, at the end of
/// a line, so that nothing on it moves with the version's length.
fn without_version(text: &[u8], version: &[u8], is_toml: bool) -> Vec<u8> {
    let mut left = Vec::with_capacity(text.len());
    let mut from = 0;
    if !version.is_empty() {
        for at in memchr::memmem::find_iter(text, version) {
            let (before, after) = (&text[..at], &text[at + version.len()..]);
            if is_given(before) && is_at_end(after) && (!is_toml || is_of_the_project(before)) {
                left.extend_from_slice(&text[from..at]);
                from = at + version.len();
            }
        }
    }
    left.extend_from_slice(&text[from..]);
    left
}

/// Whether `before` ends as what gives a version does. A comparison does not: conditions are told as they are written.
fn is_given(before: &[u8]) -> bool {
    let is_between = |byte: &u8| matches!(byte, b' ' | b'\t' | b'=' | b':' | b'"' | b'\'');
    let word_end = before.iter().rposition(|byte| !is_between(byte)).map_or(0, |last| last + 1);
    let (words, between) = before.split_at(word_end);
    let is_word = |byte: &u8| byte.is_ascii_alphanumeric() || *byte == b'_';
    let word = &words[words.iter().rposition(|byte| !is_word(byte)).map_or(0, |last| last + 1)..];
    let equals = memchr::memchr_iter(b'=', between).count();
    !between.is_empty() && equals < 2 && bare(word).eq_ignore_ascii_case(b"version")
}

/// The tables in which TOML files give the project's own version; in others it is that of something required.
const OWN_TABLES: [&str; 4] = ["[project]", "[package]", "[workspace.package]", "[tool.poetry]"];

/// Whether TOML ends in a line of one of these tables, with a key of its own.
fn is_of_the_project(before: &[u8]) -> bool {
    let mut lines = before.rsplit(|byte| *byte == b'\n');
    let is_key = lines.next().is_some_and(|line| line.to_ascii_lowercase().starts_with(b"version"));
    let table = lines.find(|line| line.starts_with(b"["));
    let is_own = |table: &[u8]| OWN_TABLES.iter().any(|own| table.trim_ascii_end() == own.as_bytes());
    is_key && table.is_some_and(is_own)
}

fn is_at_end(after: &[u8]) -> bool {
    let line = after.split(|byte| *byte == b'\n').next().unwrap_or_default();
    line.iter().all(|byte| matches!(byte, b'"' | b'\'' | b',' | b';' | b')' | b']' | b'}' | b' ' | b'\t' | b'\r'))
}

/// `__version__` is `version`.
fn bare(word: &[u8]) -> &[u8] {
    let start = word.iter().position(|byte| *byte != b'_').unwrap_or(word.len());
    let end = word.iter().rposition(|byte| *byte != b'_').map_or(start, |last| last + 1);
    &word[start..end]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn left(text: &str, version: &str) -> String {
        String::from_utf8(without_version(text.as_bytes(), version.as_bytes(), false)).expect("text")
    }

    #[test]
    fn toml_gives_it_in_the_tables_about_the_project() {
        let is_left_out = |text: &str| !without_version(text.as_bytes(), b"1.2", true).ends_with(b"1.2\"");
        assert!(is_left_out("[project]\nname = \"x\"\nversion = \"1.2\""));
        assert!(is_left_out("[dependencies]\na = \"1\"\n[package]\nversion = \"1.2\""));
        for other in [
            "[dependencies.pyo3]\nversion = \"1.2\"",
            "[project]\nx = { version = \"1.2\"",
            "version = \"1.2\"",
            "[project.optional-dependencies]\nversion = \"1.2\"",
        ] {
            assert!(!is_left_out(other), "{other:?}");
        }
    }

    #[test]
    fn a_projects_own_version_is_left_out_where_it_is_given() {
        for given in [
            "version = \"1.2\"\n",
            "    version='1.2',\n",
            "__version__ = '1.2'",
            "version: '1.2')\n",
            "project(x VERSION 1.2)\n",
            "\"version\": \"1.2\"}",
            "VERSION=1.2\r\n",
        ] {
            assert!(!left(given, "1.2").contains("1.2"), "{given:?}");
        }
    }

    #[test]
    fn what_looks_like_it_and_may_mean_something_else_stays() {
        for kept in [
            "requires = [\"cython>=1.2\"]",
            "cython-version = \">=1.2\"",
            "python_version = \"1.2\"",
            "version = \"1.2.3\"",
            "version = \"11.2\"",
            "same = version == \"1.2\"",
            "setup(version=\"1.2\", py_limited_api=True)",
            "version = \"1.2\" if x else \"\"",
            "('VERSION', '1.2')",
            "1.2",
        ] {
            assert_eq!(left(kept, "1.2"), kept);
        }
        assert_eq!(left("version = \"1.2\"\nversion = \"1.2\"\n", ""), "version = \"1.2\"\nversion = \"1.2\"\n");
    }

    #[test]
    fn the_version_comes_from_the_name() {
        for (name, version) in
            [("demo-1.2.tar.gz", "1.2"), ("sdists/de-mo-1.2rc1.zip", "1.2rc1"), ("folder", ""), ("", "")]
        {
            assert_eq!(own_version(name), version.as_bytes(), "{name}");
        }
    }

    #[test]
    fn fingerprints_read_back_from_their_text() {
        let one = Fingerprint::of(&SourceTree::default());
        assert_eq!(one.to_string().parse(), Ok(one));
        assert_eq!(Fingerprint::from_bytes(*one.as_bytes()), one);
        for wrong in ["", "12", "+0000000000000000000000000000000", "g0000000000000000000000000000000"] {
            assert_eq!(wrong.parse::<Fingerprint>(), Err(NotAFingerprint), "{wrong}");
        }
    }
}

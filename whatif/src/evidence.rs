//! What a survey knows about a proposal: all that an answer follows from.

use std::collections::BTreeMap;

use analyzer::Kind;
use capi::Version;
use packaging::ProjectName;

/// Everything that was found for a proposal's selectors. Projects are named by their place in `projects`.
#[derive(Debug, Clone, Default)]
pub struct Evidence {
    /// Every project of the survey.
    pub projects: Vec<Project>,
    /// Uses in the releases that stand for them.
    pub hits: Vec<Hit>,
    /// Projects of which an earlier release had such uses.
    pub earlier: Vec<Earlier>,
    /// Projects that are built for the limited API, as they declare it or tag their wheels.
    pub limited: Vec<Limited>,
    /// For each project, accesses to members whose structure could not be told, by the member's name.
    pub unresolved: Vec<(usize, BTreeMap<String, u64>)>,
    /// Every version of every generator that the survey has seen code of.
    pub generators: Vec<Generator>,
    /// The denominator chain: what was counted, and how many projects are left.
    pub chain: Vec<(String, i64)>,
    /// The month of the download counts, `2026-10`.
    pub downloads_of: Option<String>,
}

/// A project, by the release that stands for it.
#[derive(Debug, Clone)]
pub struct Project {
    /// Its name.
    pub name: ProjectName,
    /// The release.
    pub version: Option<String>,
    /// Whether its sources were read by this analyzer.
    pub scanned: bool,
    /// Its place in the list of downloads, from 1.
    pub rank: Option<i64>,
    /// Its downloads in that list's month.
    pub downloads: Option<i64>,
}

/// Uses of one item in one way, in one release.
#[derive(Debug, Clone)]
pub struct Hit {
    /// Whose.
    pub project: usize,
    /// The kind of use.
    pub kind: Kind,
    /// The item.
    pub item: String,
    /// `read+write`, or empty.
    pub access: String,
    /// `own`, `generated`, `vendored`, `test-or-doc`.
    pub origin: String,
    /// The generator with its version, or the vendored project.
    pub by: Option<String>,
    /// When the preprocessor keeps it.
    pub condition: String,
    /// The type is not proven.
    pub probable: bool,
    /// How many sites.
    pub sites: i64,
    /// The first of them, `path:line`.
    pub first_site: String,
}

/// The releases of a project of which one before the standing one had such uses.
#[derive(Debug, Clone)]
pub struct Earlier {
    /// Which.
    pub project: usize,
    /// Those that were read, oldest first, the standing one last.
    pub releases: Vec<EarlierRelease>,
}

/// One release.
#[derive(Debug, Clone)]
pub struct EarlierRelease {
    /// Its version.
    pub version: String,
    /// The conditions of its uses in code that counts; empty: it has none.
    pub conditions: Vec<String>,
}

/// A project that is built for the limited API.
#[derive(Debug, Clone, Copy)]
pub struct Limited {
    /// Which.
    pub project: usize,
    /// The lowest level.
    pub level: Version,
}

/// A version of a generator.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Generator {
    /// `cython`.
    pub name: String,
    /// `3.0.11`.
    pub version: String,
}

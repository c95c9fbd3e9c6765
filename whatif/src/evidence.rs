//! What a survey knows about a proposal: all that an answer follows from.
//!
//! A question about common items has millions of hits. So a hit is a few numbers, found when its project is asked about; the words that
//! it names stand once beside all of them, and what is the same for every question is shared.

mod hits;
mod source;

use std::collections::BTreeSet;
use std::sync::Arc;

use analyzer::{Accesses, Origin, OriginClass};
use capi::Version;
use packaging::ProjectName;

use crate::{Conditions, Sought};

pub use hits::{FindHits, Hits};
pub use source::{Matches, Searched};

/// Everything that was found for a proposal's selectors. Projects, items, origins and conditions are named by their
/// places.
#[derive(Debug, Clone, Default)]
pub struct Evidence {
    /// Every project of the survey, by name.
    pub projects: Arc<[Project]>,
    /// The items that are asked for.
    pub items: Vec<Item>,
    /// Who wrote code.
    pub origins: Arc<[Origin]>,
    /// When the preprocessor keeps code.
    pub conditions: Arc<Conditions>,
    /// Uses in the releases that stand for the projects.
    pub hits: Hits,
    /// Uses that only earlier releases had.
    pub past: Vec<Past>,
    /// Projects that are built for the limited API, as they declare it or tag their wheels.
    pub limited: Vec<Limited>,
    /// Projects with accesses to a member that is asked for by its name ([`crate::members`]), of a structure that could
    /// not be told.
    pub unresolved: Vec<u32>,
    /// Every version of every generator that the survey has seen code of.
    pub generators: Arc<[Generator]>,
    /// What was done for each pattern that is asked for.
    pub searched: Vec<Searched>,
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
    /// The versions of the releases that were read up to the one that stands for it, oldest first; empty if no earlier
    /// one was.
    pub releases: Arc<[Box<str>]>,
}

/// Something that can be used, or a pattern that can be matched.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Item {
    /// What it is.
    pub kind: Sought,
    /// Its name; of a pattern [`crate::Rule::canonical`].
    pub name: Arc<str>,
}

/// Uses of one item in one way, in one release.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Hit {
    /// Whose.
    pub project: u32,
    /// The item.
    pub item: u32,
    /// Who wrote it.
    pub origin: u32,
    /// When the preprocessor keeps it.
    pub condition: u32,
    /// How many sites; of a pattern, lines.
    pub sites: u32,
    /// How it is touched.
    pub access: Accesses,
    /// The type is not proven.
    pub probable: bool,
}

/// A use in code that counts, which earlier releases had and the standing one has not.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Past {
    /// Whose.
    pub project: u32,
    /// When the preprocessor kept it.
    pub condition: u32,
    /// The last release that had it, by its place in [`Project::releases`].
    pub last: u32,
}

/// A project that is built for the limited API.
#[derive(Debug, Clone, Copy)]
pub struct Limited {
    /// Which.
    pub project: u32,
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

/// Who wrote code of which nothing is known.
static UNKNOWN: Origin = Origin { class: OriginClass::Own, by: None };

impl Evidence {
    /// The item of a hit.
    pub fn item(&self, hit: &Hit) -> Option<&Item> {
        self.items.get(hit.item as usize)
    }

    /// The name of a hit's item.
    pub(crate) fn name(&self, hit: &Hit) -> &str {
        self.item(hit).map_or("", |item| &item.name)
    }

    /// Who wrote the code of a hit.
    pub fn origin(&self, hit: &Hit) -> &Origin {
        self.origins.get(hit.origin as usize).unwrap_or(&UNKNOWN)
    }

    /// The place of a project.
    pub fn place(&self, name: &ProjectName) -> Option<u32> {
        let place = self.projects.binary_search_by(|project| project.name.cmp(name)).ok()?;
        u32::try_from(place).ok()
    }

    /// The items that a project uses of those that are asked for.
    pub fn items_of(&self, project: u32) -> BTreeSet<&str> {
        self.hits.of(project).iter().map(|hit| self.name(hit)).collect()
    }

    /// The project at a place.
    pub fn project(&self, place: u32) -> Option<&Project> {
        self.projects.get(place as usize)
    }
}

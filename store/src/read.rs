//! Reading: what pages and the JSON API show. Everything is of the current analyzer version.

use std::collections::BTreeMap;

use analyzer::{Kind, Outcome, Problem, Tool, TreeFacts, Verdict};
use capi::Target;
use chrono::{DateTime, Utc};
use packaging::ProjectName;

use crate::{Error, FileState, ProjectState, ReleaseState, Store};

/// The denominator chain: how many projects are left at each step. Never a number without it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, serde::Serialize)]
pub struct Chain {
    /// Projects in the survey.
    pub all: i64,
    /// With any file.
    pub with_files: i64,
    /// With an sdist.
    pub with_sdist: i64,
    /// Whose sdist was selected by the prefilter.
    pub selected: i64,
    /// Whose sdist was fetched.
    pub fetched: i64,
    /// Whose sdist could be read.
    pub readable: i64,
    /// With native source in it.
    pub with_native: i64,
    /// With a verdict other than `undecided`, for the target asked about.
    pub decided: i64,
}

/// How many projects have each verdict for one target.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, serde::Serialize)]
#[expect(missing_docs, reason = "the verdicts' own words")]
pub struct OutcomeCounts {
    pub no_blocker: i64,
    pub blocked: i64,
    pub tool_blocks: i64,
    pub undecided: i64,
    pub pure: i64,
}

/// One line of the overview's table.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct TargetRow {
    /// The target.
    pub target: Target,
    /// Projects by verdict, each by the release that stands for it.
    pub counts: OutcomeCounts,
}

/// The front page.
#[derive(Debug, Clone, serde::Serialize)]
pub struct Overview {
    /// The chain, `decided` being about the target asked for.
    pub chain: Chain,
    /// Every target.
    pub targets: Vec<TargetRow>,
    /// The items that block most projects for the target asked for, most first.
    pub top_blockers: Vec<ItemHit>,
    /// Projects by state.
    pub projects: BTreeMap<String, i64>,
    /// Selected files by state.
    pub files: BTreeMap<String, i64>,
    /// When anything was last written.
    pub updated_at: Option<DateTime<Utc>>,
}

/// An item with how far it is spread.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct ItemHit {
    /// `PyTuple_GET_SIZE`, `PyFrameObject.f_code`.
    pub item: String,
    /// The kind of finding.
    pub kind: Kind,
    /// Projects with a site.
    pub projects: i64,
    /// Sites in all.
    pub sites: i64,
}

/// A page of a list, and how long the list is.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Paged<T> {
    /// The rows of this page.
    pub rows: Vec<T>,
    /// Rows in all.
    pub total: i64,
}

/// Sort orders of the project list.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, serde::Deserialize, serde::Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum ProjectSort {
    /// By name.
    #[default]
    Name,
    /// By verdict, then name.
    Verdict,
    /// Most blockers first.
    Blockers,
    /// Latest upload first.
    Uploaded,
}

/// What the project list is asked.
#[derive(Debug, Clone)]
pub struct ProjectQuery {
    /// Part of a name, any case.
    pub search: Option<String>,
    /// Only projects with this verdict.
    pub verdict: Option<Outcome>,
    /// The target the verdicts are for.
    pub target: Target,
    /// The order.
    pub sort: ProjectSort,
    /// Turned round.
    pub descending: bool,
    /// 1-based; 50 rows each.
    pub page: u32,
}

/// One line of the project list: the project by the release that stands for it.
#[derive(Debug, Clone, serde::Serialize)]
pub struct ProjectRow {
    /// The normalised name.
    pub name: ProjectName,
    /// As the project writes it.
    pub display_name: String,
    /// The project's state.
    #[serde(serialize_with = "word")]
    pub state: ProjectState,
    /// The release.
    pub version: Option<String>,
    /// The release's state.
    #[serde(serialize_with = "optional_release_word")]
    pub release_state: Option<ReleaseState>,
    /// The selected file's state.
    #[serde(serialize_with = "optional_file_word")]
    pub file_state: Option<FileState>,
    /// Why, where a state needs it.
    pub reason: Option<String>,
    /// The verdict for the target, if there is one.
    pub verdict: Option<Outcome>,
    /// Items that block.
    pub blockers: i64,
    /// The floor.
    pub floor: Option<Target>,
    /// When the release was uploaded.
    pub uploaded_at: Option<DateTime<Utc>>,
}

/// A project and its releases.
#[derive(Debug, Clone, serde::Serialize)]
pub struct ProjectDetail {
    /// The normalised name.
    pub name: ProjectName,
    /// As the project writes it.
    pub display_name: String,
    /// Its state.
    #[serde(serialize_with = "word")]
    pub state: ProjectState,
    /// Why.
    pub reason: Option<String>,
    /// The index's word, verbatim.
    pub status_text: Option<String>,
    /// When its page was last read.
    pub read_at: DateTime<Utc>,
    /// Newest first.
    pub releases: Vec<ReleaseRow>,
}

/// One line of a project's release table.
#[derive(Debug, Clone, serde::Serialize)]
pub struct ReleaseRow {
    /// The version.
    pub version: String,
    /// The release that stands for the project.
    pub latest: bool,
    /// A pre-release.
    pub prerelease: bool,
    /// Yanked as a whole.
    pub yanked: bool,
    /// When it was uploaded.
    pub uploaded_at: Option<DateTime<Utc>>,
    /// Its state.
    #[serde(serialize_with = "word")]
    pub state: ReleaseState,
    /// The selected file's state.
    #[serde(serialize_with = "optional_file_word")]
    pub file_state: Option<FileState>,
    /// The verdict for the target asked for.
    pub verdict: Option<Outcome>,
    /// The floor.
    pub floor: Option<Target>,
}

/// Everything about one release.
#[derive(Debug, Clone, serde::Serialize)]
pub struct ReleaseDetail {
    /// The version.
    pub version: String,
    /// Its state.
    #[serde(serialize_with = "word")]
    pub state: ReleaseState,
    /// Why.
    pub reason: Option<String>,
    /// A pre-release.
    pub prerelease: bool,
    /// Yanked as a whole.
    pub yanked: bool,
    /// `requires-python`.
    pub requires_python: Option<String>,
    /// When it was uploaded.
    pub uploaded_at: Option<DateTime<Utc>>,
    /// The tags of its wheels, as written, sorted, each once.
    pub wheel_tags: Vec<String>,
    /// The selected sdist.
    pub file: Option<FileAnswer>,
}

/// The selected sdist and its report.
#[derive(Debug, Clone, serde::Serialize)]
pub struct FileAnswer {
    /// Its name.
    pub filename: String,
    /// Its hash.
    pub sha256: String,
    /// Its size in bytes.
    pub size: Option<i64>,
    /// Its state.
    #[serde(serialize_with = "word")]
    pub state: FileState,
    /// Why.
    pub reason: Option<String>,
    /// When it was analysed.
    pub analysed_at: Option<DateTime<Utc>>,
    /// The analyzer that did.
    pub analyzer_version: Option<String>,
    /// The C-API data it used.
    pub capi_version: Option<String>,
    /// What the archive held.
    pub tree: Option<TreeFacts>,
    /// Tools seen.
    pub tools: Vec<Tool>,
    /// One for each target.
    pub verdicts: Vec<Verdict>,
    /// The floor.
    pub floor: Option<Target>,
    /// Uses, by kind, then most sites first.
    pub uses: Vec<UseRow>,
    /// What could not be read or told.
    pub problems: Vec<Problem>,
}

/// One row of `uses`.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct UseRow {
    /// The kind.
    pub kind: Kind,
    /// `PyTuple_GET_SIZE`, `PyFrameObject.f_code`, or the variable.
    pub item: String,
    /// `read+write`, or empty.
    pub access: String,
    /// `own`, `generated`, …
    pub origin: String,
    /// The generator or vendored project.
    pub origin_by: Option<String>,
    /// When the preprocessor keeps it.
    pub condition: String,
    /// `certain` or `probable`.
    pub certainty: String,
    /// How many sites.
    pub sites: i64,
}

/// A site with its source line.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct SiteLine {
    /// Path without the top folder.
    pub path: String,
    /// 1-based.
    pub line: u32,
    /// 1-based, in bytes.
    pub column: u32,
    /// The row it belongs to.
    pub origin: String,
    /// When the preprocessor keeps it.
    pub condition: String,
    /// The line, at most 200 characters, control characters made visible.
    pub text: String,
}

/// An item and who uses it.
#[derive(Debug, Clone, serde::Serialize)]
pub struct ItemPage {
    /// The item.
    pub item: String,
    /// Projects that use it, by the release that stands for them.
    pub users: Paged<ItemUser>,
    /// The chain: out of how many.
    pub chain: Chain,
}

/// One project that uses an item in one way.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct ItemUser {
    /// The project.
    pub name: ProjectName,
    /// The release.
    pub version: String,
    /// The kind.
    pub kind: Kind,
    /// `read+write`, or empty.
    pub access: String,
    /// `own`, `generated`, …
    pub origin: String,
    /// The generator or vendored project.
    pub origin_by: Option<String>,
    /// When the preprocessor keeps it.
    pub condition: String,
    /// How many sites.
    pub sites: i64,
    /// The first of them, `path:line`.
    pub first_site: String,
}

/// A hit of the header's search.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum SearchHit {
    /// A project.
    Project(ProjectName),
    /// An item, with the number of projects that use it.
    Item(String, i64),
}

/// Counts for `abiscope status` and the status page.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize)]
pub struct Status {
    /// The schema of the database.
    pub schema: i64,
    /// Projects by state.
    pub projects: BTreeMap<String, i64>,
    /// Releases by state.
    pub releases: BTreeMap<String, i64>,
    /// Selected files by state.
    pub files: BTreeMap<String, i64>,
    /// Bytes of Postgres.
    pub database_bytes: i64,
    /// When anything was last written.
    pub updated_at: Option<DateTime<Utc>>,
}

impl Store {
    /// The front page, for `target`.
    pub async fn overview(&self, target: Target) -> Result<Overview, Error> {
        let _ = (&self.pool, target);
        unimplemented!()
    }

    /// The project list.
    pub async fn projects(&self, query: &ProjectQuery) -> Result<Paged<ProjectRow>, Error> {
        let _ = query;
        unimplemented!()
    }

    /// A project and its releases, verdicts being for `target`.
    pub async fn project(&self, name: &ProjectName, target: Target) -> Result<Option<ProjectDetail>, Error> {
        let _ = (name, target);
        unimplemented!()
    }

    /// One release; `None` for the version: the one that stands for the project.
    pub async fn release(&self, name: &ProjectName, version: Option<&str>) -> Result<Option<ReleaseDetail>, Error> {
        let _ = (name, version);
        unimplemented!()
    }

    /// The sites of `item` in the selected file of a release, by path and line, at most `limit`; and how many there are.
    pub async fn sites(
        &self,
        name: &ProjectName,
        version: &str,
        item: &str,
        limit: usize,
    ) -> Result<Paged<SiteLine>, Error> {
        let _ = (name, version, item, limit);
        unimplemented!()
    }

    /// Lines `from..=to` (1-based, at most 7) of a file inside the selected sdist of a release; `None` if it is not stored.
    pub async fn snippet(
        &self,
        name: &ProjectName,
        version: &str,
        path: &str,
        from: u32,
        to: u32,
    ) -> Result<Option<Vec<String>>, Error> {
        let _ = (name, version, path, from, to);
        unimplemented!()
    }

    /// Who uses `item`, of the kind if one is given; 50 rows a page. `None`: nobody does.
    pub async fn item(&self, item: &str, kind: Option<Kind>, page: u32) -> Result<Option<ItemPage>, Error> {
        let _ = (item, kind, page);
        unimplemented!()
    }

    /// Items of the survey, most projects first; 50 a page; only those whose name contains `search`.
    pub async fn items(&self, search: Option<&str>, kind: Option<Kind>, page: u32) -> Result<Paged<ItemHit>, Error> {
        let _ = (search, kind, page);
        unimplemented!()
    }

    /// Projects and items whose names contain `text`, best first, at most `limit` of each.
    pub async fn search(&self, text: &str, limit: i64) -> Result<Vec<SearchHit>, Error> {
        let _ = (text, limit);
        unimplemented!()
    }

    /// Counts.
    pub async fn status(&self) -> Result<Status, Error> {
        unimplemented!()
    }

    /// A number that moves with every change of the data: the ground of ETags.
    pub async fn data_version(&self) -> Result<i64, Error> {
        unimplemented!()
    }
}

fn word<T: std::fmt::Display, S: serde::Serializer>(state: &T, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(state)
}

#[expect(clippy::ref_option, reason = "serde's serialize_with hands a reference to the field")]
fn optional_release_word<S: serde::Serializer>(state: &Option<ReleaseState>, serializer: S) -> Result<S::Ok, S::Error> {
    serde::Serialize::serialize(&state.map(ReleaseState::as_str), serializer)
}

#[expect(clippy::ref_option, reason = "serde's serialize_with hands a reference to the field")]
fn optional_file_word<S: serde::Serializer>(state: &Option<FileState>, serializer: S) -> Result<S::Ok, S::Error> {
    serde::Serialize::serialize(&state.map(FileState::as_str), serializer)
}

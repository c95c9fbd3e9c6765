//! Source search: lines of the stored sources that match a pattern.
//!
//! What is searched is the packs of the standing releases whose source may be shown (`scope`). The index says which of
//! their frames cannot hold a match (`candidates`); it only saves work: a pack without an index is read from end to end
//! (`build` makes what is missing). The rest is read and matched frame by frame (`matching`), filtered by what the
//! analyzer says about single files (`filter`), and counted to the end, or until the time is over. A question to the survey
//! has lines of code counted by who wrote them and when they are compiled (`matched`).

mod build;
mod candidates;
mod context;
mod filter;
mod matched;
mod matching;
mod scope;

use std::time::{Duration, Instant};

use capi::Version;
use futures_util::{StreamExt, TryStreamExt, stream};
use packaging::ProjectName;
use search::{PathFilter, Pattern};

pub use build::{IndexProgress, Indexed};

use crate::{Error, Store};
pub(crate) use matched::{MatchedLines, PatternFound};
use matching::PackHits;

/// Packs that are read and matched at a time.
const AT_ONCE: usize = 4;

/// What is searched for, where, and how long.
#[derive(Debug, Clone)]
pub struct SourceQuery {
    /// What lines have to match.
    pub pattern: Pattern,
    /// Only in this project.
    pub project: Option<ProjectName>,
    /// Only in files of this path.
    pub path: Option<PathFilter>,
    /// Only in files that the project wrote itself, tests and documents left out.
    pub own: bool,
    /// Only where something of the match is code: not in comments, not in literals.
    pub code: bool,
    /// Only where the preprocessor may keep the line on this CPython, as far as the file alone tells.
    pub active: Option<Version>,
    /// Lines of context on each side, at most three.
    pub context: u32,
    /// Hits that are told; all are counted.
    pub limit: usize,
    /// Hits of one file that are told.
    pub of_a_file: usize,
    /// When it stops.
    pub time: Duration,
}

impl SourceQuery {
    /// Whether a filter asks what only a whole file tells.
    const fn needs_whole_files(&self) -> bool {
        self.own || self.code || self.active.is_some()
    }
}

/// What was found.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize, schemars::JsonSchema)]
pub struct SourceFound {
    /// Lines that match, in all.
    pub lines: u64,
    /// Files that they are in.
    pub files: u64,
    /// Each project that has some, by name.
    pub projects: Vec<ProjectHits>,
    /// The first of the lines, by project and path.
    pub hits: Vec<SourceHit>,
    /// Projects that were searched.
    pub searched: u64,
    /// Whether all was searched: otherwise the time was over, and counts are lower bounds.
    pub complete: bool,
    /// Whether the index helped: otherwise the pattern has no three characters that follow each other.
    pub selective: bool,
    /// Projects that the index does not have yet: they were read from end to end.
    pub unindexed: u64,
    /// Bytes of source that were read.
    pub bytes_read: u64,
}

/// The hits of one project.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, schemars::JsonSchema)]
pub struct ProjectHits {
    /// The project.
    pub project: ProjectName,
    /// Its standing release.
    pub version: String,
    /// The sdist.
    pub filename: String,
    /// SHA-256 of the sdist, in hex.
    pub sha256: String,
    /// Lines that match.
    pub lines: u64,
    /// Files that they are in.
    pub files: u64,
}

/// A line that matches.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, schemars::JsonSchema)]
pub struct SourceHit {
    /// The project.
    pub project: ProjectName,
    /// Its standing release.
    pub version: String,
    /// Path without the top folder.
    pub path: String,
    /// 1-based.
    pub line: u32,
    /// Where the first match starts: 1-based, in bytes.
    pub column: u32,
    /// The line, as for [`SiteLine::text`](crate::SiteLine::text).
    pub text: String,
    /// The lines before it.
    pub before: Vec<String>,
    /// The lines after it.
    pub after: Vec<String>,
}

impl Store {
    /// Searches the sources of the standing releases.
    pub async fn source_search(&self, query: &SourceQuery) -> Result<SourceFound, Error> {
        let end = Instant::now() + query.time;
        let sdists = self.searchable(query.project.as_ref()).await?;
        let asked = self.candidates(sdists, &query.pattern).await?;
        let mut found = SourceFound {
            searched: asked.searched,
            unindexed: asked.unindexed,
            selective: query.pattern.is_selective(),
            complete: true,
            ..SourceFound::default()
        };
        let mut packs = stream::iter(asked.packs).map(|pack| self.pack_searched(query, pack, end)).buffered(AT_ONCE);
        while let Some(pack) = packs.try_next().await? {
            found.add(pack, query);
        }
        drop(packs);
        if query.context > 0 {
            self.contexts_completed(&mut found.hits, query.context, end).await?;
        }
        Ok(found)
    }
}

impl SourceFound {
    fn add(&mut self, pack: PackHits, query: &SourceQuery) {
        self.complete &= pack.complete;
        self.bytes_read += pack.bytes_read;
        if pack.lines == 0 {
            return;
        }
        self.lines += pack.lines;
        self.files += pack.files;
        let room = query.limit.saturating_sub(self.hits.len());
        let files = pack.hits.chunk_by(|one, other| one.path == other.path);
        let told = files.flat_map(|hits| hits.iter().take(query.of_a_file).cloned());
        self.hits.extend(told.take(room));
        self.projects.push(ProjectHits {
            project: pack.sdist.project,
            version: pack.sdist.version,
            filename: pack.sdist.filename,
            sha256: pack.sdist.sha256,
            lines: pack.lines,
            files: pack.files,
        });
    }
}

//! Lines of code that match, counted by who wrote them and when they are compiled: what a question to the survey needs.

use std::collections::BTreeMap;
use std::ops::Range;
use std::time::{Duration, Instant};

use analyzer::{Origin, SourceFile, SourceLines};
use futures_util::{StreamExt, TryStreamExt, stream};
use search::{Pattern, line_at};

use super::candidates::Candidate;
use super::matching::{Matched, PackHits, Raw};
use super::{AT_ONCE, SourceQuery, filter};
use crate::{Error, Store};

/// What was found for a pattern.
#[derive(Debug)]
pub(crate) struct PatternFound {
    /// By project.
    pub(crate) lines: Vec<MatchedLines>,
    /// Projects whose sources were to be searched.
    pub(crate) projects: u64,
    /// Whether all of them were, in the time.
    pub(crate) complete: bool,
}

/// Lines of one release, of one author and under one condition.
#[derive(Debug)]
pub(crate) struct MatchedLines {
    pub(crate) project: packaging::ProjectName,
    pub(crate) version: String,
    pub(crate) origin: Origin,
    pub(crate) condition: String,
    pub(crate) lines: u32,
    /// `path:line` of the first.
    pub(crate) first: String,
}

/// Lines of one release by author and condition: how many, and the first of them.
type Groups = BTreeMap<(Origin, String), (u32, String)>;

impl Store {
    /// Lines of code, not of comments and literals, in which something matches.
    pub(crate) async fn pattern_found(&self, pattern: &Pattern, time: Duration) -> Result<PatternFound, Error> {
        let end = Instant::now() + time;
        let query = &of_pattern(pattern, time);
        let asked = self.candidates(self.searchable(None).await?, pattern).await?;
        let mut found = PatternFound { lines: Vec::new(), projects: asked.searched, complete: true };
        let packs = asked.packs.into_iter().map(|pack| self.pack_grouped(query, pack, end));
        let mut packs = stream::iter(packs).buffered(AT_ONCE);
        while let Some((pack, groups)) = packs.try_next().await? {
            found.complete &= pack.complete;
            found.lines.extend(groups.into_iter().map(|((origin, condition), (lines, first))| MatchedLines {
                project: pack.sdist.project.clone(),
                version: pack.sdist.version.clone(),
                origin,
                condition,
                lines,
                first,
            }));
        }
        Ok(found)
    }

    async fn pack_grouped(
        &self,
        query: &SourceQuery,
        candidate: Candidate,
        end: Instant,
    ) -> Result<(PackHits, Groups), Error> {
        let (mut pack, matched) = self.pack_matched(query, candidate, 0, end).await?;
        let mut groups = Groups::new();
        let Some(Matched { index, raw }) = matched else { return Ok((pack, groups)) };
        for of_file in filter::by_file(raw) {
            if Instant::now() >= end {
                pack.complete = false;
                break;
            }
            let Some(file) = filter::whole_file(self, &mut pack, &index, &of_file).await? else { continue };
            let pattern = query.pattern.clone();
            let grouped = tokio::task::spawn_blocking(move || group(groups, &pattern, &file, &of_file)).await;
            groups = grouped.map_err(|source| object_store::Error::JoinError { source })?;
        }
        Ok((pack, groups))
    }
}

/// The search for a pattern, of which no line is told.
fn of_pattern(pattern: &Pattern, time: Duration) -> SourceQuery {
    SourceQuery {
        pattern: pattern.clone(),
        project: None,
        path: None,
        own: false,
        code: true,
        active: None,
        context: 0,
        limit: 0,
        of_a_file: 0,
        time,
    }
}

/// Adds the lines of a file. A line counts if any of its matches is code, under the condition of the first that is.
fn group(mut groups: Groups, pattern: &Pattern, file: &SourceFile, of_file: &[Raw]) -> Groups {
    let lines = SourceLines::read(file);
    let (mut counted, mut number) = (0, 1);
    for raw in of_file {
        let at = usize::try_from(raw.matched.start).unwrap_or(usize::MAX).min(file.bytes.len());
        let Range { start, end } = line_at(&file.bytes, at);
        number += memchr::memchr_iter(b'\n', &file.bytes[counted..start]).count();
        counted = start;
        let found = pattern.matches(&file.bytes[start..end]).into_iter();
        let mut found = found.map(|found| start + found.start..start + found.end);
        let Some(code) = found.find(|found| lines.is_code(found)) else { continue };
        let key = (lines.origin().clone(), lines.condition(code.start).to_string());
        let first = || (0, format!("{}:{number}", file.path));
        groups.entry(key).or_insert_with(first).0 += 1;
    }
    groups
}

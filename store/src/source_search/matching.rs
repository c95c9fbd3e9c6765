//! Reading frames and finding lines in them.

use std::ops::Range;
use std::sync::Arc;
use std::time::Instant;

use packaging::ProjectName;

use super::candidates::Candidate;
use super::scope::Sdist;
use super::{SourceHit, SourceQuery, filter};
use crate::pack::{Index, Part};
use crate::{Error, Store, visible};

/// Frames that are read at a time: 4 MiB of source.
const RUN: usize = 16;

/// What was found in one pack.
#[derive(Debug)]
pub(super) struct PackHits {
    pub(super) sdist: Sdist,
    pub(super) lines: u64,
    pub(super) files: u64,
    pub(super) hits: Vec<SourceHit>,
    pub(super) complete: bool,
    pub(super) bytes_read: u64,
}

/// A line that matches, before filters.
#[derive(Debug)]
pub(super) struct Raw {
    pub(super) entry: usize,
    /// Bytes of the file before the match, and before its end.
    pub(super) matched: Range<u64>,
    pub(super) hit: Option<SourceHit>,
}

impl Store {
    /// Searches one pack.
    pub(super) async fn pack_searched(
        &self,
        query: &SourceQuery,
        candidate: Candidate,
        end: Instant,
    ) -> Result<PackHits, Error> {
        let sdist = candidate.sdist;
        let mut out = PackHits { sdist, lines: 0, files: 0, hits: Vec::new(), complete: true, bytes_read: 0 };
        if Instant::now() >= end {
            out.complete = false;
            return Ok(out);
        }
        let Some(index) = self.pack_index(out.sdist.pack).await? else {
            return Err(Error::Damaged(format!("the source pack of {} is not there", out.sdist.filename)));
        };
        let index = Arc::new(index);
        let wanted: Arc<Vec<bool>> = Arc::new(index.names().map(|name| is_searched(query, name)).collect());
        let frames = candidate.frames.unwrap_or_else(|| (0..index.frames()).collect());
        let frames: Vec<usize> = frames.into_iter().filter(|frame| *frame < index.frames()).collect();
        let (mut raw, mut kept) = (Vec::new(), 0);
        for run in runs(&frames).filter(|run| index.is_any_in(run, &wanted)) {
            if Instant::now() >= end {
                out.complete = false;
                break;
            }
            let found = self.run_searched(query, &out.sdist, &index, &wanted, run, query.limit - kept).await?;
            out.bytes_read += found.bytes_read;
            kept += found.raw.iter().filter(|raw| raw.hit.is_some()).count();
            raw.extend(found.raw);
        }
        let kept = filter::filtered(self, query, &mut out, &index, raw, end).await?;
        out.lines = kept.len() as u64;
        out.files = kept.chunk_by(|one, other| one.entry == other.entry).count() as u64;
        out.hits = kept.into_iter().filter_map(|raw| raw.hit).collect();
        Ok(out)
    }

    async fn run_searched(
        &self,
        query: &SourceQuery,
        sdist: &Sdist,
        index: &Arc<Index>,
        wanted: &Arc<Vec<bool>>,
        run: Range<usize>,
        room: usize,
    ) -> Result<Searched, Error> {
        // Nearly every line ends in the next frame.
        let mut behind = 1;
        loop {
            let read = run.start..(run.end + behind).min(index.frames());
            let blob = self.blobs.part(sdist.pack, index.blob_of(&read)).await?;
            let whole = read.end == index.frames();
            let task = Task {
                query: query.clone(),
                index: Arc::clone(index),
                wanted: Arc::clone(wanted),
                project: sdist.project.clone(),
                room,
            };
            let run = run.clone();
            let found = tokio::task::spawn_blocking(move || task.search(run, &read, &blob)).await;
            let found = found.map_err(|source| object_store::Error::JoinError { source })?;
            match found? {
                Some(found) => return Ok(found),
                None if whole => return Err(Error::Damaged(format!("the source pack of {}", sdist.filename))),
                None => behind *= 8,
            }
        }
    }
}

fn is_searched(query: &SourceQuery, name: &str) -> bool {
    super::build::is_indexed(name) && query.path.as_ref().is_none_or(|filter| filter.lets(name))
}

/// Frames that follow each other, some at a time.
fn runs(frames: &[usize]) -> impl Iterator<Item = Range<usize>> + '_ {
    let follows = |one: &usize, other: &usize| one + 1 == *other;
    let run = |frames: &[usize]| Some(*frames.first()?..frames.last()? + 1);
    frames.chunk_by(follows).flat_map(|chunk| chunk.chunks(RUN)).filter_map(run)
}

/// What a thread needs to search a run.
struct Task {
    query: SourceQuery,
    index: Arc<Index>,
    wanted: Arc<Vec<bool>>,
    project: ProjectName,
    room: usize,
}

struct Searched {
    raw: Vec<Raw>,
    bytes_read: u64,
}

impl Task {
    /// `None`: the last line does not end in what was read.
    fn search(&self, run: Range<usize>, read: &Range<usize>, blob: &[u8]) -> Result<Option<Searched>, Error> {
        let window = self.index.window(run, read, blob)?;
        let Some(parts) = self.index.parts(&window) else { return Ok(None) };
        let mut out = Searched { raw: Vec::new(), bytes_read: window.len() as u64 };
        for part in parts.iter().filter(|part| self.wanted.get(part.entry) == Some(&true)) {
            self.part(part, &mut out.raw);
        }
        Ok(Some(out))
    }

    fn part(&self, part: &Part<'_>, out: &mut Vec<Raw>) {
        let (mut counted, mut line, mut of_file) = (0, part.first_line, 0);
        let mut kept = out.iter().filter(|raw| raw.hit.is_some()).count();
        for found in self.query.pattern.lines(part.text) {
            let matched = part.offset + found.matched.start as u64..part.offset + found.matched.end as u64;
            let has_room = kept < self.room && of_file < self.query.of_a_file;
            kept += usize::from(has_room);
            of_file += usize::from(has_room);
            let hit = has_room.then(|| {
                line += memchr::memchr_iter(b'\n', &part.text[counted..found.line.start]).count() as u64;
                counted = found.line.start;
                let column = found.matched.start - found.line.start + 1;
                let (before, after) = around(part, &found.line, self.query.context);
                SourceHit {
                    project: self.project.clone(),
                    version: String::new(),
                    path: self.index.name(part.entry).to_owned(),
                    line: u32::try_from(line).unwrap_or(u32::MAX),
                    column: u32::try_from(column).unwrap_or(u32::MAX),
                    text: visible::line(&part.text[found.line.clone()], u32::try_from(column).unwrap_or(u32::MAX)),
                    before,
                    after,
                }
            });
            out.push(Raw { entry: part.entry, matched, hit });
        }
    }
}

/// The lines around one, as far as they were read.
fn around(part: &Part<'_>, line: &Range<usize>, count: u32) -> (Vec<String>, Vec<String>) {
    let count = count as usize;
    let shown = |line: &[u8]| visible::line(line, 1);
    let mut before: Vec<String> = Vec::new();
    if count > 0 && line.start > 0 {
        before = part.text[..line.start - 1].rsplit(|byte| *byte == b'\n').take(count).map(shown).collect();
        before.reverse();
    }
    let behind = |text: &[u8], count: usize| -> Vec<String> {
        let lines = text.split_inclusive(|byte| *byte == b'\n').take(count);
        lines.map(|line| shown(line.strip_suffix(b"\n").unwrap_or(line))).collect()
    };
    let mut after = behind(part.text.get(line.end + 1..).unwrap_or_default(), count);
    let missing = count - after.len();
    after.extend(behind(part.after, missing));
    (before, after)
}

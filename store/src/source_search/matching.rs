//! Reading frames and finding lines in them.

use std::ops::Range;
use std::sync::Arc;
use std::time::Instant;

use search::line_at;

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

/// The lines of one pack that match, before filters, by file.
pub(super) struct Matched {
    pub(super) index: Arc<Index>,
    pub(super) raw: Vec<Raw>,
}

/// A line that matches, before filters.
#[derive(Debug)]
pub(super) struct Raw {
    pub(super) entry: usize,
    /// Bytes of the file before the match, and before its end.
    pub(super) matched: Range<u64>,
    /// What is told of it, if it is among the first: of a pattern that a filter thins out that is known afterwards.
    pub(super) hit: Option<SourceHit>,
}

/// How many more hits are told.
#[derive(Debug, Clone, Copy)]
pub(super) struct Room {
    /// In all.
    pub(super) all: usize,
    /// Of the file at hand.
    pub(super) of_file: usize,
}

impl Room {
    /// Takes a place, if there is one.
    fn take(&mut self) -> bool {
        let has_one = self.all > 0 && self.of_file > 0;
        self.all -= usize::from(has_one);
        self.of_file -= usize::from(has_one);
        has_one
    }
}

impl Store {
    /// Searches one pack.
    pub(super) async fn pack_searched(
        &self,
        query: &SourceQuery,
        candidate: Candidate,
        end: Instant,
    ) -> Result<PackHits, Error> {
        let room = if query.needs_whole_files() { 0 } else { query.limit };
        let (mut out, matched) = self.pack_matched(query, candidate, room, end).await?;
        let Some(Matched { index, raw }) = matched else { return Ok(out) };
        let kept = filter::filtered(self, query, &mut out, &index, raw, end).await?;
        out.lines = kept.len() as u64;
        out.files = kept.chunk_by(|one, other| one.entry == other.entry).count() as u64;
        out.hits = kept.into_iter().filter_map(|raw| raw.hit).collect();
        Ok(out)
    }

    /// Finds the lines of one pack that match, before filters; tells at most `room` of them. `None`: the time was over
    /// before it began.
    pub(super) async fn pack_matched(
        &self,
        query: &SourceQuery,
        candidate: Candidate,
        room: usize,
        end: Instant,
    ) -> Result<(PackHits, Option<Matched>), Error> {
        let sdist = candidate.sdist;
        let mut out = PackHits { sdist, lines: 0, files: 0, hits: Vec::new(), complete: true, bytes_read: 0 };
        if Instant::now() >= end {
            out.complete = false;
            return Ok((out, None));
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
            let found = self.run_searched(query, &out.sdist, &index, &wanted, run, room - kept).await?;
            out.bytes_read += found.bytes_read;
            kept += found.raw.iter().filter(|raw| raw.hit.is_some()).count();
            raw.extend(found.raw);
        }
        Ok((out, Some(Matched { index, raw })))
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
                sdist: sdist.clone(),
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
    sdist: Sdist,
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
        let mut room = self.room;
        for part in parts.iter().filter(|part| self.wanted.get(part.entry) == Some(&true)) {
            let path = self.index.name(part.entry);
            let first = out.raw.len();
            out.raw.extend(self.query.pattern.lines(part.text).map(|found| {
                let matched = part.offset + found.matched.start as u64..part.offset + found.matched.end as u64;
                Raw { entry: part.entry, matched, hit: None }
            }));
            let of_part = out.raw.get_mut(first..).unwrap_or_default();
            room =
                told(&self.query, &self.sdist, path, part, of_part, Room { all: room, of_file: self.query.of_a_file });
        }
        Ok(Some(out))
    }
}

/// Makes the first of the lines of a part hits, as many as there is room for; returns how many more there is room for in all.
pub(super) fn told(
    query: &SourceQuery,
    sdist: &Sdist,
    path: &str,
    part: &Part<'_>,
    lines: &mut [Raw],
    mut room: Room,
) -> usize {
    let (mut counted, mut number) = (0, part.first_line);
    let place = |at: u64| usize::try_from(at.saturating_sub(part.offset)).unwrap_or(usize::MAX).min(part.text.len());
    for raw in lines {
        if !room.take() {
            break;
        }
        let matched = place(raw.matched.start);
        let Range { start, end } = line_at(part.text, matched);
        number += memchr::memchr_iter(b'\n', &part.text[counted..start]).count() as u64;
        counted = start;
        let column = u32::try_from(matched - start + 1).unwrap_or(u32::MAX);
        let (before, after) = around(part, &(start..end), query.context);
        raw.hit = Some(SourceHit {
            project: sdist.project.clone(),
            version: sdist.version.clone(),
            path: path.to_owned(),
            line: u32::try_from(number).unwrap_or(u32::MAX),
            column,
            text: visible::line(&part.text[start..end], column),
            before,
            after,
        });
    }
    room.all
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

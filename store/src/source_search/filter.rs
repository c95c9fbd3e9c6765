//! Filters that need a whole file: read only for files that have hits.

use std::time::Instant;

use analyzer::{Implementation, OriginClass, SourceFile, SourceLines, Truth, World};
use bytes::Bytes;
use search::line_at;

use super::SourceQuery;
use super::matching::{PackHits, Raw, Room, told};
use crate::pack::{Index, Part};
use crate::{Error, Store};

/// Those of the lines that the filters let through. Files for which the time is over are left out, and that is said.
pub(super) async fn filtered(
    store: &Store,
    query: &SourceQuery,
    pack: &mut PackHits,
    index: &Index,
    raw: Vec<Raw>,
    end: Instant,
) -> Result<Vec<Raw>, Error> {
    if !query.needs_whole_files() {
        return Ok(raw);
    }
    let (mut kept, mut room) = (Vec::new(), query.limit);
    for mut of_file in by_file(raw) {
        if Instant::now() >= end {
            pack.complete = false;
            break;
        }
        let Some(file) = whole_file(store, pack, index, &of_file).await? else { continue };
        let (query, sdist) = (query.clone(), pack.sdist.clone());
        let lets = move || {
            let lines = SourceLines::read(&file);
            let SourceFile { path: name, bytes } = file;
            of_file.retain_mut(|raw| lets(&query, &lines, &bytes, raw));
            let entry = of_file.first().map_or(0, |raw| raw.entry);
            let whole = Part { entry, text: &bytes, first_line: 1, offset: 0, after: &[] };
            let room = told(&query, &sdist, &name, &whole, &mut of_file, Room { all: room, of_file: query.of_a_file });
            (of_file, room)
        };
        let told = tokio::task::spawn_blocking(lets).await;
        let (of_file, left) = told.map_err(|source| object_store::Error::JoinError { source })?;
        kept.extend(of_file);
        room = left;
    }
    Ok(kept)
}

/// The lines of each file.
pub(super) fn by_file(raw: Vec<Raw>) -> impl Iterator<Item = Vec<Raw>> {
    let mut raw = raw.into_iter().peekable();
    std::iter::from_fn(move || {
        let mut of_file = vec![raw.next()?];
        while let Some(next) = raw.next_if(|next| next.entry == of_file[0].entry) {
            of_file.push(next);
        }
        Some(of_file)
    })
}

/// Reads the file that lines are in.
pub(super) async fn whole_file(
    store: &Store,
    pack: &mut PackHits,
    index: &Index,
    of_file: &[Raw],
) -> Result<Option<SourceFile>, Error> {
    let path = of_file.first().map(|raw| index.name(raw.entry).to_owned());
    let Some((path, span)) = path.and_then(|path| index.whole(&path).map(|span| (path, span))) else { return Ok(None) };
    let bytes = Bytes::from(store.pack_bytes(pack.sdist.pack, index, &span).await?);
    pack.bytes_read += bytes.len() as u64;
    Ok(Some(SourceFile { path, bytes }))
}

/// Whether the filters let a line of the file through. Where only code counts, its match is the first that is code.
fn lets(query: &SourceQuery, lines: &SourceLines, text: &[u8], raw: &mut Raw) -> bool {
    let at = |offset: u64| usize::try_from(offset).unwrap_or(usize::MAX).min(text.len());
    let mut matched = at(raw.matched.start)..at(raw.matched.end);
    if query.code && !lines.is_code(&matched) {
        let line = line_at(text, matched.start);
        let others = query.pattern.matches(&text[line.clone()]).into_iter();
        let mut others = others.map(|found| line.start + found.start..line.start + found.end);
        let Some(code) = others.find(|found| lines.is_code(found)) else { return false };
        raw.matched = code.start as u64..code.end as u64;
        matched = code;
    }
    let is_active = || {
        let Some(python) = query.active else { return true };
        let world = World { python: Some(python), implementation: Some(Implementation::CPython), ..World::default() };
        lines.condition(matched.start).eval(&world) != Truth::False
    };
    (!query.own || lines.class() == OriginClass::Own) && is_active()
}

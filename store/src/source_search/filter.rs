//! Filters that need a whole file: read only for files that have hits.

use std::time::Instant;

use analyzer::{Implementation, OriginClass, SourceFile, SourceLines, Truth, World};
use bytes::Bytes;

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
    let mut raw = raw.into_iter().peekable();
    while let Some(first) = raw.next() {
        let mut of_file = vec![first];
        while let Some(next) = raw.next_if(|next| next.entry == of_file[0].entry) {
            of_file.push(next);
        }
        if Instant::now() >= end {
            pack.complete = false;
            break;
        }
        let name = index.name(of_file[0].entry).to_owned();
        let Some(span) = index.whole(&name) else { continue };
        let bytes = store.pack_bytes(pack.sdist.pack, index, &span).await?;
        pack.bytes_read += bytes.len() as u64;
        let (query, sdist) = (query.clone(), pack.sdist.clone());
        let lets = move || {
            let bytes = Bytes::from(bytes);
            let lines = SourceLines::read(&SourceFile { path: name.clone(), bytes: bytes.clone() });
            of_file.retain(|raw| lets(&query, &lines, raw));
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

fn lets(query: &SourceQuery, lines: &SourceLines, raw: &Raw) -> bool {
    let at = |offset: u64| usize::try_from(offset).unwrap_or(usize::MAX);
    let matched = at(raw.matched.start)..at(raw.matched.end);
    let is_active = || {
        let Some(python) = query.active else { return true };
        let world = World { python: Some(python), implementation: Some(Implementation::CPython), ..World::default() };
        lines.condition(matched.start).eval(&world) != Truth::False
    };
    (!query.own || lines.class() == OriginClass::Own) && (!query.code || lines.is_code(&matched)) && is_active()
}

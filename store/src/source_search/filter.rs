//! Filters that need a whole file: read only for files that have hits.

use std::time::Instant;

use analyzer::{Implementation, OriginClass, SourceFile, SourceLines, Truth, World};

use super::SourceQuery;
use super::matching::{PackHits, Raw};
use crate::pack::Index;
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
    if !query.own && !query.code && query.active.is_none() {
        return Ok(raw);
    }
    let mut kept = Vec::new();
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
        let query = query.clone();
        let lets = move || {
            let lines = SourceLines::read(&SourceFile { path: name, bytes: bytes.into() });
            of_file.retain(|raw| lets(&query, &lines, raw));
            of_file
        };
        let of_file = tokio::task::spawn_blocking(lets).await;
        kept.extend(of_file.map_err(|source| object_store::Error::JoinError { source })?);
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

//! Making the index: incremental, and again at any time.
//!
//! A segment is of packs with some 256 MiB of source. Many small ones, as a crawl leaves them, are made into large ones.

use analyzer::Language;
use bytes::Bytes;
use search::Builder;
use sqlx::{query, query_scalar};

use crate::pack::Index;
use crate::write::held;
use crate::{Error, Sha256, Store};

/// Bytes of source of a full segment.
const SEGMENT: u64 = 256 << 20;
/// Segments that are not half full, beyond which they are made into one.
const SMALL_ONES: i64 = 8;

/// Frames that are decompressed at a time.
const RUN: usize = 16;

/// How far the making has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct IndexProgress {
    /// Packs that are done.
    pub done: usize,
    /// Packs in all.
    pub of: usize,
}

/// What was made.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, serde::Serialize)]
pub struct Indexed {
    /// Packs that are indexed now and were not before.
    pub packs: u64,
    /// Bytes of their source.
    pub source_bytes: u64,
    /// Bytes of the index that was made.
    pub index_bytes: u64,
}

/// Whether a file of a pack is searched: build files are not.
pub(super) fn is_indexed(name: &str) -> bool {
    Language::of(name).is_some_and(Language::is_native)
}

/// A segment as it grows.
#[derive(Default)]
struct Segment {
    builder: Builder,
    units: i32,
    source_bytes: u64,
    /// Pack, first unit, units.
    packs: Vec<(Sha256, i32, i32)>,
}

impl Store {
    /// Indexes the standing releases that are not indexed yet; with `again` all of them.
    pub async fn source_indexed(&self, again: bool, mut told: impl FnMut(IndexProgress)) -> Result<Indexed, Error> {
        self.dead_segments_removed().await?;
        let packs = self.unindexed(again).await?;
        let (mut out, mut segment) = (Indexed::default(), Segment::default());
        for (done, pack) in packs.iter().enumerate() {
            told(IndexProgress { done, of: packs.len() });
            segment = self.pack_added(segment, *pack).await?;
            if segment.source_bytes >= SEGMENT {
                self.segment_put(std::mem::take(&mut segment), &mut out).await?;
            }
        }
        if !segment.packs.is_empty() {
            self.segment_put(segment, &mut out).await?;
        }
        self.dead_segments_removed().await?;
        Ok(out)
    }

    async fn unindexed(&self, again: bool) -> Result<Vec<Sha256>, Error> {
        let rows = query_scalar!(
            r#"WITH small AS (SELECT id FROM search_segments WHERE source_bytes < $1),
                   again AS (SELECT id FROM small WHERE (SELECT count(*) FROM small) > $2)
               SELECT f.pack_blob AS "pack!" FROM files f
               JOIN releases r ON r.id = f.release_id AND r.standing
               LEFT JOIN search_packs i ON i.pack_blob = f.pack_blob
               WHERE f.selected AND f.state = 'analysed' AND f.pack_blob IS NOT NULL
                 AND ($3 OR i.pack_blob IS NULL OR i.segment_id IN (SELECT id FROM again))
               GROUP BY f.pack_blob ORDER BY f.pack_blob"#,
            i64::try_from(SEGMENT / 2).unwrap_or(i64::MAX),
            SMALL_ONES,
            again,
        )
        .fetch_all(&self.pool)
        .await?;
        rows.iter().map(|key| Sha256::from_column(key)).collect()
    }

    /// A pack that is gone is left out: to be found by the search, which says so.
    async fn pack_added(&self, mut segment: Segment, key: Sha256) -> Result<Segment, Error> {
        let Some(pack) = self.blobs.get(key).await? else { return Ok(segment) };
        let added = tokio::task::spawn_blocking(move || {
            segment.add(key, &pack)?;
            Ok::<_, Error>(segment)
        });
        added.await.map_err(|source| object_store::Error::JoinError { source })?
    }

    async fn segment_put(&self, segment: Segment, out: &mut Indexed) -> Result<(), Error> {
        let Segment { builder, packs, source_bytes, .. } = segment;
        let index = tokio::task::spawn_blocking(move || Bytes::from(builder.finish())).await;
        let index = index.map_err(|source| object_store::Error::JoinError { source })?;
        let key = self.blobs.put(index.clone()).await?;
        let mut tx = self.pool.begin().await?;
        held(&mut tx, &self.blobs, &[(key, &index)]).await?;
        let id = query_scalar!(
            "INSERT INTO search_segments (blob, bytes, source_bytes) VALUES ($1, $2, $3) RETURNING id",
            key.as_bytes(),
            i64::try_from(index.len()).unwrap_or(i64::MAX),
            i64::try_from(source_bytes).unwrap_or(i64::MAX),
        )
        .fetch_one(&mut *tx)
        .await?;
        let keys: Vec<Vec<u8>> = packs.iter().map(|(key, ..)| key.as_bytes().to_vec()).collect();
        let (first, units): (Vec<i32>, Vec<i32>) = packs.iter().map(|(_, first, units)| (*first, *units)).unzip();
        query!(
            "INSERT INTO search_packs (pack_blob, segment_id, first_unit, units)
             SELECT pack, $1, first_unit, units FROM unnest($2::bytea[], $3::integer[], $4::integer[])
                 AS t (pack, first_unit, units)
             ON CONFLICT (pack_blob) DO UPDATE SET segment_id = excluded.segment_id,
                 first_unit = excluded.first_unit, units = excluded.units",
            id,
            &keys,
            &first,
            &units,
        )
        .execute(&mut *tx)
        .await?;
        tx.commit().await?;
        out.packs += packs.len() as u64;
        out.source_bytes += source_bytes;
        out.index_bytes += index.len() as u64;
        Ok(())
    }

    /// Forgets segments of which no pack is left; the sweep of orphans takes their blobs.
    async fn dead_segments_removed(&self) -> Result<(), Error> {
        query!("DELETE FROM search_packs i WHERE NOT EXISTS (SELECT FROM files f WHERE f.pack_blob = i.pack_blob)")
            .execute(&self.pool)
            .await?;
        query!("DELETE FROM search_segments s WHERE NOT EXISTS (SELECT FROM search_packs i WHERE i.segment_id = s.id)")
            .execute(&self.pool)
            .await?;
        Ok(())
    }
}

impl Segment {
    fn add(&mut self, key: Sha256, pack: &[u8]) -> Result<(), Error> {
        let index = Index::read(pack, pack.len() as u64)?;
        let wanted: Vec<bool> = index.names().map(is_indexed).collect();
        let frames = index.frames();
        let (mut at, mut behind) = (0, 1);
        while at < frames {
            let run = at..(at + RUN).min(frames);
            let read = at..(run.end + behind).min(frames);
            let blob = index.blob_of(&read);
            let blob = usize::try_from(blob.start).unwrap_or(usize::MAX)..usize::try_from(blob.end).unwrap_or(0);
            let mut window = index.window(run.clone(), &read, pack.get(blob).unwrap_or_default())?;
            if index.parts(&window).is_none() && read.end < frames {
                behind *= 8;
                continue;
            }
            for frame in run.clone() {
                window.narrowed(frame..frame + 1);
                let parts = index.parts(&window).ok_or_else(|| Error::Damaged(format!("source pack {key}")))?;
                let parts = parts.iter().filter(|part| wanted.get(part.entry) == Some(&true));
                self.builder.unit(parts.map(|part| part.text));
            }
            (at, behind) = (run.end, 1);
        }
        let units = i32::try_from(frames).unwrap_or(i32::MAX);
        self.packs.push((key, self.units, units));
        self.units += units;
        self.source_bytes += index.bytes_of(is_indexed);
        Ok(())
    }
}

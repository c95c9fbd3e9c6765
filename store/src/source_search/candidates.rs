//! Which frames of which packs may hold a match, as the index says.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use futures_util::{StreamExt, TryStreamExt, stream};
use search::{DIRECTORY, Directory, Pattern, Trigram, Units};
use sqlx::query;

use super::scope::Sdist;
use crate::{Error, Sha256, Store};

/// Segments that are asked at a time.
const AT_ONCE: usize = 8;

/// A pack to be read.
#[derive(Debug)]
pub(super) struct Candidate {
    pub(super) sdist: Sdist,
    /// The frames that may hold a match; `None`: all, for all that is known.
    pub(super) frames: Option<Vec<usize>>,
}

/// What has to be read.
#[derive(Debug)]
pub(super) struct Candidates {
    pub(super) packs: Vec<Candidate>,
    /// Sdists in all, those included that hold no match.
    pub(super) searched: u64,
    /// Those that no index tells anything about.
    pub(super) unindexed: u64,
}

impl Store {
    /// The packs that may hold a match.
    pub(super) async fn candidates(&self, sdists: Vec<Sdist>, pattern: &Pattern) -> Result<Candidates, Error> {
        let searched = sdists.len() as u64;
        let wanted: BTreeSet<i32> = sdists.iter().filter_map(|sdist| Some(sdist.place?.segment)).collect();
        let units = if pattern.is_selective() { self.units(&wanted, pattern).await? } else { HashMap::new() };
        let mut unindexed = 0;
        let mut packs = Vec::new();
        for sdist in sdists {
            let place = sdist.place;
            let frames = place.and_then(|place| {
                let units = units.get(&place.segment)?;
                let held = |frame: &u32| units.contains(place.first_unit + frame);
                Some((0..place.units).filter(held).map(|frame| frame as usize).collect::<Vec<_>>())
            });
            unindexed += u64::from(place.is_none());
            if frames.as_ref().is_none_or(|frames| !frames.is_empty()) {
                packs.push(Candidate { sdist, frames });
            }
        }
        Ok(Candidates { packs, searched, unindexed })
    }

    /// The units of each segment that may hold a match; a segment whose blob is gone or damaged is left out.
    async fn units(&self, segments: &BTreeSet<i32>, pattern: &Pattern) -> Result<HashMap<i32, Units>, Error> {
        let ids: Vec<i32> = segments.iter().copied().collect();
        let rows =
            query!("SELECT id, blob FROM search_segments WHERE id = ANY ($1)", &ids).fetch_all(&self.pool).await?;
        let trigrams = pattern.plan().trigrams();
        let found: Vec<Option<(i32, Units)>> = stream::iter(rows)
            .map(|row| {
                let trigrams = &trigrams;
                async move {
                    let units = self.units_of(Sha256::from_column(&row.blob)?, pattern, trigrams).await?;
                    Ok::<_, Error>(units.map(|units| (row.id, units)))
                }
            })
            .buffer_unordered(AT_ONCE)
            .try_collect()
            .await?;
        Ok(found.into_iter().flatten().collect())
    }

    async fn units_of(
        &self,
        blob: Sha256,
        pattern: &Pattern,
        trigrams: &BTreeSet<Trigram>,
    ) -> Result<Option<Units>, Error> {
        if !self.blobs.has(blob).await? {
            return Ok(None);
        }
        let Some(directory) = Directory::read(&self.blobs.part(blob, 0..DIRECTORY as u64).await?) else {
            return Ok(None);
        };
        let places: Vec<_> = trigrams.iter().map(|trigram| directory.place(*trigram)).collect();
        let parts = self.blobs.parts(blob, &places).await?;
        let held: Option<BTreeMap<Trigram, Units>> = trigrams
            .iter()
            .zip(&parts)
            .map(|(trigram, bytes)| Some((*trigram, directory.holding(*trigram, bytes)?)))
            .collect();
        Ok(held.map(|held| pattern.plan().units(directory.units(), &held)))
    }
}

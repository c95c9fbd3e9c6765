//! Saving and reading.

use std::io::Read;

use sqlx::{query, query_as};
use whatif::{Answer, Page};

use super::{ProposalId, SavedHead, SavedProposal};
use crate::blocking::compute;
use crate::write::commit;
use crate::{Error, Inquiry, Sha256, Store, text};

/// How hard answers are compressed.
const LEVEL: i32 = 9;
/// Bytes of an answer as JSON; a damaged one shall not fill the memory.
const MAX_ANSWER: u64 = 256 << 20;

/// A row without its answer.
struct Head {
    id: String,
    title: String,
    canonical: String,
    snapshot: Vec<u8>,
    analyzer_version: String,
    capi_version: String,
    saved_at: chrono::DateTime<chrono::Utc>,
}

impl Head {
    fn read(self) -> Result<SavedHead, Error> {
        Ok(SavedHead {
            id: self.id.parse().map_err(|error| Error::Damaged(format!("{}: {error}", self.id)))?,
            title: self.title,
            canonical: self.canonical,
            snapshot: Sha256::from_column(&self.snapshot)?,
            analyzer_version: self.analyzer_version,
            capi_version: self.capi_version,
            saved_at: self.saved_at,
        })
    }
}

impl Store {
    /// Saves a proposal with its answer. One that is saved already, asked of the same snapshot, is as it was: what was
    /// answered once is never answered again.
    pub async fn proposal_saved(&self, inquiry: &Inquiry) -> Result<SavedProposal, Error> {
        let snapshot = compute(|| inquiry.snapshot());
        let id = ProposalId::of(&inquiry.proposal, snapshot);
        if let Some(saved) = self.saved_proposal(&id).await? {
            return Ok(saved);
        }
        let mut answer = inquiry.answer(Page::ALL);
        self.say_first_sites(inquiry, &mut answer.rows).await?;
        let packed = compute(|| packed(&answer))?;
        let mut tx = self.pool.begin().await?;
        query!(
            "INSERT INTO proposals (id, title, canonical, snapshot, analyzer_version, capi_version, answer)
             VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (id) DO NOTHING",
            id.as_str(),
            &*text::clean(&inquiry.proposal.title),
            inquiry.proposal.canonical(),
            &snapshot.as_bytes()[..],
            analyzer::ANALYZER_VERSION,
            capi::DATA_VERSION,
            &packed,
        )
        .execute(&mut *tx)
        .await?;
        commit(tx).await?;
        let saved = self.saved_proposal(&id).await?;
        saved.ok_or_else(|| Error::Damaged(format!("proposal {id} was saved and is not there")))
    }

    /// A saved proposal with its answer.
    pub async fn saved_proposal(&self, id: &ProposalId) -> Result<Option<SavedProposal>, Error> {
        let row = query!("SELECT answer FROM proposals WHERE id = $1", id.as_str()).fetch_optional(&self.pool).await?;
        let (Some(row), Some(head)) = (row, self.saved_head(id).await?) else { return Ok(None) };
        let answer = compute(|| unpacked(&row.answer))?;
        Ok(Some(SavedProposal { head, answer }))
    }

    async fn saved_head(&self, id: &ProposalId) -> Result<Option<SavedHead>, Error> {
        let head = query_as!(
            Head,
            "SELECT id, title, canonical, snapshot, analyzer_version, capi_version, saved_at FROM proposals WHERE id = $1",
            id.as_str(),
        );
        head.fetch_optional(&self.pool).await?.map(Head::read).transpose()
    }

    /// The proposals that were saved last, at most so many, newest first.
    pub async fn saved_proposals(&self, limit: u32) -> Result<Vec<SavedHead>, Error> {
        let heads = query_as!(
            Head,
            "SELECT id, title, canonical, snapshot, analyzer_version, capi_version, saved_at FROM proposals
             ORDER BY saved_at DESC, id LIMIT $1",
            i64::from(limit),
        );
        heads.fetch_all(&self.pool).await?.into_iter().map(Head::read).collect()
    }
}

fn packed(answer: &Answer) -> Result<Vec<u8>, Error> {
    let json = serde_json::to_vec(answer).map_err(|error| Error::Unpackable(error.to_string()))?;
    zstd::bulk::compress(&json, LEVEL).map_err(|error| Error::Unpackable(error.to_string()))
}

fn unpacked(bytes: &[u8]) -> Result<Answer, Error> {
    let damaged = |error: &dyn std::fmt::Display| Error::Damaged(format!("a saved answer: {error}"));
    let mut json = Vec::new();
    let decoder = zstd::stream::read::Decoder::new(bytes).map_err(|error| damaged(&error))?;
    decoder.take(MAX_ANSWER + 1).read_to_end(&mut json).map_err(|error| damaged(&error))?;
    if json.len() as u64 > MAX_ANSWER {
        return Err(damaged(&"it is too large"));
    }
    serde_json::from_slice(&json).map_err(|error| damaged(&error))
}

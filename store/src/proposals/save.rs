//! Saving and reading.

use sqlx::{query, query_as};
use whatif::Page;

use super::{ProposalId, SavedHead, SavedProposal};
use crate::blocking::compute;
use crate::frozen::{packed, unpacked};
use crate::write::commit;
use crate::{Error, Inquiry, Sha256, Store, text};

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

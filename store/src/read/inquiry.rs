//! What the survey knows about a proposal.

use std::sync::Arc;
use std::time::Duration;

use whatif::{Answer, Evidence, Hit, Judged, Page, Proposal, Row, Sought};

use super::first_site::Found;
use super::patterns::FirstLines;
use crate::blocking::compute;
use crate::standing::{Standing, StandingUse};
use crate::{Error, Sha256, Store, words};

/// A question that was put to the survey: the evidence, and the survey that it is of.
#[derive(Debug, Clone)]
pub struct Inquiry {
    /// What was asked.
    pub proposal: Proposal,
    /// All that an answer follows from.
    pub evidence: Evidence,
    /// What people said about sites of it.
    pub judged: Vec<Judged>,
    standing: Arc<Standing>,
    first_lines: FirstLines,
}

/// For how long patterns are searched for where nobody says otherwise: people wait.
const PATIENCE: Duration = Duration::from_secs(5);

impl Inquiry {
    /// A question with evidence that no database has, for tests of whoever asks.
    pub fn made(proposal: Proposal, evidence: Evidence) -> Self {
        Self { proposal, evidence, judged: Vec::new(), standing: Arc::default(), first_lines: FirstLines::default() }
    }

    /// Whether every pattern was searched for everywhere: otherwise the time was over, and the answer says so.
    pub fn is_complete(&self) -> bool {
        self.evidence.searched.iter().all(|searched| searched.complete)
    }

    /// A page of the answer, after what people said. Nothing tells yet where first sites are.
    pub fn answer(&self, page: Page) -> Answer {
        compute(|| whatif::answer(&self.proposal, &self.evidence, &self.judged, page))
    }

    /// The hash of what was asked: of each project the release that stands for it and the hash of its sdist.
    pub fn snapshot(&self) -> Sha256 {
        self.standing.snapshot()
    }

    /// A hit as the survey knows it.
    fn found(&self, hit: &Hit) -> Option<Found> {
        let item = self.evidence.item(hit)?;
        let words = &self.standing.words;
        let of_kind = |number: &u32| words.items.get(*number).is_some_and(|known| Sought::Use(known.kind) == item.kind);
        let row = StandingUse {
            access: u8::try_from(words::access_bits(hit.access)).ok()?,
            probable: hit.probable,
            origin: hit.origin,
            condition: hit.condition,
            sites: hit.sites,
        };
        Some(Found { project: hit.project as usize, item: words.named(&item.name).find(of_kind)?, row })
    }
}

impl Store {
    /// All that an answer to `proposal` follows from, for every project of the survey, and what people said about it.
    /// Patterns are searched for some seconds.
    pub async fn inquire(&self, proposal: &Proposal) -> Result<Inquiry, Error> {
        self.inquire_within(proposal, PATIENCE).await
    }

    /// As [`Store::inquire`], where the search for all patterns together ends after a time.
    pub async fn inquire_within(&self, proposal: &Proposal, time: Duration) -> Result<Inquiry, Error> {
        let standing = self.standing().await?;
        let mut evidence = compute(|| standing.evidence(proposal));
        let first_lines = self.patterns_searched(proposal, &mut evidence, time).await?;
        let judged = self.judged(proposal, &evidence).await?;
        Ok(Inquiry { proposal: proposal.clone(), evidence, judged, standing, first_lines })
    }

    /// Says in rows of an answer where their first sites are. A page asks for the rows that it shows.
    pub async fn say_first_sites(&self, inquiry: &Inquiry, rows: &mut [Row]) -> Result<(), Error> {
        let asked: Vec<(&mut Row, Found)> = rows
            .iter_mut()
            .filter_map(|row| {
                if let Some(first) = row.first.as_ref().and_then(|hit| inquiry.first_lines.of(hit)) {
                    (row.first, row.first_site) = (None, first.to_owned());
                }
                let found = inquiry.found(row.first.as_ref()?)?;
                Some((row, found))
            })
            .collect();
        let (rows, uses): (Vec<&mut Row>, Vec<Found>) = asked.into_iter().unzip();
        let sites = self.first_sites_of(&inquiry.standing, &uses).await?;
        for (row, site) in rows.into_iter().zip(sites) {
            (row.first, row.first_site) = (None, site);
        }
        Ok(())
    }
}

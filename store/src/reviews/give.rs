//! Giving a review, and taking it back.

use std::collections::BTreeSet;

use sqlx::query;
use whatif::{Proposal, Rule};

use super::Said;
use crate::write::commit;
use crate::{Error, Sha256, SiteLine, Store, text};

/// Places that are named where a site is none.
const NAMED: usize = 5;

/// Why nothing can be said about a place.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NoSuchSite {
    /// The survey has not read the project.
    #[error("the survey has not read {0}: abiscope survey {0}")]
    NotRead(String),
    /// The rule asks for nothing there.
    #[error("the rule asks for nothing in {place} of {project} {version}{}", elsewhere(.others))]
    NoSite {
        /// The project.
        project: String,
        /// The release that stands for it.
        version: String,
        /// `path:line`.
        place: String,
        /// Where it asks for something, the first of them.
        others: Vec<String>,
    },
    /// The rule is a pattern.
    #[error("nothing is said about what a pattern matches: write the pattern so that it does not")]
    Pattern,
    /// The file is not stored any more.
    #[error("the source of {0} is not stored: survey it again")]
    NoSource(String),
}

fn elsewhere(places: &[String]) -> String {
    if places.is_empty() { ", nor anywhere else in it".to_owned() } else { format!(", but in {}", places.join(", ")) }
}

/// A site in the standing release of a project.
struct Found {
    source: Sha256,
    text: String,
}

impl Store {
    /// Records what somebody says about a site. What was said before about the same is replaced.
    pub async fn reviewed(&self, said: &Said<'_>) -> Result<Result<(), NoSuchSite>, Error> {
        let found = match self.found(said.rule, said.project, said.path, said.line).await? {
            Ok(found) => found,
            Err(none) => return Ok(Err(none)),
        };
        let mut tx = self.pool.begin().await?;
        query!(
            "INSERT INTO reviews (source, rule, site, verdict, reason, by, project, path)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
             ON CONFLICT (source, rule, site, project) DO UPDATE SET verdict = excluded.verdict,
                 reason = excluded.reason, by = excluded.by, path = excluded.path, reviewed_at = now()",
            &found.source.as_bytes()[..],
            said.rule.canonical(),
            found.text,
            said.verdict.as_str(),
            &*text::clean(said.reason),
            &*text::clean(said.by),
            said.project.as_str(),
            &*text::clean(said.path),
        )
        .execute(&mut *tx)
        .await?;
        commit(tx).await?;
        Ok(Ok(()))
    }

    /// Takes back what was said about a site; returns whether anything was.
    pub async fn review_withdrawn(
        &self,
        rule: &Rule,
        project: &packaging::ProjectName,
        path: &str,
        line: u32,
    ) -> Result<Result<bool, NoSuchSite>, Error> {
        let found = match self.found(rule, project, path, line).await? {
            Ok(found) => found,
            Err(none) => return Ok(Err(none)),
        };
        let mut tx = self.pool.begin().await?;
        let gone = query!(
            "DELETE FROM reviews WHERE source = $1 AND rule = $2 AND site = $3 AND project = $4",
            &found.source.as_bytes()[..],
            rule.canonical(),
            found.text,
            project.as_str(),
        )
        .execute(&mut *tx)
        .await?;
        commit(tx).await?;
        Ok(Ok(gone.rows_affected() > 0))
    }

    /// The site of a rule at a place.
    async fn found(
        &self,
        rule: &Rule,
        project: &packaging::ProjectName,
        path: &str,
        line: u32,
    ) -> Result<Result<Found, NoSuchSite>, Error> {
        if matches!(rule, Rule::Source(_)) {
            return Ok(Err(NoSuchSite::Pattern));
        }
        let rules = BTreeSet::from([rule.clone()]);
        let asked = Proposal { title: String::new(), python: capi::Version::NEWEST, rules };
        let evidence = self.standing().await?.evidence(&asked);
        let place = evidence.place(project);
        let version = place.and_then(|place| evidence.project(place)?.version.as_deref());
        let not_read = || NoSuchSite::NotRead(project.to_string());
        let (Some(place), Some(version)) = (place, version) else { return Ok(Err(not_read())) };
        let Some(blobs) = self.release_blobs(project, version).await? else { return Ok(Err(not_read())) };
        let mut sites: Vec<SiteLine> = Vec::new();
        for item in evidence.items_of(place) {
            sites.extend(self.sites_in(&blobs, item, usize::MAX).await?.rows);
        }
        let Some(site) = sites.iter().find(|site| site.path == path && site.line == line) else {
            let others = sites.iter().take(NAMED).map(|site| format!("{}:{}", site.path, site.line)).collect();
            let (project, version, place) = (project.to_string(), version.to_owned(), format!("{path}:{line}"));
            return Ok(Err(NoSuchSite::NoSite { project, version, place, others }));
        };
        let Some(source) = self.source_hash(&blobs, path).await? else {
            return Ok(Err(NoSuchSite::NoSource(project.to_string())));
        };
        Ok(Ok(Found { source, text: site.text.trim().to_owned() }))
    }
}

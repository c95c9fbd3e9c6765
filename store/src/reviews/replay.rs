//! Which sites of a question people said something about.

use std::collections::{BTreeMap, HashMap};

use packaging::ProjectName;
use sqlx::query;
use whatif::{Evidence, Judged, JudgedSite, Judgement, Proposal, Review};

use crate::read::ReleaseBlobs;
use crate::{Error, Sha256, SiteLine, Store};

impl Store {
    /// Every review, by rule, then project and path.
    pub async fn reviews(&self) -> Result<Vec<Review>, Error> {
        self.reviews_of(None).await
    }

    /// The reviews of some rules, or of all.
    async fn reviews_of(&self, rules: Option<&[String]>) -> Result<Vec<Review>, Error> {
        let rows = query!(
            "SELECT source, rule, site, verdict, reason, by, project, path, reviewed_at FROM reviews
             WHERE $1::text[] IS NULL OR rule = ANY ($1) ORDER BY rule, project, path, site",
            rules as Option<&[String]>,
        )
        .fetch_all(&self.pool)
        .await?;
        let read = rows.into_iter().map(|row| {
            Ok(Review {
                source: Sha256::from_column(&row.source)?.to_string(),
                rule: row.rule,
                site: row.site,
                verdict: if row.verdict == Judgement::Confirmed.as_str() {
                    Judgement::Confirmed
                } else {
                    Judgement::FalsePositive
                },
                reason: row.reason,
                by: row.by,
                on: row.reviewed_at.format("%F").to_string(),
                project: crate::read::project_name(&row.project)?,
                path: row.path,
            })
        });
        read.collect()
    }

    /// What people said about sites that a proposal asks for, as they are in the standing releases.
    pub(crate) async fn judged(&self, proposal: &Proposal, evidence: &Evidence) -> Result<Vec<Judged>, Error> {
        let rules: Vec<String> = proposal.rules.iter().map(whatif::Rule::canonical).collect();
        let mut of_project: BTreeMap<ProjectName, Vec<Review>> = BTreeMap::new();
        for review in self.reviews_of(Some(&rules)).await? {
            of_project.entry(review.project.clone()).or_default().push(review);
        }
        let mut judged = Vec::new();
        for (name, reviews) in of_project {
            judged.extend(self.judged_in(&name, &reviews, evidence).await?);
        }
        Ok(judged)
    }

    async fn judged_in(&self, name: &ProjectName, reviews: &[Review], of: &Evidence) -> Result<Vec<Judged>, Error> {
        let project = of.place(name);
        let version = project.and_then(|place| of.project(place)?.version.as_deref());
        let (Some(project), Some(version)) = (project, version) else { return Ok(Vec::new()) };
        let Some(blobs) = self.release_blobs(name, version).await? else { return Ok(Vec::new()) };
        let (mut sources, mut judged) = (HashMap::new(), Vec::new());
        for item in of.items_of(project) {
            let mut told = Vec::new();
            for site in self.sites_in(&blobs, item, usize::MAX).await?.rows {
                let said = self.said_of(&site, reviews, &blobs, &mut sources).await?;
                told.push(judged_site(site, said));
            }
            if told.iter().any(|site| !site.reviews.is_empty()) {
                judged.push(Judged { project, item: item.to_owned(), sites: told });
            }
        }
        Ok(judged)
    }

    /// The reviews of a site: of its line, in a file with its content. `sources` are the hashes that are known already.
    async fn said_of(
        &self,
        site: &SiteLine,
        reviews: &[Review],
        blobs: &ReleaseBlobs,
        sources: &mut HashMap<String, Option<String>>,
    ) -> Result<Vec<Review>, Error> {
        let of_line: Vec<&Review> = reviews.iter().filter(|review| review.site == site.text.trim()).collect();
        if of_line.is_empty() {
            return Ok(Vec::new());
        }
        if !sources.contains_key(&site.path) {
            let hash = self.source_hash(blobs, &site.path).await?;
            sources.insert(site.path.clone(), hash.map(|hash| hash.to_string()));
        }
        let source = sources.get(&site.path).cloned().flatten();
        Ok(of_line.into_iter().filter(|review| Some(&review.source) == source.as_ref()).cloned().collect())
    }
}

fn judged_site(site: SiteLine, reviews: Vec<Review>) -> JudgedSite {
    let place = format!("{}:{}", site.path, site.line);
    JudgedSite { place, column: site.column, origin: site.origin, condition: site.condition, reviews }
}

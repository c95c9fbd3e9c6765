//! Replaying reviews: which sites no longer count, and what was said about them.

use std::collections::{BTreeSet, HashMap, HashSet};

use capi::Version;
use serde::{Deserialize, Serialize};

use super::is_asked;
use crate::select::of_rule;
use crate::{Evidence, Hit, Judged, JudgedSite, Judgement, Proposal, Selector};

/// A site of the question with what somebody said about it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Reviewed {
    /// The project.
    pub name: String,
    /// The release that stands for it.
    pub version: String,
    /// `path:line`.
    pub place: String,
    /// The item.
    pub item: String,
    /// The rule that it was judged for, in its canonical text.
    pub rule: String,
    /// What is said.
    pub verdict: Judgement,
    /// Whether the site does not count for that. A false positive of one rule still counts if another one asks for it.
    pub taken_out: bool,
    /// Why.
    pub reason: String,
    /// Who says so.
    pub by: String,
    /// On which day.
    pub on: String,
}

/// The hits of a question after a review.
#[derive(Default)]
pub(super) struct Replayed {
    /// Hits, by their place, that lost sites.
    changed: HashSet<usize>,
    /// What is left of them.
    left: Vec<Hit>,
    pub(super) reviewed: Vec<Reviewed>,
}

/// `path:line` and the column.
type Place<'j> = (&'j str, u32);

/// A rule with what it asks for.
type Asking = (String, BTreeSet<Selector>);

impl Replayed {
    pub(super) fn of(
        proposal: &Proposal,
        evidence: &Evidence,
        judged: &[Judged],
        limited: &HashMap<usize, Version>,
    ) -> Self {
        let rules: Vec<Asking> = proposal
            .rules
            .iter()
            .map(|rule| (rule.canonical(), of_rule(rule, proposal.python).into_iter().collect()))
            .collect();
        let judged: HashMap<(usize, &str), &Judged> =
            judged.iter().map(|one| ((one.project, one.item.as_str()), one)).collect();
        let mut out = Self::default();
        let mut counted: HashMap<(usize, &str, &str), HashSet<Place<'_>>> = HashMap::new();
        for (i, hit) in evidence.hits.iter().enumerate() {
            let Some(judged) = judged.get(&(hit.project, hit.item.as_str())) else { continue };
            let asking = || rules.iter().filter(|(_, selectors)| is_asked(hit, selectors, limited));
            let sites = judged.sites.iter().filter(|site| site.origin == hit.origin && site.condition == hit.condition);
            // Hits that differ in their access alone share their sites: each is taken out of one of them.
            let gone = counted.entry((hit.project, hit.kind.as_str(), hit.item.as_str())).or_default();
            out.replay(i, hit, &asking().collect::<Vec<_>>(), &sites.collect::<Vec<_>>(), gone, evidence);
        }
        out.reviewed.sort_unstable();
        out.reviewed.dedup();
        out
    }

    fn replay<'j>(
        &mut self,
        place: usize,
        hit: &Hit,
        asking: &[&Asking],
        sites: &[&'j JudgedSite],
        gone: &mut HashSet<Place<'j>>,
        evidence: &Evidence,
    ) {
        let mut left = hit.clone();
        for site in sites {
            let is_out = is_out(site, asking);
            self.reviewed.extend(told(hit, site, asking, is_out, evidence));
            if is_out && left.sites > 0 && gone.insert((&site.place, site.column)) {
                left.sites -= 1;
            }
        }
        if left.sites == hit.sites {
            return;
        }
        if sites.iter().any(|site| site.place == hit.first_site && is_out(site, asking)) {
            let first = sites.iter().find(|site| !is_out(site, asking));
            left.first_site = first.map(|site| site.place.clone()).unwrap_or_default();
        }
        self.changed.insert(place);
        self.left.extend((left.sites > 0).then_some(left));
    }

    /// The hits that count.
    pub(super) fn hits<'h>(&'h self, evidence: &'h Evidence) -> impl Iterator<Item = &'h Hit> {
        let whole = evidence.hits.iter().enumerate().filter(|(i, _)| !self.changed.contains(i)).map(|(_, hit)| hit);
        whole.chain(&self.left)
    }
}

/// Whether each rule that asks for the site was judged to be wrong about it.
fn is_out(site: &JudgedSite, asking: &[&Asking]) -> bool {
    let is_wrong = |rule: &str| {
        site.reviews.iter().any(|review| review.rule == rule && review.verdict == Judgement::FalsePositive)
    };
    !asking.is_empty() && asking.iter().all(|(rule, _)| is_wrong(rule))
}

fn told(hit: &Hit, site: &JudgedSite, asking: &[&Asking], is_out: bool, evidence: &Evidence) -> Vec<Reviewed> {
    let Some(project) = evidence.projects.get(hit.project) else { return Vec::new() };
    let reviews = site.reviews.iter().filter(|review| asking.iter().any(|(rule, _)| *rule == review.rule));
    reviews
        .map(|review| Reviewed {
            name: project.name.to_string(),
            version: project.version.clone().unwrap_or_default(),
            place: site.place.clone(),
            item: hit.item.clone(),
            rule: review.rule.clone(),
            verdict: review.verdict,
            taken_out: is_out && review.verdict == Judgement::FalsePositive,
            reason: review.reason.clone(),
            by: review.by.clone(),
            on: review.on.clone(),
        })
        .collect()
}

#[cfg(test)]
mod tests;

//! Replaying reviews: which sites no longer count, and what was said about them.

use std::collections::{BTreeSet, HashMap, HashSet};

use serde::{Deserialize, Serialize};

use super::asked::AskedItems;
use crate::select::of_rule;
use crate::{Evidence, Hit, Judged, JudgedSite, Judgement, Proposal};

/// A site of the question with what somebody said about it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, schemars::JsonSchema)]
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
    /// By project the hits that lost sites, each with what is left of it.
    changed: HashMap<u32, Vec<(Hit, Option<Hit>)>>,
    /// What is left of them, each with its first site, `path:line`.
    left: Vec<(Hit, String)>,
    pub(super) reviewed: Vec<Reviewed>,
}

/// `path:line` and the column.
type Place<'j> = (&'j str, u32);

/// A rule with what it asks for.
type Asking<'l> = (String, AskedItems<'l>);

impl Replayed {
    pub(super) fn of(proposal: &Proposal, evidence: &Evidence, judged: &[Judged], limited: &HashSet<u32>) -> Self {
        let mut out = Self::default();
        if judged.is_empty() {
            return out;
        }
        let asked = |rule| AskedItems::of(&of_rule(rule, proposal.python).into_iter().collect(), evidence, limited);
        let rules: Vec<Asking<'_>> = proposal.rules.iter().map(|rule| (rule.canonical(), asked(rule))).collect();
        let judged: HashMap<(u32, &str), &Judged> =
            judged.iter().map(|one| ((one.project, one.item.as_str()), one)).collect();
        let mut counted: HashMap<(u32, u32), HashSet<Place<'_>>> = HashMap::new();
        let projects: BTreeSet<u32> = judged.keys().map(|(project, _)| *project).collect();
        for hit in projects.into_iter().flat_map(|project| evidence.hits.of(project)) {
            let Some(judged) = judged.get(&(hit.project, evidence.name(&hit))) else { continue };
            let asking: Vec<&Asking<'_>> = rules.iter().filter(|(_, asked)| asked.has(&hit)).collect();
            let (origin, condition) = (evidence.origin(&hit).class.as_str(), evidence.conditions.text(hit.condition));
            let sites = judged.sites.iter().filter(|site| site.origin == origin && site.condition == condition);
            // Hits that differ in their access alone share their sites: each is taken out of one of them.
            let gone = counted.entry((hit.project, hit.item)).or_default();
            out.replay(&hit, &asking, &sites.collect::<Vec<_>>(), gone, evidence);
        }
        out.reviewed.sort_unstable();
        out.reviewed.dedup();
        out
    }

    fn replay<'j>(
        &mut self,
        hit: &Hit,
        asking: &[&Asking<'_>],
        sites: &[&'j JudgedSite],
        gone: &mut HashSet<Place<'j>>,
        evidence: &Evidence,
    ) {
        let mut left = *hit;
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
        self.changed.entry(hit.project).or_default().push((*hit, (left.sites > 0).then_some(left)));
        if left.sites > 0 {
            let first = sites.iter().find(|site| !is_out(site, asking));
            self.left.push((left, first.map(|site| site.place.clone()).unwrap_or_default()));
        }
    }

    /// Takes out of a project's hits what was judged to be wrong.
    pub(super) fn apply(&self, project: u32, hits: &mut Vec<Hit>) {
        let Some(changed) = self.changed.get(&project) else { return };
        hits.retain_mut(|hit| match changed.iter().find(|(before, _)| before == hit) {
            Some((_, Some(left))) => {
                *hit = *left;
                true
            }
            Some((_, None)) => false,
            None => true,
        });
    }

    /// The first site that is left of a hit of which others were taken out.
    pub(super) fn first_site(&self, hit: &Hit) -> Option<&str> {
        self.left.iter().find(|(left, _)| left == hit).map(|(_, site)| site.as_str())
    }
}

/// Whether each rule that asks for the site was judged to be wrong about it.
fn is_out(site: &JudgedSite, asking: &[&Asking<'_>]) -> bool {
    let is_wrong = |rule: &str| {
        site.reviews.iter().any(|review| review.rule == rule && review.verdict == Judgement::FalsePositive)
    };
    !asking.is_empty() && asking.iter().all(|(rule, _)| is_wrong(rule))
}

fn told(hit: &Hit, site: &JudgedSite, asking: &[&Asking<'_>], is_out: bool, evidence: &Evidence) -> Vec<Reviewed> {
    let Some(project) = evidence.project(hit.project) else { return Vec::new() };
    let reviews = site.reviews.iter().filter(|review| asking.iter().any(|(rule, _)| *rule == review.rule));
    reviews
        .map(|review| Reviewed {
            name: project.name.to_string(),
            version: project.version.clone().unwrap_or_default(),
            place: site.place.clone(),
            item: evidence.name(hit).to_owned(),
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

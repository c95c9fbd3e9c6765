//! Evidence for the patterns of a proposal: searched for, as nothing of them is in memory.

use std::collections::HashMap;
use std::time::{Duration, Instant};

use whatif::{Evidence, Hit, Matches, Proposal, Rule, Searched, SourcePattern};

use crate::blocking::compute;
use crate::source_search::{MatchedLines, PatternFound};
use crate::{Error, Store};

/// Where the first line of a hit is, `path:line`.
#[derive(Debug, Clone, Default)]
pub(super) struct FirstLines(HashMap<[u32; 4], String>);

impl FirstLines {
    /// `None`: the hit is of no pattern.
    pub(super) fn of(&self, hit: &Hit) -> Option<&str> {
        self.0.get(&key(hit)).map(String::as_str)
    }
}

fn key(hit: &Hit) -> [u32; 4] {
    [hit.project, hit.item, hit.origin, hit.condition]
}

impl Store {
    /// Searches for the patterns of a proposal and adds what was found; they share the time.
    pub(super) async fn patterns_searched(
        &self,
        proposal: &Proposal,
        evidence: &mut Evidence,
        time: Duration,
    ) -> Result<FirstLines, Error> {
        let end = Instant::now() + time;
        let patterns = proposal.rules.iter().filter_map(|rule| match rule {
            Rule::Source(pattern) => Some(pattern),
            _ => None,
        });
        let patterns: Vec<&SourcePattern> = patterns.collect();
        let mut first_lines = FirstLines::default();
        for (left, pattern) in (1..=u32::try_from(patterns.len()).unwrap_or(1)).rev().zip(patterns) {
            let time = end.saturating_duration_since(Instant::now()) / left;
            let found = self.pattern_found(pattern.pattern(), time).await?;
            compute(|| first_lines.add(pattern, found, evidence));
        }
        Ok(first_lines)
    }
}

impl FirstLines {
    /// Only projects that were read count. A release that no longer stands for its project, or does not yet, is one that
    /// was not searched.
    fn add(&mut self, pattern: &SourcePattern, found: PatternFound, evidence: &mut Evidence) {
        let mut complete = found.complete;
        let (mut matches, mut places) = (Vec::new(), Vec::new());
        for MatchedLines { project, version, origin, condition, lines, first } in found.lines {
            let known = evidence.place(&project).and_then(|place| Some((place, evidence.project(place)?)));
            let Some((project, known)) = known.filter(|(_, known)| known.version.as_ref() == Some(&version)) else {
                complete = false;
                continue;
            };
            if known.scanned {
                matches.push(Matches { project, origin, condition, lines });
                places.push(first);
            }
        }
        let searched = Searched { pattern: pattern.clone(), projects: found.projects, complete };
        let hits = evidence.add_matches(searched, &matches);
        self.0.extend(hits.iter().map(key).zip(places));
    }
}

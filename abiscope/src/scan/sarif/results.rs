//! Results: one for each place, or, where there are too many, one for each item and file; and one for each contradiction.

use std::collections::BTreeMap;

use analyzer::{Certainty, Contradiction, Site, Use};
use capi::Target;

use super::model::{Fingerprints, Location, Outcome, Region, Rule, Text};
use super::rules;
use crate::scan::Scan;
use crate::scan::blockers::Blocker;
use crate::scan::source;

/// Characters of a line that are shown: generated ones can be very long.
const SHOWN: usize = 300;

type Blockers<'r> = [(Target, Vec<Blocker<'r>>)];

/// A result for each place.
pub fn by_site(blockers: &Blockers<'_>, scan: &Scan<'_>) -> Vec<Outcome> {
    numbered(blockers)
        .flat_map(|(index, target, blocker)| {
            blocker.places.iter().map(move |place| outcome(index, target, blocker, *place, None, scan))
        })
        .collect()
}

/// A result for each item and file, at the first place in it.
pub fn by_file(blockers: &Blockers<'_>, scan: &Scan<'_>) -> Vec<Outcome> {
    numbered(blockers)
        .flat_map(|(index, target, blocker)| {
            let mut files: BTreeMap<u32, ((&Use, Site), usize)> = BTreeMap::new();
            for place in &blocker.places {
                files.entry(place.1.file).or_insert((*place, 0)).1 += 1;
            }
            files.into_values().map(move |(place, count)| outcome(index, target, blocker, place, Some(count), scan))
        })
        .collect()
}

/// A result for each contradiction, at its first place; `rules` are all rules of the run.
pub fn of_contradictions(found: &[Contradiction], rules: &[Rule]) -> Vec<Outcome> {
    let result = |one: &Contradiction| {
        let rule_id = rules::contradiction_id(one.code);
        let changes = one.changes.iter().map(|change| format!(" Write in {}: {}", change.path, change.text));
        let places = one.places.iter().map(|place| Location::of(&place.path, Region::line(place.line)));
        Some(Outcome {
            rule_index: rules.iter().position(|rule| rule.id == rule_id)?,
            level: one.severity.as_str(),
            message: Text { text: one.explanation.clone() + &changes.collect::<String>() },
            locations: places.take(1).collect(),
            partial_fingerprints: Fingerprints::of(&format!("{rule_id}\0{}", one.explanation)),
            occurrence_count: None,
            rule_id,
        })
    };
    found.iter().filter_map(result).collect()
}

/// Blockers with the index of their rule.
fn numbered<'a, 'r>(blockers: &'a Blockers<'r>) -> impl Iterator<Item = (usize, Target, &'a Blocker<'r>)> {
    let all = blockers.iter().flat_map(|(target, all)| all.iter().map(move |blocker| (*target, blocker)));
    all.enumerate().map(|(index, (target, blocker))| (index, target, blocker))
}

fn outcome(
    index: usize,
    target: Target,
    blocker: &Blocker<'_>,
    (found, site): (&Use, Site),
    count: Option<usize>,
    scan: &Scan<'_>,
) -> Outcome {
    let path = scan.report.files.get(site.file as usize).map_or("", String::as_str);
    let line = scan.lines.line(path, site.line).unwrap_or_default();
    let shown = source::shown(line, site.column);
    let start = if line.is_empty() { site.column as usize } else { shown.column + 1 };
    let region = Region {
        start_line: site.line,
        start_column: Some(start),
        end_column: Some(start + found.name.chars().count()),
        snippet: (!line.is_empty()).then(|| Text { text: shown.shown.chars().take(SHOWN).collect() }),
    };
    Outcome {
        rule_id: rules::id(target, blocker),
        rule_index: index,
        level: if found.certainty == Certainty::Certain { "error" } else { "warning" },
        message: Text { text: message(blocker, target, count) },
        locations: vec![Location::of(path, region)],
        partial_fingerprints: Fingerprints::of(&format!("{}\0{path}\0{}", blocker.item, shown.shown.trim())),
        occurrence_count: count,
    }
}

fn message(blocker: &Blocker<'_>, target: Target, count: Option<usize>) -> String {
    let sentence = blocker.sentence(target);
    match count {
        Some(count) if count > 1 => format!("{sentence} ({count} places in this file.)"),
        _ => sentence,
    }
}

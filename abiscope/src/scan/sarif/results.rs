//! Results: one for each place, or, where there are too many, one for each item and file.

use std::collections::BTreeMap;

use analyzer::{Certainty, Site, Use};
use capi::Target;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use super::model::{Artifact, Fingerprints, Location, Outcome, Physical, Region, Text};
use super::rules;
use crate::scan::Scan;
use crate::scan::blockers::Blocker;
use crate::scan::source;

/// Characters of a line that are shown: generated ones can be very long.
const SHOWN: usize = 300;

/// What a path of a URI needs no escape for (RFC 3986, 3.3).
const PATH: &AsciiSet = &NON_ALPHANUMERIC.remove(b'/').remove(b'.').remove(b'-').remove(b'_').remove(b'~').remove(b'+');

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

/// Blockers with the index of their rule.
fn numbered<'a, 'r>(blockers: &'a Blockers<'r>) -> impl Iterator<Item = (usize, Target, &'a Blocker<'r>)> {
    blockers
        .iter()
        .flat_map(|(target, all)| all.iter().map(move |blocker| (*target, blocker)))
        .enumerate()
        .map(|(index, (target, blocker))| (index, target, blocker))
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
    let fingerprint = format!("{}\0{path}\0{}", blocker.item, shown.shown.trim());
    Outcome {
        rule_id: rules::id(target, blocker),
        rule_index: index,
        level: if found.certainty == Certainty::Certain { "error" } else { "warning" },
        message: Text { text: message(blocker, target, count) },
        locations: vec![Location {
            physical_location: Physical {
                artifact_location: Artifact {
                    uri: utf8_percent_encode(path, PATH).to_string(),
                    uri_base_id: "%SRCROOT%",
                },
                region: Region {
                    start_line: site.line,
                    start_column: start,
                    end_column: start + found.name.chars().count(),
                    snippet: (!line.is_empty()).then(|| Text { text: shown.shown.chars().take(SHOWN).collect() }),
                },
            },
        }],
        partial_fingerprints: Fingerprints {
            line: format!("{:016x}", xxhash_rust::xxh3::xxh3_64(fingerprint.as_bytes())),
        },
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

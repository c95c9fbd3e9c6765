//! `--format sarif`: SARIF 2.1.0 for code scanning, one run for each PATH.
//!
//! The model is our own (see `model`): the crate for it builds itself with a generator and parsers that nobody keeps any
//! more, and we write a dozen of its hundred types. Tests hold every output against the published schema.

mod model;
mod results;
mod rules;
#[cfg(test)]
mod tests;

use std::io::{self, Write};

use super::Scan;
use super::blockers;

/// Results that a run has at most; with more, each item has one result for each file it is in. (Services that take SARIF
/// show no more, and refuse larger files.)
const MOST: usize = 5_000;

/// Before the first run.
pub const HEAD: &[u8] =
    br#"{"$schema":"https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json","version":"2.1.0","runs":["#;

/// Between two runs.
pub const BETWEEN: &[u8] = b",\n";

/// After the last run.
pub const FOOT: &[u8] = b"]}\n";

/// Writes one run. Returns what there is to complain about: that results were brought together.
pub fn write(scan: &Scan<'_>, out: &mut impl Write) -> io::Result<Option<String>> {
    let blockers: Vec<_> =
        scan.listed.iter().map(|&target| (target, blockers::of(scan.report, target, scan.on))).collect();
    let sites: usize = blockers.iter().flat_map(|(_, all)| all).map(|blocker| blocker.places.len()).sum();
    let (results, merged) = if sites > MOST {
        let merged = format!(
            "{sites} places are more than code scanning takes: each item has one result for each file it is in"
        );
        (results::by_file(&blockers, scan), Some(merged))
    } else {
        (results::by_site(&blockers, scan), None)
    };
    let run = model::Run::new(scan.report, rules::of(&blockers), results, merged.as_deref());
    serde_json::to_writer(&mut *out, &run)?;
    Ok(merged)
}

/// Writes the run of a PATH that could not be read.
pub fn write_problem(name: &str, reason: &str, out: &mut impl Write) -> io::Result<()> {
    Ok(serde_json::to_writer(&mut *out, &model::Run::failed(name, reason))?)
}

//! JSON Lines: a record for each site, problem and verdict, and a summary at the end.

use std::collections::BTreeMap;
use std::io::{self, Write};
use std::time::Duration;

use analyzer::{Report, StructureCounts, TreeFacts};
use serde::Serialize;

use super::Scan;

/// The last record of an input.
#[derive(Serialize)]
struct Summary<'a> {
    sdist: &'a str,
    kind: &'static str,
    schema_version: u32,
    analyzer_version: &'a str,
    capi_version: &'a str,
    tree: &'a TreeFacts,
    /// Sites by kind of finding.
    counts: BTreeMap<&'static str, u64>,
    floor: Option<capi::Target>,
    unresolved: &'a BTreeMap<String, u64>,
    structures: &'a BTreeMap<String, StructureCounts>,
    seconds: f64,
}

/// Writes the records of one report.
pub fn write(scan: &Scan<'_>, out: &mut impl Write) -> io::Result<()> {
    for record in analyzer::records(scan.report, scan.on) {
        line(&record, out)?;
    }
    line(&summary(scan.report, scan.took), out)
}

/// Writes the one record of an input that could not be read.
pub fn write_problem(sdist: &str, message: &str, out: &mut impl Write) -> io::Result<()> {
    line(&serde_json::json!({"sdist": sdist, "kind": "problem", "message": message}), out)
}

fn line(record: &impl Serialize, out: &mut impl Write) -> io::Result<()> {
    serde_json::to_writer(&mut *out, record)?;
    out.write_all(b"\n")
}

fn summary(report: &Report, took: Duration) -> Summary<'_> {
    let mut counts = BTreeMap::new();
    for found in &report.uses {
        *counts.entry(found.kind.as_str()).or_default() += found.sites.len() as u64;
    }
    Summary {
        sdist: &report.sdist,
        kind: "summary",
        schema_version: report.schema_version,
        analyzer_version: &report.analyzer_version,
        capi_version: &report.capi_version,
        tree: &report.tree,
        counts,
        floor: report.floor,
        unresolved: &report.unresolved,
        structures: &report.structures,
        seconds: took.as_secs_f64(),
    }
}

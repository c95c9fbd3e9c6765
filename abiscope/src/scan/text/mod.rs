//! The report for people: verdicts, blockers with what to write instead, and where the first of them are.

mod blockers;
mod headline;
mod snippets;

use std::io::{self, Write};
use std::time::Duration;

use analyzer::{Report, SourceTree};
use capi::{Target, Version};

use crate::output::DIM;

/// The target whose blockers are listed: nothing is missing from it but what no level has.
const LISTED: Target = Target::Abi3(Version::NEWEST);

/// Writes the report of one sdist or folder.
pub fn write(report: &Report, tree: &SourceTree, took: Duration, out: &mut impl Write) -> io::Result<()> {
    headline::write(report, took, out)?;
    let blockers = blockers::of(report, LISTED);
    if !blockers.is_empty() {
        writeln!(out)?;
        blockers::write(&blockers, LISTED, out)?;
        writeln!(out)?;
        snippets::write(&blockers, report, tree, out)?;
    }
    for problem in &report.problems {
        let path = problem.path.as_deref().map_or_else(String::new, |path| format!("{path}: "));
        writeln!(out, "{DIM}note: {path}{}{DIM:#}", problem.message)?;
    }
    writeln!(out, "{DIM}every site: --format jsonl · the whole report: --format json{DIM:#}\n")
}

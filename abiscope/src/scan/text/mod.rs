//! The report for people: verdicts, blockers with what to write instead, and where the first of them are.

mod contradictions;
mod headline;
mod snippets;
mod structures;
mod table;
mod tools;

use std::io::{self, Write};

use super::Scan;
use super::blockers;
use crate::output::DIM;

/// Writes the report of one sdist or folder.
pub fn write(scan: &Scan<'_>, out: &mut impl Write) -> io::Result<()> {
    headline::write(scan, out)?;
    tools::write(scan, out)?;
    contradictions::write(&scan.report.contradictions(None), out)?;
    for &target in scan.listed {
        let blockers = blockers::of(scan.report, target, scan.on);
        if blockers.is_empty() {
            continue;
        }
        writeln!(out)?;
        table::write(&blockers, target, out)?;
        writeln!(out)?;
        snippets::write(&blockers, target, scan, out)?;
    }
    for problem in &scan.report.problems {
        let path = problem.path.as_deref().map_or_else(String::new, |path| format!("{path}: "));
        writeln!(out, "{DIM}note: {path}{}{DIM:#}", problem.message)?;
    }
    next_step(scan, out)
}

/// What to do next, with a name from this very report.
fn next_step(scan: &Scan<'_>, out: &mut impl Write) -> io::Result<()> {
    let first = scan.listed.iter().find_map(|&target| {
        let known = |blocker: &blockers::Blocker<'_>| capi::explain(&blocker.item).is_some();
        blockers::of(scan.report, target, scan.on).into_iter().find(known)
    });
    let explain = first.map_or_else(|| "abi3".to_owned(), |blocker| blocker.item);
    writeln!(
        out,
        "{DIM}what an item is: abiscope explain {explain} · every site: --format jsonl · for code scanning: --format sarif{DIM:#}\n"
    )
}

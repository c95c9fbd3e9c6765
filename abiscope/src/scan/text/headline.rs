//! The first lines: what was read, and the verdicts.

use std::io::{self, Write};
use std::time::Duration;

use analyzer::{Abi, Kind, OriginClass, Outcome, Report, Use, Verdict};
use capi::Role;

use crate::output::{self, BOLD, outcome_style, outcome_words};
use crate::scan::Scan;

use super::structures;

/// Writes what was read and one line for each target asked about.
pub fn write(scan: &Scan<'_>, out: &mut impl Write) -> io::Result<()> {
    let report = scan.report;
    let name = scan.name();
    let files = output::counted(report.tree.native_files, "native file");
    writeln!(out, "{BOLD}{name}{BOLD:#} · {files} · {} · scanned in {}", origins(report), duration(scan.took))?;
    let width = scan.targets.iter().map(|target| target.to_string().len()).max().unwrap_or(0);
    for &target in scan.targets {
        let Some(verdict) = report.verdicts.iter().find(|verdict| verdict.target == target) else { continue };
        let remark = match verdict.verdict {
            // The tool says it for every level.
            Outcome::ToolBlocks => String::new(),
            _ if target.is_free_threaded() => port_words(report),
            _ => floor_words(report),
        };
        let (style, words) = (outcome_style(verdict.verdict), outcome_words(verdict.verdict));
        let line = format!("{:<width$}  {style}{words:<19}{style:#} {}", target.to_string(), line(verdict, &remark));
        writeln!(out, "{}", line.trim_end())?;
    }
    for abi in [Abi::Abi3, Abi::Abi3t] {
        if let Some(intent) = analyzer::intent(&report.declarations, abi) {
            writeln!(out, "{:<width$}  {intent}", "declared")?;
        }
    }
    structures::write(scan, width, out)
}

fn line(verdict: &Verdict, remark: &str) -> String {
    match verdict.verdict {
        Outcome::Undecided => {
            verdict.undecided.iter().map(|u| format!("{} ({})", u.reason, u.count)).collect::<Vec<_>>().join(", ")
        }
        Outcome::Pure => "no native source".to_owned(),
        Outcome::NoBlocker | Outcome::Blocked | Outcome::ToolBlocks => remark.to_owned(),
    }
}

fn floor_words(report: &Report) -> String {
    match report.floor {
        Some(floor) => format!("from {floor} on"),
        None => "no floor: every level has a blocker".to_owned(),
    }
}

/// What has to be rewritten for the free-threaded stable ABI (PEP 803).
fn port_words(report: &Report) -> String {
    let is_head = |u: &Use| capi::role(&u.name).is_some_and(|named| named.role == Role::ObjectHead);
    let count = |kind| -> u64 {
        let counted = report.uses.iter().filter(|u| u.kind == kind && u.origin.class != OriginClass::TestOrDoc);
        counted.filter(|u| kind != Kind::Layout || is_head(u)).map(|u| u.sites.len() as u64).sum()
    };
    let parts = [
        (count(Kind::Layout), "object head"),
        (count(Kind::StaticType), "static type"),
        (count(Kind::ModuleDef), "module definition"),
    ];
    parts.iter().filter(|(n, _)| *n > 0).map(|(n, noun)| output::counted(*n, noun)).collect::<Vec<_>>().join(", ")
}

fn origins(report: &Report) -> String {
    let mut classes: Vec<OriginClass> = report.uses.iter().map(|u| u.origin.class).collect();
    classes.sort_unstable();
    classes.dedup();
    if classes.is_empty() {
        return "no C API use".to_owned();
    }
    let words = classes.iter().map(|class| match class {
        OriginClass::Own => "own code",
        OriginClass::Generated => "generated code",
        OriginClass::Vendored => "vendored code",
        OriginClass::TestOrDoc => "tests",
    });
    words.collect::<Vec<_>>().join(", ")
}

fn duration(took: Duration) -> String {
    match took.as_millis() {
        0 => "under 1 ms".to_owned(),
        ms if ms < 1_000 => format!("{ms} ms"),
        _ => format!("{:.1} s", took.as_secs_f64()),
    }
}

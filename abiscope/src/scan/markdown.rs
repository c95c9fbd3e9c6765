//! `--format markdown`: a report to paste into an issue or a pull request.

use std::io::{self, Write};

use analyzer::{Abi, Change, Outcome, Report};
use capi::Target;

use super::Scan;
use super::blockers::{self, Blocker};
use crate::output::{counted, outcome_words};

/// Places listed for each item.
const PLACES: usize = 5;

/// Writes the report of one sdist or folder.
pub fn write(scan: &Scan<'_>, out: &mut impl Write) -> io::Result<()> {
    let report = scan.report;
    writeln!(out, "## {}\n", escaped(&scan.name()))?;
    writeln!(out, "| target | verdict | blockers |\n| --- | --- | ---: |")?;
    for &target in scan.targets {
        if let Some(verdict) = report.verdicts.iter().find(|verdict| verdict.target == target) {
            let words = outcome_words(verdict.verdict);
            let count = blockers::of(report, target, scan.on).len();
            writeln!(out, "| `{target}` | {words}{} | {count} |", reasons(verdict))?;
        }
    }
    declared(report, out)?;
    for (remedy, target) in scan.blocking_tools() {
        let seen = format!("{} {}", remedy.tool, remedy.seen.join(", "));
        writeln!(out, "\n`{}` blocks `{target}`: {}.", code(seen.trim_end()), escaped(remedy.advice))?;
    }
    for &target in scan.listed {
        let blockers = blockers::of(report, target, scan.on);
        if !blockers.is_empty() {
            table(&blockers, target, report, out)?;
        }
    }
    for problem in &report.problems {
        let path = problem.path.as_deref().map_or_else(String::new, |path| format!("`{}`: ", code(path)));
        writeln!(out, "\n> {path}{}", escaped(&problem.message))?;
    }
    writeln!(
        out,
        "\nabiscope {}, analyzer {}, C-API data {}. “No blocker found” is no promise that the extension builds.\n",
        env!("CARGO_PKG_VERSION"),
        report.analyzer_version,
        report.capi_version
    )
}

/// What the project says it builds, and what of it does not fit together.
fn declared(report: &Report, out: &mut impl Write) -> io::Result<()> {
    for intent in [Abi::Abi3, Abi::Abi3t].iter().filter_map(|abi| analyzer::intent(&report.declarations, *abi)) {
        writeln!(out, "\nDeclared: {}.", escaped(&intent.to_string()))?;
    }
    for found in report.contradictions(None) {
        let places: Vec<String> = found.places.iter().map(|place| format!("`{}`", code(&place.to_string()))).collect();
        let (severity, explanation) = (found.severity.as_str(), escaped(&found.explanation));
        writeln!(out, "\n**{severity}** `{}` {}: {explanation}", found.code, places.join(", "))?;
        for Change { path, line, text } in &found.changes {
            let line = line.map_or_else(String::new, |line| format!(", line {line}"));
            writeln!(out, "\nIn `{}`{line}:\n", code(path))?;
            text.lines().try_for_each(|line| writeln!(out, "    {line}"))?;
        }
    }
    Ok(())
}

fn reasons(verdict: &analyzer::Verdict) -> String {
    if verdict.verdict != Outcome::Undecided {
        return String::new();
    }
    let reasons: Vec<&str> = verdict.undecided.iter().map(|open| open.reason.as_str()).collect();
    format!(": {}", reasons.join(", "))
}

fn table(blockers: &[Blocker<'_>], target: Target, report: &Report, out: &mut impl Write) -> io::Result<()> {
    writeln!(out, "\n### {} for `{target}`\n", counted(blockers.len() as u64, "blocker"))?;
    writeln!(out, "| item | sites | instead | since | where |\n| --- | ---: | --- | --- | --- |")?;
    for blocker in blockers {
        let (instead, since) = blocker.advice();
        let instead = match (&blocker.limited_since, instead.is_empty()) {
            (None, false) => {
                instead.split(" or ").map(|name| format!("`{}`", code(name))).collect::<Vec<_>>().join(" or ")
            }
            _ => instead,
        };
        writeln!(
            out,
            "| `{}` | {} | {instead} | {since} | {} |",
            code(&blocker.label()),
            blocker.places.len(),
            places(blocker, report)
        )?;
    }
    Ok(())
}

fn places(blocker: &Blocker<'_>, report: &Report) -> String {
    let shown = blocker.places.iter().take(PLACES).filter_map(|(_, site)| {
        let path = report.files.get(site.file as usize)?;
        Some(format!("`{}:{}`", code(path), site.line))
    });
    let shown: Vec<String> = shown.collect();
    match blocker.places.len() - shown.len() {
        0 => shown.join(", "),
        more => format!("{}, … {more} more", shown.join(", ")),
    }
}

/// Text outside of code: what Markdown and its HTML would read is escaped.
fn escaped(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '<' => safe.push_str("&lt;"),
            '&' => safe.push_str("&amp;"),
            '\n' | '\r' => safe.push(' '),
            '\\' | '`' | '*' | '_' | '[' | ']' | '|' | '#' => safe.extend(['\\', c]),
            c => safe.push(c),
        }
    }
    safe
}

/// Text inside a code span of a table: what would end either is replaced.
fn code(text: &str) -> String {
    text.replace('`', "'").replace('|', "\\|").replace(['\n', '\r'], " ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scan::samples;

    #[test]
    fn names_that_an_archive_gave_cannot_make_markup() {
        assert_eq!(escaped("a<b>|`x`_"), "a&lt;b>\\|\\`x\\`\\_");
        assert_eq!(code("a`|b\n"), "a'\\|b ");
    }

    #[test]
    fn every_row_has_five_cells_and_names_its_places() {
        let source = "#include <Python.h>\nvoid f(PyObject *o) { PyTuple_SET_ITEM(o, 0, o); }\n";
        let (tree, report) = (samples::tree(source), samples::report(source));
        let mut out = Vec::new();
        write(&Scan::sample(&report, &tree), &mut out).expect("in memory");
        let text = String::from_utf8(out).expect("UTF-8");
        let row = text.lines().find(|line| line.contains("PyTuple_SET_ITEM")).expect("a row");
        assert_eq!(row, "| `PyTuple_SET_ITEM` | 1 | `PyTuple_SetItem` | 3.2 | `demo.c:2` |");
    }
}

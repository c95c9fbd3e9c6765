//! What was found, on a terminal: by project and file, the sums at the end.

use std::io::{self, Write};

use ::search::Pattern;
use anstyle::{AnsiColor, Style};
use store::{SourceFound, SourceHit};

use crate::output::{self, BOLD, DIM};

const PATH: Style = AnsiColor::Magenta.on_default();
const NUMBER: Style = AnsiColor::Green.on_default();
const MATCH: Style = AnsiColor::Red.on_default().bold();

/// Writes the hits, or only how many each project has; then the sums.
pub fn write(found: &SourceFound, pattern: &Pattern, count: bool, out: &mut impl Write) -> io::Result<()> {
    if count {
        counts(found, out)?;
    } else {
        hits(found, pattern, out)?;
    }
    sums(found, count, out)
}

fn counts(found: &SourceFound, out: &mut impl Write) -> io::Result<()> {
    let width = found.projects.iter().map(|row| row.project.as_str().len()).max().unwrap_or(0);
    for row in &found.projects {
        let name = row.project.as_str();
        writeln!(
            out,
            "{:>9}  {BOLD}{name:<width$}{BOLD:#} {}",
            output::grouped(row.lines),
            output::harmless(&row.version)
        )?;
    }
    Ok(())
}

fn hits(found: &SourceFound, pattern: &Pattern, out: &mut impl Write) -> io::Result<()> {
    for of_project in found.hits.chunk_by(|one, other| one.project == other.project) {
        let Some(first) = of_project.first() else { continue };
        let sums = found.projects.iter().find(|row| row.project == first.project);
        let lines = sums.map_or(0, |row| row.lines);
        writeln!(
            out,
            "{BOLD}{} {}{BOLD:#} {DIM}{}{DIM:#}",
            first.project,
            output::harmless(&first.version),
            output::counted(lines, "line")
        )?;
        for of_file in of_project.chunk_by(|one, other| one.path == other.path) {
            writeln!(out, "{PATH}{}{PATH:#}", output::harmless(&of_file[0].path))?;
            file(of_file, pattern, out)?;
        }
        writeln!(out)?;
    }
    Ok(())
}

fn file(hits: &[SourceHit], pattern: &Pattern, out: &mut impl Write) -> io::Result<()> {
    for (at, hit) in hits.iter().enumerate() {
        let has_context = !hit.before.is_empty() || !hit.after.is_empty();
        if has_context && at > 0 {
            writeln!(out, "{DIM}--{DIM:#}")?;
        }
        let first = hit.line.saturating_sub(u32::try_from(hit.before.len()).unwrap_or(0));
        (first..).zip(&hit.before).try_for_each(|(number, line)| writeln!(out, "{DIM}{number}-{DIM:#}{line}"))?;
        writeln!(out, "{NUMBER}{}{NUMBER:#}:{}", hit.line, marked(&hit.text, pattern))?;
        (hit.line + 1..).zip(&hit.after).try_for_each(|(number, line)| writeln!(out, "{DIM}{number}-{DIM:#}{line}"))?;
    }
    Ok(())
}

/// The line with its first match marked.
fn marked(text: &str, pattern: &Pattern) -> String {
    match pattern.marked(text) {
        [line, "", ""] => line.to_owned(),
        [before, hit, after] => format!("{before}{MATCH}{hit}{MATCH:#}{after}"),
    }
}

fn sums(found: &SourceFound, count: bool, out: &mut impl Write) -> io::Result<()> {
    let projects = found.projects.len() as u64;
    writeln!(
        out,
        "{BOLD}{}{BOLD:#} in {} of {}, among {} searched",
        output::counted(found.lines, "line"),
        output::counted(found.files, "file"),
        output::counted(projects, "project"),
        output::grouped(found.searched),
    )?;
    let shown = found.hits.len() as u64;
    if !count && shown < found.lines {
        writeln!(out, "The first {} are shown: --limit shows more, --count only counts.", output::grouped(shown))?;
    }
    if !found.complete {
        writeln!(out, "The time was over before all was searched: counts are lower bounds (--timeout gives it more).")?;
    }
    if !found.selective {
        writeln!(out, "{DIM}No three characters in a row are in every match, so all sources were read.{DIM:#}")?;
    }
    Ok(())
}

//! An answer on a terminal.

use std::io::{self, Write};

use ::whatif::{Answer, Row, Status, formats};
use anstyle::{AnsiColor, Style};

use crate::output::{self, BOLD, DIM};

/// Writes the sums, then one line a project.
pub fn write(answer: &Answer, out: &mut impl Write) -> io::Result<()> {
    let title = if answer.title.is_empty() { "What if" } else { &answer.title };
    writeln!(out, "{BOLD}{}{BOLD:#}", output::harmless(title))?;
    let width = output::width().min(110);
    for sentence in formats::sentences(answer) {
        output::wrapped(&sentence, width).iter().try_for_each(|line| writeln!(out, "{line}"))?;
    }
    let name = answer.rows.iter().map(|row| row.name.chars().count()).max().unwrap_or(0).clamp(7, 30);
    let version = answer.rows.iter().map(|row| row.version.chars().count()).max().unwrap_or(0).clamp(7, 14);
    if !answer.rows.is_empty() {
        let (status, project, release, own, others) = ("status", "project", "release", "own sites", "others'");
        let head = format!("{status:<11} {project:<name$} {release:<version$} {own:>9} {others:>8}");
        writeln!(out, "\n{DIM}{head}{DIM:#}")?;
    }
    for row in &answer.rows {
        let style = style(row.status);
        let (project, release) = (output::harmless(&row.name), output::harmless(&row.version));
        let (own, others) = (counted(row.own_sites()), counted(row.sites.values().sum::<i64>() - row.own_sites()));
        writeln!(
            out,
            "{style}{:<11}{style:#} {project:<name$} {release:<version$} {own:>9} {others:>8}  {}",
            row.status.as_str(),
            remark(row)
        )?;
    }
    writeln!(out, "\n{DIM}to paste: --format rst, --format markdown · for programs: --format json, --format csv{DIM:#}")
}

/// Sites; nothing where there are none.
fn counted(sites: i64) -> String {
    if sites == 0 { String::new() } else { output::grouped(sites.unsigned_abs()) }
}

/// What solves it, or where to look first.
fn remark(row: &Row) -> String {
    let places = [row.solved.clone(), Some(row.first_site.clone()).filter(|place| !place.is_empty())];
    let places: Vec<String> = places.into_iter().flatten().map(|place| output::harmless(&place)).collect();
    places.join(" · ")
}

const fn style(status: Status) -> Style {
    match status {
        Status::Affected => AnsiColor::Red.on_default(),
        Status::Unresolved => AnsiColor::Yellow.on_default(),
        Status::Vendored | Status::Regenerate => AnsiColor::Magenta.on_default(),
        Status::Guarded | Status::Fixed => AnsiColor::Green.on_default(),
    }
}

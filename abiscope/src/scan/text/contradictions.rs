//! What the project says in two places that does not fit together, with the lines to write.

use std::io::{self, Write};

use analyzer::{Certainty, Change, Contradiction, Severity};
use anstyle::{AnsiColor, Style};

use crate::output::{self, BOLD, DIM};

/// Columns before the explanation.
const INDENT: usize = 4;

/// Writes each of them: what is wrong, where, and what to write instead.
pub fn write(found: &[Contradiction], out: &mut impl Write) -> io::Result<()> {
    if found.is_empty() {
        return Ok(());
    }
    writeln!(out, "\n {BOLD}{}{BOLD:#}", output::counted(found.len() as u64, "contradiction"))?;
    found.iter().try_for_each(|one| contradiction(one, out))
}

fn contradiction(found: &Contradiction, out: &mut impl Write) -> io::Result<()> {
    let style = style(found.severity);
    let probable = if found.certainty == Certainty::Probable { ", probably" } else { "" };
    let places: Vec<String> = found.places.iter().map(ToString::to_string).collect();
    let (severity, code, places) = (found.severity.as_str(), found.code, places.join(", "));
    writeln!(out, " {style}{severity}{style:#} {code}{probable}  {DIM}{places}{DIM:#}")?;
    let width = output::width().min(100).saturating_sub(INDENT);
    for line in output::wrapped(&found.explanation, width) {
        writeln!(out, "{:INDENT$}{line}", "")?;
    }
    found.changes.iter().try_for_each(|one| change(one, out))
}

fn change(Change { path, line, text }: &Change, out: &mut impl Write) -> io::Result<()> {
    match line {
        Some(line) => writeln!(out, "{:INDENT$}{DIM}in {path}, line {line}:{DIM:#}", "")?,
        None => writeln!(out, "{:INDENT$}{DIM}add to {path}:{DIM:#}", "")?,
    }
    let added = AnsiColor::Green.on_default();
    text.lines().try_for_each(|line| writeln!(out, "{:INDENT$}{added}+ {line}{added:#}", ""))
}

const fn style(severity: Severity) -> Style {
    match severity {
        Severity::Error => AnsiColor::Red.on_default(),
        Severity::Warning => AnsiColor::Yellow.on_default(),
        Severity::Note => Style::new().dimmed(),
    }
}

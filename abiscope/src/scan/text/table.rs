//! The table of blockers: item, sites, what to write instead, and since when.

use std::io::{self, Write};

use capi::Target;

use crate::output::{self, BOLD, DIM};
use crate::scan::blockers::Blocker;

/// Rows of the table; the rest is counted.
const ROWS: usize = 20;

/// The head of the last column.
const SINCE: &str = "since";

/// One line.
struct Row {
    label: String,
    sites: String,
    instead: String,
    since: String,
}

/// Writes the table.
pub fn write(blockers: &[Blocker<'_>], target: Target, out: &mut impl Write) -> io::Result<()> {
    let rows: Vec<Row> = blockers.iter().take(ROWS).map(row).collect();
    let width = rows.iter().map(|row| row.label.chars().count()).max().unwrap_or(0).max(24);
    let room = output::width().saturating_sub(width + 11 + SINCE.len()).max(20);
    let wide = rows.iter().map(|row| row.instead.chars().count()).max().unwrap_or(0).clamp(7, room);
    let head = format!("{} for {target}", output::counted(blockers.len() as u64, "blocker"));
    writeln!(out, " {BOLD}{head:<width$}  sites  {:<wide$}  {SINCE}{BOLD:#}", "instead")?;
    for Row { label, sites, instead, since } in &rows {
        let line = format!(" {label:<width$}  {sites:>5}  {:<wide$}  {since}", cut(instead, wide));
        writeln!(out, "{}", line.trim_end())?;
    }
    match blockers.len() - rows.len() {
        0 => Ok(()),
        hidden => writeln!(out, " {DIM}… and {hidden} more{DIM:#}"),
    }
}

fn row(blocker: &Blocker<'_>) -> Row {
    let (instead, since) = blocker.advice();
    Row { label: blocker.label(), sites: sites(blocker), instead, since }
}

fn sites(blocker: &Blocker<'_>) -> String {
    match blocker.places.len() {
        0 => "–".to_owned(),
        sites => output::grouped(sites as u64),
    }
}

/// The text, or its beginning and an ellipsis.
fn cut(text: &str, width: usize) -> String {
    if text.chars().count() <= width {
        return text.to_owned();
    }
    text.chars().take(width - 1).chain(['…']).collect()
}

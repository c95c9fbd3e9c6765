//! Where the blockers are: the line of the first site of each, with a caret and what to do about it.

use std::io::{self, Write};

use analyzer::{Site, Use};
use anstyle::AnsiColor;
use capi::Target;

use crate::output::{self, DIM};
use crate::scan::Scan;
use crate::scan::blockers::Blocker;
use crate::scan::source::{self, Line};

/// Snippets printed.
const SHOWN: usize = 6;
/// Columns before the source line.
const INDENT: usize = 4;

/// Writes the first site of the first blockers.
pub fn write(blockers: &[Blocker<'_>], target: Target, scan: &Scan<'_>, out: &mut impl Write) -> io::Result<()> {
    let shown = blockers.iter().filter_map(|blocker| Some((blocker, blocker.places.first()?))).take(SHOWN);
    for (blocker, (found, site)) in shown {
        snippet(scan, *site, found, &blocker.sentence(target), out)?;
    }
    writeln!(out)
}

/// When it is compiled, if not always.
fn when(found: &Use) -> String {
    if found.condition.is_always() {
        return String::new();
    }
    format!("  {}", found.condition.words())
}

fn snippet(scan: &Scan<'_>, site: Site, found: &Use, sentence: &str, out: &mut impl Write) -> io::Result<()> {
    let Some(path) = scan.report.files.get(site.file as usize) else {
        return Ok(());
    };
    writeln!(out, "{DIM}{path}:{}:{}{}{DIM:#}", site.line, site.column, when(found))?;
    let Some(line) = scan.lines.line(path, site.line) else {
        return writeln!(out, "{:INDENT$}{sentence}", "");
    };
    let Line { shown, offset, .. } = source::shown(line, site.column);
    let room = output::width().saturating_sub(INDENT);
    writeln!(out, "{:INDENT$}{}", "", shown.chars().take(room).collect::<String>())?;
    let offset = if offset < room { offset } else { 0 };
    let style = AnsiColor::Red.on_default().bold();
    let carets = "^".repeat(found.name.chars().count().clamp(1, room - offset));
    // Beside the caret where there is room, else below it.
    if offset + carets.len() + 1 + sentence.chars().count() <= room {
        return writeln!(out, "{:INDENT$}{:offset$}{style}{carets}{style:#} {sentence}", "", "");
    }
    writeln!(out, "{:INDENT$}{:offset$}{style}{carets}{style:#}", "", "")?;
    output::wrapped(sentence, room).iter().try_for_each(|line| writeln!(out, "{:INDENT$}{line}", ""))
}

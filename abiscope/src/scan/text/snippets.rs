//! Where the blockers are: the line of the first site of each, with a caret.

use std::io::{self, Write};

use analyzer::{Report, Site, SourceTree};
use anstyle::AnsiColor;

use super::blockers::Blocker;
use crate::output::{self, DIM};

/// Snippets printed.
const SHOWN: usize = 6;
/// Columns before the source line.
const INDENT: usize = 4;

/// Writes the first site of the first blockers.
pub fn write(blockers: &[Blocker<'_>], report: &Report, tree: &SourceTree, out: &mut impl Write) -> io::Result<()> {
    for blocker in blockers.iter().take(SHOWN) {
        let Some((first, name)) = blocker.uses.first().and_then(|u| Some((u.sites.first()?, &u.name))) else {
            continue;
        };
        snippet(report, tree, *first, name, out)?;
    }
    writeln!(out)
}

fn snippet(report: &Report, tree: &SourceTree, site: Site, name: &str, out: &mut impl Write) -> io::Result<()> {
    let Some(path) = report.files.get(site.file as usize) else {
        return Ok(());
    };
    writeln!(out, "{DIM}{path}:{}:{}{DIM:#}", site.line, site.column)?;
    let Some(line) = line_of(tree, path, site.line) else {
        return Ok(());
    };
    let column = (site.column as usize).saturating_sub(1).min(line.len());
    let (before, rest) = line.split_at(column);
    let indent = before.len() - before.trim_ascii_start().len();
    let shown: String = printable(&before[indent..]) + &printable(rest);
    let room = output::width().saturating_sub(INDENT);
    let shown: String = shown.chars().take(room).collect();
    writeln!(out, "{:INDENT$}{shown}", "")?;
    let offset = printable(&before[indent..]).chars().count();
    if offset < room {
        let style = AnsiColor::Red.on_default().bold();
        let carets = "^".repeat(name.chars().count().max(1).min(room - offset));
        writeln!(out, "{:INDENT$}{:offset$}{style}{carets}{style:#}", "", "")?;
    }
    Ok(())
}

fn line_of<'a>(tree: &'a SourceTree, path: &str, line: u32) -> Option<&'a [u8]> {
    let at = tree.files.binary_search_by(|file| file.path.as_str().cmp(path)).ok()?;
    let line = tree.files[at].bytes.split(|&byte| byte == b'\n').nth(line.checked_sub(1)? as usize)?;
    Some(line.strip_suffix(b"\r").unwrap_or(line))
}

/// Text that is safe to print: tabs as spaces, control and bidirectional characters made visible.
fn printable(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes)
        .chars()
        .map(|c| match c {
            '\t' => ' ',
            c if c.is_control() || is_bidi(c) => '\u{fffd}',
            c => c,
        })
        .collect()
}

fn is_bidi(c: char) -> bool {
    matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_could_steer_the_terminal_is_made_visible() {
        assert_eq!(printable(b"a\tb"), "a b");
        assert_eq!(printable("x\u{1b}[31m\u{202e}y".as_bytes()), "x\u{fffd}[31m\u{fffd}y");
        assert_eq!(printable(b"\xff"), "\u{fffd}");
    }
}

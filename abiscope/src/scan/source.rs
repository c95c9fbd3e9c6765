//! Lines of the scanned sources, made fit to print.

use std::cell::OnceCell;

use analyzer::SourceTree;

/// A line without its indentation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// Safe to print.
    pub shown: String,
    /// Characters of it before the column asked about.
    pub offset: usize,
    /// Characters of the whole line before that column: the column in characters, from 0.
    pub column: usize,
}

/// The lines of a tree, found in constant time: each file that is asked about is gone through once.
#[derive(Debug)]
pub struct Lines<'t> {
    tree: &'t SourceTree,
    /// For each file where its lines begin.
    starts: Vec<OnceCell<Vec<usize>>>,
}

impl<'t> Lines<'t> {
    /// Nothing is gone through yet.
    pub fn of(tree: &'t SourceTree) -> Self {
        Self { tree, starts: tree.files.iter().map(|_| OnceCell::new()).collect() }
    }

    /// The bytes of a line, from 1, without its end.
    pub fn line(&self, path: &str, line: u32) -> Option<&'t [u8]> {
        let at = self.tree.files.binary_search_by(|file| file.path.as_str().cmp(path)).ok()?;
        let bytes: &'t [u8] = &self.tree.files[at].bytes;
        let starts = self.starts[at]
            .get_or_init(|| std::iter::once(0).chain(memchr::memchr_iter(b'\n', bytes).map(|end| end + 1)).collect());
        let line = line.checked_sub(1)? as usize;
        let end = starts.get(line + 1).map_or(bytes.len(), |next| next - 1);
        let line = bytes.get(*starts.get(line)?..end)?;
        Some(line.strip_suffix(b"\r").unwrap_or(line))
    }
}

/// The line for people; `column` is in bytes, from 1.
pub fn shown(line: &[u8], column: u32) -> Line {
    let column = (column as usize).saturating_sub(1).min(line.len());
    let (before, rest) = line.split_at(column);
    let indent = before.len() - before.trim_ascii_start().len();
    let head = printable(&before[indent..]);
    Line {
        offset: head.chars().count(),
        column: String::from_utf8_lossy(before).chars().count(),
        shown: head + &printable(rest),
    }
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

    #[test]
    fn lines_are_found_whatever_ends_them() {
        let tree = crate::scan::samples::tree("a\r\n\nlast");
        let lines = Lines::of(&tree);
        let all: Vec<_> = (0..5).map(|line| lines.line("demo.c", line)).collect();
        assert_eq!(all, [None, Some(&b"a"[..]), Some(&b""[..]), Some(&b"last"[..]), None]);
        assert_eq!(lines.line("other.c", 1), None);
    }

    #[test]
    fn columns_are_counted_in_characters_and_indentation_goes() {
        let line = shown("  \u{e4}b = f();".as_bytes(), 7);
        assert_eq!(line, Line { shown: "\u{e4}b = f();".to_owned(), offset: 3, column: 5 });
        assert_eq!(shown(b"x", 100).offset, 1);
    }
}

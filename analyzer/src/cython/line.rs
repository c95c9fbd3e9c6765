//! Logical lines with their indentation.

use crate::lexer::{Kind, Token};

/// A logical line: tokens `start..end`, the line's end left out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Line {
    /// Index of the first token.
    pub(crate) start: usize,
    /// Index after the last token.
    pub(crate) end: usize,
    /// Columns of white space in front; [`Line::TEMPLATE`] for a template's own lines, which end no block.
    pub(crate) indent: u32,
}

impl Line {
    /// Deeper than anything.
    pub(crate) const TEMPLATE: u32 = u32::MAX;
}

/// The lines of a file. What follows a `;` is a line of its own.
pub(crate) fn lines(tokens: &[Token], source: &[u8]) -> Vec<Line> {
    let mut lines = Vec::new();
    let mut start = 0;
    let mut indent = None;
    for (at, token) in tokens.iter().enumerate() {
        let ends = matches!(token.kind, Kind::Newline | Kind::Semi | Kind::End);
        if ends {
            if at > start {
                let columns = indent.unwrap_or_else(|| indentation(&tokens[start..at], source));
                lines.push(Line { start, end: at, indent: columns });
                indent = (token.kind == Kind::Semi).then_some(columns);
            }
            start = at + 1;
        }
        if token.kind == Kind::Newline {
            indent = None;
        }
    }
    lines
}

fn indentation(line: &[Token], source: &[u8]) -> u32 {
    if let [first, second, ..] = line
        && (first.kind, second.kind) == (Kind::LBrace, Kind::LBrace)
    {
        return Line::TEMPLATE;
    }
    let first = line.first().map_or(0, |token| token.start as usize);
    let before = source.get(..first).unwrap_or_default();
    // Real lines are indented by a few dozen columns; the bound keeps odd input linear.
    let blank = before.iter().rev().take(1024).take_while(|byte| matches!(byte, b' ' | b'\t' | 0x0c));
    blank.map(|byte| if *byte == b'\t' { 8 } else { 1 }).sum()
}

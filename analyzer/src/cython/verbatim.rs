//! C inside a Cython file: the string that an extern block starts with.

use crate::embedded::{Mask, string_content};
use crate::lexer::Kind;

use super::CythonFile;
use super::declarator::Reader;
use super::keyword::Keywords;
use super::line::{Line, lines};
use super::statement::{Block, Blocks, Statement, statement};

/// The C of all extern blocks, in a text of the same length.
pub(crate) fn verbatim_c(file: &CythonFile<'_>, keywords: &Keywords) -> Option<Vec<u8>> {
    memchr::memmem::find(file.source, b"extern from")?;
    let reader = Reader { tokens: &file.tokens, source: file.source, keywords, group: 0 };
    let mut mask = Mask::new(file.source);
    let mut blocks = Blocks::default();
    for line in lines(&file.tokens, file.source) {
        blocks.leave(line.indent, |_| {});
        match statement(reader, line, &blocks) {
            Statement::Opens(block @ Block::Extern(_), colon) => {
                keep(file, Line { start: colon + 1, ..line }, &mut mask);
                blocks.enter(line.indent, block);
            }
            _ if matches!(blocks.innermost(), Some(Block::Extern(_))) => keep(file, line, &mut mask),
            _ => {}
        }
    }
    mask.finish()
}

fn keep(file: &CythonFile<'_>, line: Line, mask: &mut Mask<'_>) {
    let strings = file.tokens.get(line.start..line.end).unwrap_or_default();
    for token in strings.iter().take_while(|token| token.kind == Kind::Str) {
        if let Some((range, is_raw)) = string_content(file.source, token.start as usize) {
            mask.keep_string(range, is_raw);
        }
    }
}

//! The C in scripts of cffi: the second argument of `set_source`, and the first of `verify`.

use std::ops::Range;

use crate::lexer::{self, Kind, Names, Sym, Token};

use super::Mask;

/// Variables that hold a source, in one script.
const MAX_SOURCES: usize = 64;

/// The C of all modules that the script makes.
pub(super) fn c_inside(source: &[u8], names: &mut Names) -> Option<Vec<u8>> {
    let tokens = lexer::lex(source, lexer::Language::Cython, names);
    let (set_source, verify) = (names.intern(b"set_source"), names.intern(b"verify"));
    let mut mask = Mask::new(source);
    let mut variables = Vec::new();
    for (at, token) in tokens.iter().enumerate() {
        let is_call = tokens.get(at + 1).is_some_and(|next| next.kind == Kind::LParen);
        if !is_call || token.sym != set_source && token.sym != verify || token.sym == Sym::NONE {
            continue;
        }
        let argument = if token.sym == verify { at + 2 } else { after_comma(&tokens, at + 2) };
        keep_strings(&tokens, argument, source, &mut mask);
        if let Some(name) = tokens.get(argument).filter(|token| token.is_ident())
            && variables.len() < MAX_SOURCES
        {
            variables.push(name.sym);
        }
    }
    for (at, pair) in tokens.windows(2).enumerate() {
        if variables.contains(&pair[0].sym) && matches!(pair[1].kind, Kind::Assign | Kind::OpAssign) {
            keep_strings(&tokens, at + 2, source, &mut mask);
        }
    }
    mask.finish()
}

/// The index after the next comma of a call's arguments.
fn after_comma(tokens: &[Token], from: usize) -> usize {
    let mut depth = 0_usize;
    for (at, token) in tokens.iter().enumerate().skip(from) {
        match token.kind {
            Kind::Comma if depth == 0 => return at + 1,
            Kind::LParen | Kind::LBracket | Kind::LBrace => depth += 1,
            Kind::RParen | Kind::RBracket | Kind::RBrace if depth > 0 => depth -= 1,
            Kind::RParen | Kind::Newline => break,
            _ => {}
        }
    }
    tokens.len()
}

/// The strings that stand one after the other at `at` are one text of C.
fn keep_strings(tokens: &[Token], at: usize, source: &[u8], mask: &mut Mask<'_>) {
    // Parentheses around them do not matter.
    let skipped = tokens.iter().skip(at).take_while(|token| token.kind == Kind::LParen).count();
    let strings = tokens.iter().skip(at + skipped).take_while(|token| token.kind == Kind::Str);
    for token in strings {
        if let Some((range, is_raw)) = string_content(source, token.start as usize) {
            mask.keep_string(range, is_raw);
        }
    }
}

/// The content of the Python string at `start`, its prefix included, and whether it is raw.
pub(crate) fn string_content(source: &[u8], start: usize) -> Option<(Range<usize>, bool)> {
    let rest = source.get(start..)?;
    let prefix = rest.iter().take(4).position(|byte| matches!(byte, b'"' | b'\''))?;
    let is_raw = rest[..prefix].iter().any(|byte| matches!(byte, b'r' | b'R'));
    let quote = rest[prefix];
    let is_triple = rest[prefix + 1..].starts_with(&[quote, quote]);
    let from = start + prefix + if is_triple { 3 } else { 1 };
    let mut at = from;
    while let Some(step) = source.get(at..).and_then(|rest| memchr::memchr3(quote, b'\\', b'\n', rest)) {
        at += step;
        match source[at] {
            b'\\' => at += 2,
            b'\n' if is_triple => at += 1,
            byte if byte == quote && is_triple && !source[at..].starts_with(&[quote; 3]) => at += 1,
            _ => return Some((from..at, is_raw)),
        }
    }
    Some((from..source.len(), is_raw))
}

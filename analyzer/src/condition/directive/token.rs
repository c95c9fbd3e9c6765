//! The tokens of an `#if` expression or a macro's body.

use std::borrow::Cow;

use super::integer::Integer;

#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Token<'t> {
    Name(&'t str),
    Integer(Integer),
    /// An operator or a bracket.
    Mark(&'static str),
    /// Anything else: strings, floating numbers, stray bytes.
    Other(&'t str),
}

/// Operators, longer ones before their prefixes.
const MARKS: [&str; 33] = [
    "<<", ">>", "<=", ">=", "==", "!=", "&&", "||", "##", "::", "->", "(", ")", "<", ">", "!", "~", "+", "-", "*", "/",
    "%", "&", "|", "^", "?", ":", ",", "#", "=", ".", "[", "]",
];

/// Joins continued lines, replaces comments by spaces, and makes it UTF-8.
pub(in super::super) fn clean(bytes: &[u8]) -> Cow<'_, str> {
    let text = String::from_utf8_lossy(bytes);
    if !text.contains(['\\', '/']) {
        return text;
    }
    let joined = text.replace("\\\r\n", "").replace("\\\n", "");
    Cow::Owned(without_comments(&joined))
}

fn without_comments(text: &str) -> String {
    let mut kept = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find(['/', '"', '\'']) {
        let (before, from) = rest.split_at(at);
        kept.push_str(before);
        if from.starts_with("//") {
            return kept;
        }
        if let Some(comment) = from.strip_prefix("/*") {
            kept.push(' ');
            rest = comment.find("*/").map_or("", |end| &comment[end + 2..]);
            continue;
        }
        let end = if from.starts_with('/') { 1 } else { quoted(from) };
        kept.push_str(&from[..end]);
        rest = &from[end..];
    }
    kept.push_str(rest);
    kept
}

/// The length of the string or character literal at the start of `text`; just the quote if it does not end.
fn quoted(text: &str) -> usize {
    let mut bytes = text.bytes().enumerate();
    let quote = bytes.next().map(|(_, quote)| quote);
    while let Some((at, byte)) = bytes.next() {
        if byte == b'\\' {
            bytes.next();
        } else if Some(byte) == quote {
            return at + 1;
        }
    }
    1
}

/// The tokens of a cleaned text.
pub(super) fn tokens(text: &str) -> Vec<Token<'_>> {
    let mut found = Vec::new();
    let mut rest = text.trim_start();
    while !rest.is_empty() {
        let (token, length) = next(rest);
        found.push(token);
        rest = rest[length..].trim_start();
    }
    found
}

/// The first token of a text that is not empty, and its length.
fn next(text: &str) -> (Token<'_>, usize) {
    let first = text.chars().next().unwrap_or(' ');
    if first.is_ascii_digit() {
        let end = text.find(|c: char| !c.is_alphanumeric() && !matches!(c, '_' | '.' | '\'')).unwrap_or(text.len());
        let number = &text[..end];
        return (Integer::parse(number).map_or(Token::Other(number), Token::Integer), end);
    }
    if is_name(first) {
        let end = text.find(|c: char| !is_name(c)).unwrap_or(text.len());
        return (name(&text[..end]), end);
    }
    if matches!(first, '"' | '\'') {
        let end = quoted(text);
        let literal = &text[..end];
        let value = if first == '\'' { character(literal) } else { None };
        return (value.map_or(Token::Other(literal), Token::Integer), end);
    }
    match MARKS.iter().find(|mark| text.starts_with(**mark)) {
        Some(mark) => (Token::Mark(mark), mark.len()),
        None => (Token::Other(&text[..first.len_utf8()]), first.len_utf8()),
    }
}

/// Whether a character can stand in a name.
pub(in super::super) fn is_name(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '_' || c == '$' || !c.is_ascii()
}

/// C++'s words for operators mean nothing else in C, where they could only be undefined names.
fn name(text: &str) -> Token<'_> {
    match text {
        "and" => Token::Mark("&&"),
        "or" => Token::Mark("||"),
        "not" => Token::Mark("!"),
        "true" => Token::Integer(Integer::signed(1)),
        "false" => Token::Integer(Integer::signed(0)),
        _ => Token::Name(text),
    }
}

/// The value of a plain character literal.
fn character(literal: &str) -> Option<Integer> {
    let inner = literal.strip_prefix('\'')?.strip_suffix('\'')?;
    let value = match inner.as_bytes() {
        [byte] if byte.is_ascii() && *byte != b'\\' => *byte,
        [b'\\', b'0'] => 0,
        [b'\\', b'n'] => b'\n',
        [b'\\', b't'] => b'\t',
        [b'\\', b'r'] => b'\r',
        [b'\\', byte @ (b'\\' | b'\'' | b'"')] => *byte,
        _ => return None,
    };
    Some(Integer::signed(i64::from(value)))
}

/// The tokens as text again, evenly spaced: `FOO(1, 2)`.
pub(super) fn spell(tokens: &[Token<'_>]) -> String {
    let mut text = String::new();
    let mut previous = Token::Mark("(");
    for token in tokens {
        if needs_space(previous, *token) {
            text.push(' ');
        }
        match token {
            Token::Name(name) => text.push_str(name),
            Token::Integer(integer) => text.push_str(&integer.to_string()),
            Token::Mark(mark) => text.push_str(mark),
            Token::Other(other) => text.push_str(other),
        }
        previous = *token;
    }
    text
}

fn needs_space(before: Token<'_>, after: Token<'_>) -> bool {
    let tight_before = matches!(before, Token::Mark("(" | "!" | "~"));
    let tight_after = matches!(after, Token::Mark(")" | ","));
    let call = matches!((before, after), (Token::Name(_), Token::Mark("(")));
    !(tight_before || tight_after || call)
}

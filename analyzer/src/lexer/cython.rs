//! The lexer for Cython: Python's comments and strings around C's expressions.

use super::class::{continues_identifier, is_blank, is_digit, starts_identifier};
use super::literal::{after_splice, number, quoted};
use super::{Kind, Names, Sym, Token};

/// State of one run.
pub(super) struct Lexer<'a> {
    source: &'a [u8],
    at: usize,
    names: &'a mut Names,
    tokens: Vec<Token>,
    /// Open brackets: inside, a line's end is white space.
    depth: u32,
}

impl<'a> Lexer<'a> {
    pub(super) fn new(source: &'a [u8], names: &'a mut Names) -> Self {
        Self {
            source,
            at: if source.starts_with(b"\xef\xbb\xbf") { 3 } else { 0 },
            names,
            tokens: Vec::with_capacity(source.len() / 5),
            depth: 0,
        }
    }

    pub(super) fn run(mut self) -> Vec<Token> {
        while let Some(&byte) = self.source.get(self.at) {
            if self.tokens.len() >= self.names.remaining.tokens() {
                self.names.remaining.cut();
                break;
            }
            let start = self.at;
            match byte {
                b'\n' => self.newline(),
                b'#' => self.at = memchr::memchr(b'\n', &self.source[start..]).map_or(self.source.len(), |n| start + n),
                b'"' | b'\'' => self.string(start),
                b'\\' => self.at = after_splice(self.source, start).unwrap_or(start + 1),
                _ if is_blank(byte) => self.at += 1,
                _ if starts_identifier(byte) => self.identifier(),
                _ if is_digit(byte) => {
                    self.push(Kind::Number, start, Sym::NONE);
                    self.at = number(self.source, start + 1);
                }
                _ => self.punctuation(byte),
            }
        }
        self.push(Kind::Newline, self.source.len(), Sym::NONE);
        self.push(Kind::End, self.source.len(), Sym::NONE);
        self.tokens
    }

    #[expect(clippy::cast_possible_truncation, reason = "`lex` cuts the source to 32 bits")]
    fn push(&mut self, kind: Kind, start: usize, sym: Sym) {
        self.tokens.push(Token { kind, start: start as u32, sym });
    }

    fn newline(&mut self) {
        let repeated = self.tokens.last().is_none_or(|t| t.kind == Kind::Newline);
        if self.depth == 0 && !repeated {
            self.push(Kind::Newline, self.at, Sym::NONE);
        }
        self.at += 1;
    }

    fn identifier(&mut self) {
        let start = self.at;
        let rest = &self.source[start..];
        let end = start + rest.iter().position(|&b| !continues_identifier(b)).unwrap_or(rest.len());
        let prefix = &self.source[start..end];
        let is_prefix = prefix.len() <= 3 && prefix.iter().all(|b| b"rRbBuUfFcC".contains(b));
        if is_prefix && matches!(self.source.get(end), Some(b'"' | b'\'')) {
            return self.string(end);
        }
        self.at = end;
        let sym = self.names.intern(&self.source[start..end]);
        self.push(Kind::Ident, start, sym);
    }

    /// A string whose first quote is at `open`; the token starts where its prefix does.
    fn string(&mut self, open: usize) {
        let quote = self.source[open];
        self.push(Kind::Str, self.at, Sym::NONE);
        self.at = if self.source[open + 1..].starts_with(&[quote, quote]) {
            triple(self.source, open + 3, quote)
        } else {
            quoted(self.source, open + 1, quote)
        };
    }

    fn punctuation(&mut self, byte: u8) {
        let start = self.at;
        let second = self.source.get(start + 1).copied().unwrap_or(0);
        let (kind, length) = match (byte, second) {
            (b'=' | b'!' | b'<' | b'>', b'=') | (b'*', b'*') | (b'/', b'/') => (Kind::Operator, 2),
            (b'+' | b'-' | b'*' | b'/' | b'%' | b'&' | b'|' | b'^', b'=') => (Kind::OpAssign, 2),
            (b'-', b'>') => (Kind::Arrow, 2),
            _ => (single(byte), 1),
        };
        match kind {
            Kind::LParen | Kind::LBracket | Kind::LBrace => self.depth += 1,
            Kind::RParen | Kind::RBracket | Kind::RBrace => self.depth = self.depth.saturating_sub(1),
            _ => {}
        }
        self.push(kind, start, Sym::NONE);
        self.at += length;
    }
}

/// The end of a triple-quoted string whose content starts at `at`.
fn triple(source: &[u8], mut at: usize, quote: u8) -> usize {
    while let Some(step) = memchr::memchr2(quote, b'\\', source.get(at..).unwrap_or_default()) {
        at += step;
        if source[at] == b'\\' {
            at += 2;
        } else if source[at..].starts_with(&[quote, quote, quote]) {
            return at + 3;
        } else {
            at += 1;
        }
    }
    source.len()
}

/// The kind of a one-byte token: C's, and the matrix product.
fn single(byte: u8) -> Kind {
    if byte == b'@' { Kind::Operator } else { super::c::single(byte) }
}

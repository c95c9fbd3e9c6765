//! The lexer for Rust: nested comments, raw strings, lifetimes.

use super::class::{continues_identifier, is_blank, is_digit, starts_identifier};
use super::{Kind, Names, Sym, Token};

/// State of one run.
pub(super) struct Lexer<'a> {
    source: &'a [u8],
    at: usize,
    names: &'a mut Names,
    tokens: Vec<Token>,
}

impl<'a> Lexer<'a> {
    pub(super) fn new(source: &'a [u8], names: &'a mut Names) -> Self {
        Self { source, at: 0, names, tokens: Vec::with_capacity(source.len() / 5) }
    }

    pub(super) fn run(mut self) -> Vec<Token> {
        while let Some(&byte) = self.source.get(self.at) {
            if self.tokens.len() >= self.names.remaining.tokens() {
                self.names.remaining.cut();
                break;
            }
            let start = self.at;
            match byte {
                b'/' if self.rest(start).starts_with(b"//") => {
                    self.at = memchr::memchr(b'\n', self.rest(start)).map_or(self.source.len(), |step| start + step);
                }
                b'/' if self.rest(start).starts_with(b"/*") => self.comment(),
                b'"' => self.string(start, start + 1),
                b'\'' => self.quote(),
                _ if byte == b'\n' || is_blank(byte) => self.at += 1,
                _ if starts_identifier(byte) => self.identifier(),
                _ if is_digit(byte) => {
                    self.push(Kind::Number, start, Sym::NONE);
                    self.at = self.word_end(start);
                }
                _ => self.punctuation(byte),
            }
        }
        self.push(Kind::End, self.source.len(), Sym::NONE);
        self.tokens
    }

    fn rest(&self, at: usize) -> &'a [u8] {
        self.source.get(at..).unwrap_or_default()
    }

    #[expect(clippy::cast_possible_truncation, reason = "`lex` cuts the source to 32 bits")]
    fn push(&mut self, kind: Kind, start: usize, sym: Sym) {
        self.tokens.push(Token { kind, start: start as u32, sym });
    }

    fn word_end(&self, from: usize) -> usize {
        let rest = self.rest(from);
        from + rest.iter().position(|&byte| !continues_identifier(byte)).unwrap_or(rest.len())
    }

    /// `/* /* */ */`
    fn comment(&mut self) {
        let mut depth = 1_usize;
        self.at += 2;
        while depth > 0
            && let Some(step) = memchr::memchr2(b'*', b'/', self.rest(self.at))
        {
            self.at += step;
            match self.rest(self.at) {
                [b'/', b'*', ..] => (depth, self.at) = (depth + 1, self.at + 2),
                [b'*', b'/', ..] => (depth, self.at) = (depth - 1, self.at + 2),
                _ => self.at += 1,
            }
        }
        if depth > 0 {
            self.at = self.source.len();
        }
    }

    /// A string that starts at `start` with its prefix and whose content is at `from`.
    fn string(&mut self, start: usize, from: usize) {
        self.push(Kind::Str, start, Sym::NONE);
        let mut at = from;
        while let Some(step) = memchr::memchr2(b'"', b'\\', self.rest(at)) {
            at += step;
            if self.source[at] == b'"' {
                self.at = at + 1;
                return;
            }
            at += 2;
        }
        self.at = self.source.len();
    }

    /// `r##"…"##`, whose first `#` or `"` is at `from`; `false` if it is none.
    fn raw_string(&mut self, start: usize, from: usize) -> bool {
        let hashes = self.rest(from).iter().take_while(|byte| **byte == b'#').count();
        if self.source.get(from + hashes) != Some(&b'"') {
            return false;
        }
        self.push(Kind::Str, start, Sym::NONE);
        let mut at = from + hashes + 1;
        while let Some(step) = memchr::memchr(b'"', self.rest(at)) {
            at += step + 1;
            let closing = self.rest(at).iter().take(hashes).take_while(|byte| **byte == b'#').count();
            if closing == hashes {
                self.at = at + hashes;
                return true;
            }
        }
        self.at = self.source.len();
        true
    }

    /// A character, or a lifetime, which leaves no token.
    fn quote(&mut self) {
        let start = self.at;
        match self.rest(start) {
            [_, b'\\', ..] => {
                let end =
                    memchr::memchr(b'\'', self.rest(start + 3)).map_or(self.source.len(), |step| start + 4 + step);
                self.push(Kind::Char, start, Sym::NONE);
                self.at = end.min(self.source.len());
            }
            [_, first, ..] if starts_identifier(*first) || is_digit(*first) => {
                let end = self.word_end(start + 1);
                let is_character = self.source.get(end) == Some(&b'\'');
                if is_character {
                    self.push(Kind::Char, start, Sym::NONE);
                }
                self.at = end + usize::from(is_character);
            }
            [_, _, b'\'', ..] => {
                self.push(Kind::Char, start, Sym::NONE);
                self.at += 3;
            }
            _ => self.at += 1,
        }
    }

    fn identifier(&mut self) {
        let start = self.at;
        let end = self.word_end(start);
        let word = &self.source[start..end];
        match (word, self.source.get(end)) {
            (b"b" | b"c", Some(b'"')) => return self.string(start, end + 1),
            (b"r" | b"br" | b"cr", Some(b'"' | b'#')) if self.raw_string(start, end) => return,
            // `b'x'`: the character follows.
            (b"b", Some(b'\'')) => {
                self.at = end;
                return;
            }
            // `r#type` is the name `type`.
            (b"r", Some(b'#')) => {
                self.at = end + 1;
                return;
            }
            _ => {}
        }
        self.at = end;
        let sym = self.names.intern(word);
        self.push(Kind::Ident, start, sym);
    }

    fn punctuation(&mut self, byte: u8) {
        let start = self.at;
        let second = self.source.get(start + 1).copied().unwrap_or(0);
        let (kind, length) = match (byte, second) {
            (b':', b':') => (Kind::Scope, 2),
            (b'-', b'>') => (Kind::Arrow, 2),
            (b'&', b'&') => (Kind::AmpAmp, 2),
            (b'=', b'=' | b'>') | (b'!' | b'<' | b'>', b'=') | (b'|', b'|') => (Kind::Operator, 2),
            (b'+' | b'-' | b'*' | b'/' | b'%' | b'&' | b'|' | b'^', b'=') => (Kind::OpAssign, 2),
            _ => (super::c::single(byte), 1),
        };
        self.push(kind, start, Sym::NONE);
        self.at += length;
    }
}

//! The lexer for C and C++.

use super::class::{continues_identifier, is_blank, is_digit, starts_identifier};
use super::literal::{after_splice, block_comment, line_comment, number, quoted, raw};
use super::{Directive, Kind, Language, Names, Sym, Token};

/// State of one run.
pub(super) struct Lexer<'a> {
    source: &'a [u8],
    at: usize,
    language: Language,
    names: &'a mut Names,
    tokens: Vec<Token>,
    /// Nothing but white space and comments since the line's start: a `#` opens a directive.
    line_start: bool,
    /// Inside a directive: the line's end closes it.
    directive: bool,
    /// The spelling of an identifier that is cut by a splice.
    spliced: Vec<u8>,
}

impl<'a> Lexer<'a> {
    pub(super) fn new(source: &'a [u8], language: Language, names: &'a mut Names) -> Self {
        Self {
            source,
            // A byte order mark is no identifier.
            at: if source.starts_with(b"\xef\xbb\xbf") { 3 } else { 0 },
            language,
            names,
            tokens: Vec::with_capacity(source.len() / 5),
            line_start: true,
            directive: false,
            spliced: Vec::new(),
        }
    }

    pub(super) fn run(mut self) -> Vec<Token> {
        while let Some(&byte) = self.source.get(self.at) {
            if self.tokens.len() >= self.names.remaining.tokens() {
                self.names.remaining.cut();
                break;
            }
            if is_blank(byte) {
                self.at += 1;
            } else if starts_identifier(byte) {
                self.identifier();
            } else if byte == b'\n' {
                self.newline();
            } else {
                self.other(byte);
            }
        }
        if self.directive {
            self.push(Kind::EndDirective, self.source.len());
        }
        self.push(Kind::End, self.source.len());
        self.tokens
    }

    #[expect(clippy::cast_possible_truncation, reason = "`lex` cuts the source to 32 bits")]
    fn push(&mut self, kind: Kind, start: usize) {
        self.tokens.push(Token { kind, start: start as u32, sym: Sym::NONE });
    }

    fn newline(&mut self) {
        if self.directive {
            self.push(Kind::EndDirective, self.at);
            self.directive = false;
        }
        self.line_start = true;
        self.at += 1;
    }

    fn identifier(&mut self) {
        let start = self.at;
        let end = self.identifier_end(start);
        self.line_start = false;
        if let Some(&next) = self.source.get(end) {
            if next == b'\\' && after_splice(self.source, end).is_some() {
                return self.spliced_identifier(start);
            }
            if matches!(next, b'"' | b'\'') && self.prefixed_literal(start, end, next) {
                return;
            }
        }
        self.at = end;
        let sym = self.names.intern(&self.source[start..end]);
        self.push_identifier(start, sym);
    }

    #[expect(clippy::cast_possible_truncation, reason = "`lex` cuts the source to 32 bits")]
    fn push_identifier(&mut self, start: usize, sym: Sym) {
        self.tokens.push(Token { kind: Kind::Ident, start: start as u32, sym });
    }

    fn identifier_end(&self, from: usize) -> usize {
        let rest = &self.source[from..];
        from + rest.iter().position(|&b| !continues_identifier(b)).unwrap_or(rest.len())
    }

    /// An identifier over several lines: `Py\⏎List_New` is `PyList_New`.
    fn spliced_identifier(&mut self, start: usize) {
        self.spliced.clear();
        self.at = start;
        loop {
            let end = self.identifier_end(self.at);
            self.spliced.extend_from_slice(&self.source[self.at..end]);
            self.at = end;
            match after_splice(self.source, end).filter(|_| self.source.get(end) == Some(&b'\\')) {
                Some(next) if self.source.get(next).is_some_and(|&b| continues_identifier(b)) => self.at = next,
                _ => break,
            }
        }
        let sym = self.names.intern(&self.spliced);
        self.push_identifier(start, sym);
    }

    /// `L"…"`, `u8'…'`, `R"(…)"`: whether the identifier is the prefix of a literal.
    fn prefixed_literal(&mut self, start: usize, end: usize, quote: u8) -> bool {
        let prefix = &self.source[start..end];
        let is_raw = matches!(prefix, b"R" | b"LR" | b"uR" | b"UR" | b"u8R");
        if is_raw
            && quote == b'"'
            && self.language == Language::Cpp
            && let Some(after) = raw(self.source, end + 1)
        {
            self.at = after;
        } else if matches!(prefix, b"L" | b"u" | b"U" | b"u8") {
            self.at = quoted(self.source, end + 1, quote);
        } else {
            return false;
        }
        self.push(if quote == b'"' { Kind::Str } else { Kind::Char }, start);
        true
    }

    fn other(&mut self, byte: u8) {
        let start = self.at;
        let next = self.source.get(start + 1).copied().unwrap_or(0);
        match byte {
            b'/' if next == b'*' => self.at = block_comment(self.source, start + 2),
            b'/' if next == b'/' => self.at = line_comment(self.source, start + 2),
            b'\\' => match after_splice(self.source, start) {
                Some(after) => self.at = after,
                None => self.single(Kind::Stray),
            },
            b'#' if self.line_start => self.directive(),
            b'"' => self.literal(Kind::Str, byte),
            b'\'' => self.literal(Kind::Char, byte),
            b'.' if is_digit(next) => self.number(),
            _ if is_digit(byte) => self.number(),
            _ => self.punctuation(byte),
        }
    }

    fn single(&mut self, kind: Kind) {
        self.line_start = false;
        self.push(kind, self.at);
        self.at += 1;
    }

    fn literal(&mut self, kind: Kind, quote: u8) {
        self.line_start = false;
        self.push(kind, self.at);
        self.at = quoted(self.source, self.at + 1, quote);
    }

    fn number(&mut self) {
        self.line_start = false;
        self.push(Kind::Number, self.at);
        self.at = number(self.source, self.at + 1);
    }

    /// The byte after `at`, line splices skipped, and where it is.
    fn peek(&self, mut at: usize) -> (u8, usize) {
        while self.source.get(at) == Some(&b'\\')
            && let Some(after) = after_splice(self.source, at)
        {
            at = after;
        }
        (self.source.get(at).copied().unwrap_or(0), at)
    }

    fn punctuation(&mut self, byte: u8) {
        self.line_start = false;
        let start = self.at;
        let (second, at) = self.peek(start + 1);
        let (kind, end) = match (byte, second) {
            (b'-', b'>') => (Kind::Arrow, at + 1),
            (b':', b':') => (Kind::Scope, at + 1),
            (b'+', b'+') | (b'-', b'-') => (Kind::Step, at + 1),
            (b'&', b'&') => (Kind::AmpAmp, at + 1),
            (b'#', b'#') => (Kind::Paste, at + 1),
            (b'.', b'.') if self.peek(at + 1).0 == b'.' => (Kind::Ellipsis, self.peek(at + 1).1 + 1),
            (b'=' | b'!' | b'<' | b'>', b'=') | (b'|', b'|') => (Kind::Operator, at + 1),
            (b'+' | b'-' | b'*' | b'/' | b'%' | b'&' | b'|' | b'^', b'=') => (Kind::OpAssign, at + 1),
            // `>>` may close two template lists: it stays two tokens, but `>>=` is an assignment.
            (b'<' | b'>', _) if second == byte && self.peek(at + 1).0 == b'=' => {
                (Kind::OpAssign, self.peek(at + 1).1 + 1)
            }
            (b'<', b'<') => (Kind::Operator, at + 1),
            _ => (single(byte), start + 1),
        };
        self.push(kind, start);
        self.at = end;
    }

    /// A preprocessor line, from its `#`. The text of `#include`, `#error` and `#pragma` is not tokens.
    fn directive(&mut self) {
        let start = self.at;
        self.at += 1;
        self.skip_blank();
        let end = self.identifier_end(self.at);
        let directive = Directive::of(&self.source[self.at..end]);
        self.push(Kind::Directive(directive), start);
        self.names.remaining.spend_directive();
        self.line_start = false;
        self.directive = true;
        self.at = end;
        if matches!(directive, Directive::Include | Directive::Other) {
            self.skip_line();
        }
    }

    fn skip_blank(&mut self) {
        while let Some(&byte) = self.source.get(self.at) {
            match byte {
                b'\\' => match after_splice(self.source, self.at) {
                    Some(after) => self.at = after,
                    None => break,
                },
                b'/' if self.source.get(self.at + 1) == Some(&b'*') => {
                    self.at = block_comment(self.source, self.at + 2);
                }
                _ if is_blank(byte) => self.at += 1,
                _ => break,
            }
        }
    }

    /// To the line's end, over splices and the comments that may hide line ends.
    fn skip_line(&mut self) {
        while let Some(step) = memchr::memchr2(b'\n', b'/', &self.source[self.at..]) {
            self.at += step;
            let is_comment = self.source[self.at..].starts_with(b"/*");
            if is_comment {
                self.at = block_comment(self.source, self.at + 2);
            } else if self.source[self.at] == b'\n' && !super::literal::is_spliced(self.source, self.at) {
                return;
            } else {
                self.at += 1;
            }
        }
        self.at = self.source.len();
    }
}

/// The kind of a one-byte token.
pub(super) fn single(byte: u8) -> Kind {
    match byte {
        b'(' => Kind::LParen,
        b')' => Kind::RParen,
        b'[' => Kind::LBracket,
        b']' => Kind::RBracket,
        b'{' => Kind::LBrace,
        b'}' => Kind::RBrace,
        b';' => Kind::Semi,
        b',' => Kind::Comma,
        b'.' => Kind::Dot,
        b':' => Kind::Colon,
        b'?' => Kind::Question,
        b'=' => Kind::Assign,
        b'*' => Kind::Star,
        b'&' => Kind::Amp,
        b'+' | b'-' => Kind::Sign,
        b'!' | b'~' => Kind::Not,
        b'<' => Kind::Less,
        b'>' => Kind::Greater,
        b'#' => Kind::Hash,
        b'/' | b'%' | b'|' | b'^' => Kind::Operator,
        _ => Kind::Stray,
    }
}

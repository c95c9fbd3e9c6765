//! One file, lexed, with its preprocessor lines taken out of the code.

use std::ops::Range;

use crate::lexer::{self, Directive, Kind, Language, Names, Sym, Token};

/// One file of the package.
#[derive(Debug)]
pub(crate) struct Unit {
    /// Whether it may be C++.
    pub(crate) cpp: bool,
    /// The tokens of the code, ending in [`Kind::End`].
    pub(crate) code: Vec<Token>,
    /// The preprocessor lines, in order.
    pub(crate) lines: Vec<Line>,
    /// The tokens of all preprocessor lines.
    pub(crate) line_tokens: Vec<Token>,
}

/// A preprocessor line.
#[derive(Debug, Clone)]
pub(crate) struct Line {
    /// What it does.
    pub(crate) directive: Directive,
    /// The index in [`Unit::code`] of the first token after it.
    pub(crate) code_at: usize,
    /// Its tokens in [`Unit::line_tokens`], without the `#` and the keyword.
    pub(crate) tokens: Range<usize>,
    /// The byte range from the `#` to the line's end.
    pub(crate) bytes: Range<usize>,
}

/// What `#define` defines.
#[derive(Debug, Clone)]
pub(crate) struct Definition {
    /// The name.
    pub(crate) name: Sym,
    /// Parameters, for macros like functions.
    pub(crate) parameters: Option<Vec<Sym>>,
    /// The body in [`Unit::line_tokens`].
    pub(crate) body: Range<usize>,
}

impl Unit {
    /// Lexes `source`.
    pub(crate) fn new(source: &[u8], language: Language, names: &mut Names) -> Self {
        let mut code = lexer::lex(source, language, names);
        let mut lines = Vec::new();
        let mut line_tokens = Vec::new();
        let mut open = None;
        // What is code moves up to where a preprocessor line was: tokens are too many to be copied elsewhere.
        let mut kept = 0;
        for at in 0..code.len() {
            let token = code[at];
            match (token.kind, open) {
                (Kind::Directive(directive), _) => open = Some((directive, token.start as usize, line_tokens.len())),
                (Kind::EndDirective, Some((directive, start, first))) => {
                    let tokens = first..line_tokens.len();
                    lines.push(Line { directive, code_at: kept, tokens, bytes: start..token.start as usize });
                    open = None;
                }
                (_, Some(_)) => line_tokens.push(token),
                (_, None) => {
                    code[kept] = token;
                    kept += 1;
                }
            }
        }
        code.truncate(kept);
        Self { cpp: language != Language::C, code, lines, line_tokens }
    }

    /// The tokens of `line`.
    pub(crate) fn tokens_of(&self, line: &Line) -> &[Token] {
        &self.line_tokens[line.tokens.clone()]
    }

    /// What the `#define` `line` defines; `None` if it is malformed. `source` tells `F(x)` from `F (x)`.
    pub(crate) fn definition(&self, line: &Line, source: &[u8], names: &Names) -> Option<Definition> {
        let tokens = self.tokens_of(line);
        let name = *tokens.first().filter(|t| t.is_ident())?;
        let after_name = name.start as usize + names.bytes(name.sym).len();
        let like_function =
            tokens.get(1).is_some_and(|t| t.kind == Kind::LParen) && source.get(after_name) == Some(&b'(');
        let close = tokens.iter().position(|t| t.kind == Kind::RParen).filter(|_| like_function);
        let body = line.tokens.start + close.unwrap_or(0) + 1;
        Some(Definition {
            name: name.sym,
            parameters: close.map(|close| tokens[2..close].iter().filter(|t| t.is_ident()).map(|t| t.sym).collect()),
            body: body..line.tokens.end,
        })
    }
}

/// Whether a line is an `#error`.
pub(crate) fn is_error(line: &Line, source: &[u8]) -> bool {
    let text = source.get(line.bytes.clone()).filter(|_| line.directive == Directive::Other);
    let keyword = text.and_then(|text| text.strip_prefix(b"#")).map(<[u8]>::trim_ascii_start);
    keyword.is_some_and(|keyword| keyword.starts_with(b"error"))
}

/// The file that an `#include` line names, as written between the quotes or angle brackets.
pub(crate) fn included<'a>(line: &Line, source: &'a [u8]) -> Option<&'a str> {
    let text = source.get(line.bytes.clone())?;
    let open = text.iter().position(|b| matches!(b, b'"' | b'<'))?;
    let close = if text[open] == b'"' { b'"' } else { b'>' };
    let rest = &text[open + 1..];
    let end = rest.iter().position(|&b| b == close)?;
    std::str::from_utf8(&rest[..end]).ok()
}

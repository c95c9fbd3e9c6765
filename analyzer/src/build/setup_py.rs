//! `setup.py`, read as tokens: the arguments of `Extension(…)`.

use crate::SourceFile;
use crate::cython::{Line, lines};
use crate::lexer::{self, Kind, Names, Sym, Token};

use super::facts::{Macros, Stated, flag, folder};

/// Variables that are followed from one list to another.
const MAX_PARTS: usize = 64;

/// Reads the file.
pub(super) fn read(file: &SourceFile, stated: &mut Stated) {
    let mut names = Names::default();
    let tokens = lexer::lex(&file.bytes, lexer::Language::Cython, &mut names);
    let lines = lines(&tokens, &file.bytes);
    let script = Script { tokens: &tokens, source: &file.bytes, names: &names, lines: &lines };
    for at in 0..tokens.len() {
        if script.is_call(at, |name| name.ends_with(b"Extension")) {
            script.extension(at + 1, stated);
        }
    }
    script.doubts(stated);
}

/// The strings in `features=[…]` of `RustExtension(…)`.
pub(super) fn rust_features(file: &SourceFile) -> Vec<String> {
    let mut names = Names::default();
    let tokens = lexer::lex(&file.bytes, lexer::Language::Cython, &mut names);
    let script = Script { tokens: &tokens, source: &file.bytes, names: &names, lines: &[] };
    let mut found = Vec::new();
    for at in (0..tokens.len()).filter(|at| script.is_call(*at, |name| name == b"RustExtension")) {
        let close = script.after(at + 1).saturating_sub(1);
        for (from, to) in script.split(at + 2, close, |kind| kind == Kind::Comma) {
            if script.word(from) == b"features" && script.kind(from + 1) == Kind::Assign {
                script.strings(from + 2, to, &mut |text| found.push(text.to_owned()));
            }
        }
    }
    found
}

/// A tokenised script.
#[derive(Clone, Copy)]
pub(super) struct Script<'a> {
    pub(super) tokens: &'a [Token],
    pub(super) source: &'a [u8],
    pub(super) names: &'a Names,
    pub(super) lines: &'a [Line],
}

impl<'a> Script<'a> {
    pub(super) fn kind(self, at: usize) -> Kind {
        self.tokens.get(at).map_or(Kind::End, |token| token.kind)
    }

    pub(super) fn word(self, at: usize) -> &'a [u8] {
        self.tokens.get(at).map_or(b"", |token| self.names.bytes(token.sym))
    }

    fn is_call(self, at: usize, is: impl Fn(&[u8]) -> bool) -> bool {
        self.kind(at) == Kind::Ident
            && self.kind(at + 1) == Kind::LParen
            && is(self.word(at))
            && !matches!(at.checked_sub(1).map(|before| self.word(before)), Some(b"def" | b"class"))
    }

    /// The index after the bracket that closes the one at `open`.
    pub(super) fn after(self, open: usize) -> usize {
        let mut depth = 0_usize;
        for (at, token) in self.tokens.iter().enumerate().skip(open) {
            match token.kind {
                Kind::LParen | Kind::LBracket | Kind::LBrace => depth += 1,
                Kind::RParen | Kind::RBracket | Kind::RBrace => {
                    depth = depth.saturating_sub(1);
                    if depth == 0 {
                        return at + 1;
                    }
                }
                Kind::Newline if depth == 0 => return at,
                _ => {}
            }
        }
        self.tokens.len()
    }

    /// The parts of `from..to` between separators of `kind` outside brackets.
    pub(super) fn split(self, from: usize, to: usize, is: impl Fn(Kind) -> bool) -> Vec<(usize, usize)> {
        let mut parts = Vec::new();
        let (mut start, mut at) = (from, from);
        while at < to {
            match self.kind(at) {
                Kind::LParen | Kind::LBracket | Kind::LBrace => at = self.after(at).max(at + 1),
                kind if is(kind) => {
                    parts.push((start, at));
                    start = at + 1;
                    at += 1;
                }
                _ => at += 1,
            }
        }
        if start < to {
            parts.push((start, to));
        }
        parts
    }

    /// The arguments of a call whose parenthesis is at `open`.
    fn extension(self, open: usize, stated: &mut Stated) {
        let close = self.after(open).saturating_sub(1);
        let mut macros = Macros::new();
        for (from, to) in self.split(open + 1, close, |kind| kind == Kind::Comma) {
            if self.kind(from + 1) != Kind::Assign {
                continue;
            }
            match self.word(from) {
                b"define_macros" => self.list(from + 2, to, &mut |script, at| macros.extend(script.pair(at))),
                b"extra_compile_args" => {
                    self.list(from + 2, to, &mut |script, at| {
                        macros.extend(script.string(at).as_deref().and_then(flag));
                    });
                }
                b"undef_macros" => self.strings(from + 2, to, &mut |name| _ = stated.doubtful.insert(name.to_owned())),
                b"include_dirs" => self.folders(from + 2, to, stated),
                _ => {}
            }
        }
        stated.targets.push(macros);
    }

    /// Gives each element of a list that is there in any case: `[…] + other`, with `other` filled at the script's top.
    fn list(self, from: usize, to: usize, element: &mut impl FnMut(Self, usize)) {
        let mut waiting = vec![(from, to)];
        let mut seen: Vec<Sym> = Vec::new();
        for _ in 0..MAX_PARTS {
            let Some((from, to)) = waiting.pop() else { break };
            // A choice or a comprehension is no constant list.
            if (from..to).any(|at| matches!(self.word(at), b"if" | b"for" | b"lambda")) {
                continue;
            }
            for (from, to) in self.split(from, to, |kind| kind == Kind::Sign) {
                match self.kind(from) {
                    Kind::LBracket if self.after(from) == to => {
                        for (from, _) in self.split(from + 1, to - 1, |kind| kind == Kind::Comma) {
                            element(self, from);
                        }
                    }
                    Kind::Ident if to == from + 1 && !seen.contains(&self.tokens[from].sym) => {
                        seen.push(self.tokens[from].sym);
                        self.variable(self.tokens[from].sym, &mut waiting, element);
                    }
                    // `list(x)` is `x`.
                    Kind::Ident if self.word(from) == b"list" && self.kind(from + 1) == Kind::LParen => {
                        waiting.push((from + 2, to - 1));
                    }
                    _ => {}
                }
            }
        }
    }

    /// What a variable holds in any case: its only assignment, and what is appended, all at the script's top.
    fn variable(self, name: Sym, waiting: &mut Vec<(usize, usize)>, element: &mut impl FnMut(Self, usize)) {
        let assigns = |line: &&Line| self.tokens[line.start].sym == name && self.kind(line.start + 1) == Kind::Assign;
        let mut assignments = self.lines.iter().filter(assigns);
        let (Some(first), None) = (assignments.next(), assignments.next()) else { return };
        if first.indent > 0 {
            return;
        }
        waiting.push((first.start + 2, first.end));
        for line in self.lines.iter().filter(|line| line.indent == 0 && self.tokens[line.start].sym == name) {
            match (self.kind(line.start + 1), self.word(line.start + 2)) {
                (Kind::OpAssign, _) => waiting.push((line.start + 2, line.end)),
                (Kind::Dot, b"extend") => waiting.push((line.start + 4, line.end.saturating_sub(1))),
                (Kind::Dot, b"append") => element(self, line.start + 4),
                _ => {}
            }
        }
    }

    /// `("NAME", "VALUE")` at `at`.
    fn pair(self, at: usize) -> Option<(String, String)> {
        let name = self.string(at + 1).filter(|_| self.kind(at) == Kind::LParen)?;
        // Anything behind a string or number changes it.
        let value = match (self.kind(at + 2), self.kind(at + 3), self.kind(at + 4)) {
            (Kind::Comma, Kind::Str, Kind::RParen) => self.string(at + 3)?,
            (Kind::Comma, Kind::Number, Kind::RParen) => self.number(at + 3)?,
            (Kind::Comma, Kind::Ident, Kind::RParen) if self.word(at + 3) == b"None" => "1".to_owned(),
            _ => return None,
        };
        super::facts::definition(&format!("{name}={value}"))
    }

    fn number(self, at: usize) -> Option<String> {
        let text = self.source.get(self.tokens.get(at)?.start as usize..)?;
        let end = text.iter().position(|byte| !byte.is_ascii_alphanumeric()).unwrap_or(text.len());
        Some(String::from_utf8_lossy(&text[..end]).into_owned())
    }

    /// The content of the string at `at`, if it is not put together or formatted.
    fn string(self, at: usize) -> Option<String> {
        let token = self.tokens.get(at).filter(|token| token.kind == Kind::Str)?;
        let (range, _) = crate::embedded::string_content(self.source, token.start as usize)?;
        let prefix = &self.source[token.start as usize..range.start];
        let text = std::str::from_utf8(self.source.get(range)?).ok()?;
        (!prefix.contains(&b'f') && self.kind(at + 1) != Kind::Str).then(|| text.to_owned())
    }

    fn strings(self, from: usize, to: usize, each: &mut impl FnMut(&str)) {
        for at in from..to {
            if let Some(text) = self.string(at) {
                each(&text);
            }
        }
    }

    /// Folders in a list of strings and `os.path.join(…)`. They only say which of several headers is meant.
    fn folders(self, from: usize, to: usize, stated: &mut Stated) {
        let from = if self.kind(from) == Kind::LBracket { from + 1 } else { from };
        for (from, to) in self.split(from, to, |kind| kind == Kind::Comma) {
            let mut parts = Vec::new();
            self.strings(from, to, &mut |text| parts.push(text.to_owned()));
            let is_join = (from..to).any(|at| self.word(at) == b"join");
            if parts.len() == 1 || is_join {
                stated.folders.extend(folder(&parts.join("/")));
            }
        }
    }

    /// `ext.define_macros = …` later on leaves nothing certain.
    fn doubts(self, stated: &mut Stated) {
        let later = (1..self.tokens.len()).any(|at| {
            self.kind(at - 1) == Kind::Dot
                && matches!(self.word(at), b"define_macros" | b"undef_macros" | b"extra_compile_args")
                && (self.kind(at + 1) == Kind::Assign || self.word(at + 2) == b"remove")
        });
        if later {
            stated.targets.push(Macros::new());
        }
    }
}

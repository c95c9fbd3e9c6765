//! Small readers over the tokens of a line: types and declarators. None of them recurses.

use crate::lexer::{Kind, Sym, Token};

use super::keyword::{Keyword, Keywords};
use super::scope::{Base, Group, Type};

/// One declared name.
#[derive(Debug, Clone, Copy)]
pub(super) struct Declared {
    /// The name.
    pub(super) name: Sym,
    /// Index of the string behind the name, which is its name in C.
    pub(super) c_name: Option<usize>,
    /// Its type; for functions, the result's.
    pub(super) ty: Type,
    /// The parentheses of a function's parameters.
    pub(super) parameters: Option<(usize, usize)>,
}

/// A reader over the tokens of one file.
#[derive(Clone, Copy)]
pub(super) struct Reader<'a> {
    /// The tokens.
    pub(super) tokens: &'a [Token],
    /// The text.
    pub(super) source: &'a [u8],
    /// The words.
    pub(super) keywords: &'a Keywords,
    /// The module of the file.
    pub(super) group: Group,
}

impl<'a> Reader<'a> {
    /// The kind of the token at `at`.
    pub(super) fn kind(self, at: usize) -> Kind {
        self.tokens.get(at).map_or(Kind::End, |token| token.kind)
    }

    /// The identifier at `at`; [`Sym::NONE`] if it is none.
    pub(super) fn sym(self, at: usize) -> Sym {
        self.tokens.get(at).map_or(Sym::NONE, |token| token.sym)
    }

    /// The keyword at `at`.
    pub(super) fn keyword(self, at: usize) -> Option<Keyword> {
        self.keywords.get(self.sym(at))
    }

    /// Whether an ordinary name is at `at`.
    pub(super) fn is_name(self, at: usize) -> bool {
        self.kind(at) == Kind::Ident && self.keyword(at).is_none()
    }

    /// What stands between the quotes of the string at `at`, if it is short and on one line.
    pub(super) fn text(self, at: usize) -> Option<&'a str> {
        let start = self.tokens.get(at).filter(|token| token.kind == Kind::Str)?.start as usize;
        let bytes = self.source.get(start..)?;
        let open = bytes.iter().take(4).position(|byte| matches!(byte, b'"' | b'\''))?;
        let rest = &bytes[open + 1..];
        let end = rest.iter().take(256).position(|byte| *byte == bytes[open] || *byte == b'\n')?;
        std::str::from_utf8(&rest[..end]).ok()
    }

    /// The index of the bracket that closes the one at `open`, before `end`.
    pub(super) fn closing(self, open: usize, end: usize) -> Option<usize> {
        let mut depth = 0_usize;
        for at in open..end {
            match self.kind(at) {
                Kind::LParen | Kind::LBracket | Kind::LBrace => depth += 1,
                Kind::RParen | Kind::RBracket | Kind::RBrace => {
                    depth = depth.checked_sub(1)?;
                    if depth == 0 {
                        return Some(at);
                    }
                }
                _ => {}
            }
        }
        None
    }

    /// The first token of `kind` outside brackets in `from..end`, or `end`.
    pub(super) fn find(self, kind: Kind, from: usize, end: usize) -> usize {
        let mut depth = 0_usize;
        for at in from..end {
            match self.kind(at) {
                found if found == kind && depth == 0 => return at,
                Kind::LParen | Kind::LBracket | Kind::LBrace => depth += 1,
                Kind::RParen | Kind::RBracket | Kind::RBrace => depth = depth.saturating_sub(1),
                _ => {}
            }
        }
        end
    }

    /// The index after the words that say nothing about the type.
    pub(super) fn after_qualifiers(self, mut at: usize, end: usize) -> usize {
        while at < end && matches!(self.keyword(at), Some(Keyword::Qualifier | Keyword::Extern)) {
            at += 1;
        }
        at
    }

    /// The type at `at`, and the index after it with its pointers.
    pub(super) fn type_at(self, at: usize, end: usize) -> (Type, usize) {
        let (base, after) = self.base_at(at, end);
        let (pointers, after) = self.pointers(after, end);
        (base.pointer(pointers), after)
    }

    /// The type at `at` without pointers, and the index after it. Without a type in front, the name is an object's.
    fn base_at(self, at: usize, end: usize) -> (Type, usize) {
        let mut at = at;
        let mut is_number = false;
        while at < end {
            match self.keyword(at) {
                Some(Keyword::Number) => is_number = true,
                Some(Keyword::Qualifier | Keyword::Record | Keyword::Enum) => {}
                _ => break,
            }
            at += 1;
        }
        let after = self.after_name(at, end);
        let is_type =
            after > at && (self.is_declarator(after, end) || after == end || self.kind(after) == Kind::RParen);
        if !is_type || after == end && is_number {
            return (Type::OTHER, at);
        }
        let last = (at..after).find(|&i| self.kind(i) == Kind::LBracket).unwrap_or(after) - 1;
        let is_plain = last + 1 == after && !is_number;
        let prefix = if last > at { self.sym(at) } else { Sym::NONE };
        let base = Base::Named { group: self.group, prefix, name: self.sym(last) };
        (if is_plain { Type { base, pointers: 0 } } else { Type::OTHER }, after)
    }

    /// The index after a dotted name with what it has in brackets.
    fn after_name(self, mut at: usize, end: usize) -> usize {
        if at >= end || !self.is_name(at) {
            return at;
        }
        at += 1;
        while at + 1 < end && self.kind(at) == Kind::Dot && self.kind(at + 1) == Kind::Ident {
            at += 2;
        }
        if self.kind(at) == Kind::LBracket
            && let Some(close) = self.closing(at, end)
            && self.is_declarator(close + 1, end)
        {
            return close + 1;
        }
        at
    }

    /// Whether a declared name, or what may stand in front of one, is at `at`.
    fn is_declarator(self, at: usize, end: usize) -> bool {
        let is_pointer = matches!(self.kind(at), Kind::Star | Kind::Amp) || self.is_double_star(at);
        let is_qualifier = self.keyword(at) == Some(Keyword::Qualifier);
        let is_function_pointer = self.kind(at) == Kind::LParen && self.kind(at + 1) == Kind::Star;
        at < end && (is_pointer || is_qualifier || is_function_pointer || self.is_name(at))
    }

    fn is_double_star(self, at: usize) -> bool {
        let starts = self.tokens.get(at).filter(|token| token.kind == Kind::Operator);
        starts.is_some_and(|token| self.source.get(token.start as usize..).is_some_and(|text| text.starts_with(b"**")))
    }

    /// The pointers at `at`, and the index after them.
    fn pointers(self, mut at: usize, end: usize) -> (u8, usize) {
        let mut pointers = 0_u8;
        while at < end {
            match self.kind(at) {
                Kind::Star => pointers = pointers.saturating_add(1),
                Kind::Operator if self.is_double_star(at) => pointers = pointers.saturating_add(2),
                Kind::Amp => {}
                Kind::Ident if self.keyword(at) == Some(Keyword::Qualifier) => {}
                _ => break,
            }
            at += 1;
        }
        (pointers, at)
    }

    /// The names that `TYPE a, *b, c[2]` declares, from the type at `at` on.
    pub(super) fn declared(self, at: usize, end: usize) -> Vec<Declared> {
        let (base, mut at) = self.base_at(at, end);
        let mut found = Vec::new();
        while at < end {
            let (pointers, name_at) = self.pointers(at, end);
            let mut ty = base.pointer(pointers);
            if !self.is_name(name_at) {
                // A pointer to a function says nothing about members.
                if self.kind(name_at) == Kind::LParen
                    && let Some(name) = (name_at..end).take(8).find(|&i| self.is_name(i))
                {
                    found.push(Declared { name: self.sym(name), c_name: None, ty: Type::OTHER, parameters: None });
                }
                return found;
            }
            let mut after = name_at + 1;
            let c_name = Some(after).filter(|&at| at < end && self.kind(at) == Kind::Str);
            after += usize::from(c_name.is_some());
            let parameters = match self.kind(after) {
                Kind::LParen if after < end => self.closing(after, end).map(|close| (after, close)),
                _ => None,
            };
            while after < end && self.kind(after) == Kind::LBracket {
                ty = ty.pointer(1);
                after = self.closing(after, end).map_or(end, |close| close + 1);
            }
            found.push(Declared { name: self.sym(name_at), c_name, ty, parameters });
            if parameters.is_some() {
                return found;
            }
            at = self.find(Kind::Comma, after, end) + 1;
        }
        found
    }

    /// The parameters between parentheses, with their types.
    pub(super) fn parameters(self, (open, close): (usize, usize)) -> Vec<(Sym, Type)> {
        let mut found = Vec::new();
        let mut at = open + 1;
        while at < close {
            let comma = self.find(Kind::Comma, at, close);
            found.extend(self.declared(at, comma).first().map(|declared| (declared.name, declared.ty)));
            at = comma + 1;
        }
        found
    }
}

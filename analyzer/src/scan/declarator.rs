//! Readers for declarators and parameter lists: what stands behind the specifiers.

use crate::lexer::{Kind, Sym, Word};

use super::syntax::{Declarator, Syntax};
use super::types::Type;

impl Syntax<'_> {
    /// At a function whose name has no type in front, such as a constructor or one behind a macro: the class in front
    /// of `::`, and the index of the `(`.
    pub(crate) fn constructor(self, at: usize) -> Option<(Option<Sym>, usize)> {
        if !self.is_name(at) {
            return None;
        }
        let (name, class, after) = self.qualified(at);
        match self.kind(after) {
            Kind::LParen => Some((class, after)),
            Kind::Scope if self.kind(after + 1) == Kind::Not && self.kind(after + 3) == Kind::LParen => {
                Some((Some(name), after + 3))
            }
            _ => None,
        }
    }

    /// Reads one declarator of `base` at `at`.
    pub(crate) fn declarator(self, at: usize, base: Type) -> Option<Declarator> {
        let (pointers, mut at) = self.pointers(at);
        let ty = base.pointer(pointers);
        if self.kind(at) == Kind::LParen {
            return self.nested_declarator(at, ty);
        }
        while self.word(at) == Some(Word::Attribute) {
            at = self.after_group(at + 1);
        }
        // A macro between type and name, such as a calling convention; one behind the name is in capitals.
        while self.is_name(at) && self.is_name(at + 1) && (self.is_capital(at) || !self.is_capital(at + 1)) {
            at += 1;
        }
        if self.word(at) == Some(Word::Operator) {
            return self.operator(at, ty, None);
        }
        if !self.is_name(at) && !self.is_builtin_item(at) {
            return None;
        }
        let (name, class, after) = self.qualified(at);
        if self.names.facts(name).word == Word::Operator {
            return self.operator(after - 1, ty, class);
        }
        self.suffix(Declarator { name, at: after - 1, class, ty, arrays: 0, parameters: None, next: after })
    }

    fn is_capital(self, at: usize) -> bool {
        self.names.bytes(self.sym(at)).iter().all(|&b| b.is_ascii_uppercase() || b.is_ascii_digit() || b == b'_')
    }

    /// `operator->` and the other operators whose results matter.
    fn operator(self, at: usize, ty: Type, class: Option<Sym>) -> Option<Declarator> {
        let is_call = self.kind(at + 1) == Kind::LParen && self.kind(at + 2) == Kind::RParen;
        let open = (at + 1 + 2 * usize::from(is_call)..at + 4).find(|&i| self.kind(i) == Kind::LParen)?;
        let close = self.closing(open)?;
        let name = match self.kind(at + 1) {
            Kind::Arrow => Sym::ARROW,
            Kind::Star if close == open + 1 => Sym::STAR,
            Kind::LBracket => Sym::INDEX,
            Kind::LParen if is_call => Sym::CALL,
            _ => Sym::NONE,
        };
        Some(Declarator {
            name,
            at,
            class,
            ty: ty.as_function(),
            arrays: 0,
            parameters: Some((open, close)),
            next: close + 1,
        })
    }

    /// `(*name)(…)`, `(*name[3])(…)`, `(name)`.
    fn nested_declarator(self, open: usize, ty: Type) -> Option<Declarator> {
        let close = self.closing(open)?;
        let inner =
            (open + 1..close.min(open + 12)).take_while(|&i| !matches!(self.kind(i), Kind::LParen | Kind::LBracket));
        let at = inner.filter(|&i| self.is_name(i)).last()?;
        let stars = self.code[open..at].iter().filter(|t| t.kind == Kind::Star).count();
        let is_function = self.kind(close + 1) == Kind::LParen;
        if stars == 0 && !is_function {
            return None;
        }
        let arrays = self.code[at..close].iter().filter(|t| t.kind == Kind::LBracket).count();
        let ty =
            if is_function { ty.as_function() } else { ty.pointer(u8::try_from(stars + arrays).unwrap_or(u8::MAX)) };
        self.suffix(Declarator {
            name: self.sym(at),
            at,
            class: None,
            ty,
            arrays: 0,
            parameters: None,
            next: close + 1,
        })
    }

    /// What follows the name: dimensions, a parameter list, a bit field's width.
    fn suffix(self, mut read: Declarator) -> Option<Declarator> {
        for _ in 0..8 {
            match self.kind(read.next) {
                Kind::LBracket => {
                    read.ty = read.ty.pointer(1);
                    read.arrays = read.arrays.saturating_add(1);
                    read.next = self.closing(read.next)? + 1;
                }
                Kind::LParen => {
                    let close = self.closing(read.next)?;
                    let known = *read.parameters.get_or_insert((read.next, close));
                    if known.0 != read.next
                        && let Some(class) = self.wrapped_member(known)
                    {
                        // `void NOINLINE(Class::method)(int x)`
                        read.class = Some(class);
                        read.parameters = Some((read.next, close));
                    }
                    read.ty = read.ty.as_function();
                    read.next = close + 1;
                }
                _ => break,
            }
        }
        let follows = matches!(
            self.kind(read.next),
            Kind::Semi
                | Kind::Comma
                | Kind::Assign
                | Kind::Colon
                | Kind::LBrace
                | Kind::RParen
                | Kind::Ident
                | Kind::End
                | Kind::RBrace
                | Kind::AmpAmp
                | Kind::Amp
        );
        // `f() -> T`; `MACRO x->y` is an expression.
        let trailing = self.kind(read.next) == Kind::Arrow && read.parameters.is_some();
        if trailing && let Some(ty) = self.trailing(read.next + 1) {
            read.ty = ty.as_function();
        }
        (follows || trailing).then_some(read)
    }

    /// The class, if the parentheses hold nothing but `Class::method`.
    fn wrapped_member(self, (open, close): (usize, usize)) -> Option<Sym> {
        let (_, class, after) = self.qualified(open + 1);
        class.filter(|_| after == close)
    }

    /// The type behind the `->` of `auto f() -> T *`.
    pub(crate) fn trailing(self, from: usize) -> Option<Type> {
        let ends = |at: &usize| matches!(self.kind(*at), Kind::LBrace | Kind::Semi | Kind::Assign | Kind::End);
        let end = (from..from + 32).find(ends)?;
        self.type_name(from, end)
    }

    /// From behind an enumerator's name to the comma or bracket that ends it.
    pub(crate) fn enumerator_end(self, from: usize) -> usize {
        let mut at = from;
        while at < self.code.len() {
            match self.kind(at) {
                Kind::Comma | Kind::RBrace | Kind::Semi | Kind::End => break,
                Kind::LParen => at = self.closing(at).unwrap_or(at),
                _ => {}
            }
            at += 1;
        }
        at
    }

    /// The parameters between the parentheses at `open` and `close`: name and type, unnamed ones with [`Sym::NONE`].
    pub(crate) fn parameters(self, open: usize, close: usize) -> Vec<(Sym, Type)> {
        let mut found = Vec::new();
        let mut start = open + 1;
        let mut depth = 0_i32;
        let end = close.min(self.code.len().saturating_sub(1));
        let mut at = open + 1;
        while at <= end {
            match self.kind(at) {
                Kind::LParen | Kind::LBracket | Kind::LBrace => depth += 1,
                Kind::RParen | Kind::RBracket | Kind::RBrace if at < close => depth -= 1,
                Kind::Less if self.cpp => {
                    // `std::map<int, T> x` is one parameter.
                    at = self.after_template(at).filter(|&after| after <= close).map_or(at, |after| after - 1);
                }
                Kind::Comma if depth == 0 => {
                    found.extend(self.parameter(start, at));
                    start = at + 1;
                }
                _ if at == close => found.extend(self.parameter(start, at)),
                _ => {}
            }
            at += 1;
        }
        found
    }

    fn parameter(self, from: usize, to: usize) -> Option<(Sym, Type)> {
        let inside = Syntax { code: self.code.get(..to)?, ..self };
        let Some(read) = inside.specifiers(from) else {
            return inside.type_name(from, to).map(|ty| (Sym::NONE, ty));
        };
        let unnamed = || {
            let (pointers, _) = inside.pointers(read.next);
            (Sym::NONE, read.base.pointer(pointers))
        };
        let declarator = inside.declarator(read.next, read.base);
        Some(declarator.map_or_else(unnamed, |declarator| (declarator.name, declarator.ty)))
    }
}

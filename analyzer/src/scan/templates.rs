//! Templates: their parameters, the arguments that they are given, and what becomes of types inside.

use crate::lexer::{Kind, Names, Sym, Word};

use super::syntax::Syntax;
use super::types::{Base, Type};

/// Arguments of one template that are read.
const MAX_ARGUMENTS: usize = 8;
/// Templates in arguments of templates.
const MAX_NESTING: u8 = 4;
/// Tokens of one list of arguments.
const REACH: usize = 256;

impl Syntax<'_> {
    /// The type that a name is whose tokens end before `after`: with its arguments, if it has any.
    pub(super) fn named_type(self, name: Sym, from: usize, after: usize) -> Base {
        if !self.cpp || self.nested >= MAX_NESTING || self.kind(after.wrapping_sub(1)) != Kind::Greater {
            return Base::Named(name);
        }
        match self.opening(from, after - 1) {
            Some(open) => self.applied(name, open, after - 1),
            None => Base::Named(name),
        }
    }

    /// `name` with the arguments between `<` at `open` and `>` at `close`.
    pub(crate) fn applied(self, name: Sym, open: usize, close: usize) -> Base {
        let inside = Syntax { nested: self.nested + 1, ..self };
        let mut list = Vec::new();
        for (from, to) in self.parts(open, close) {
            list.push(inside.type_name(from, to).unwrap_or(Type::OTHER).packed());
        }
        Base::Applied(name, self.names.list(list))
    }

    /// The `<` that the `>` at `close` closes, not before `from`.
    fn opening(self, from: usize, close: usize) -> Option<usize> {
        let mut depth = 0_u32;
        for at in (from..=close).rev().take(REACH) {
            match self.kind(at) {
                Kind::Greater => depth += 1,
                Kind::Less => {
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

    /// The parts between the commas of the list from `open` to `close`.
    pub(super) fn parts(self, open: usize, close: usize) -> Vec<(usize, usize)> {
        let mut parts = Vec::new();
        let (mut depth, mut start) = (0_i32, open + 1);
        for at in open + 1..=close {
            match self.kind(at) {
                Kind::Less | Kind::LParen | Kind::LBracket => depth += 1,
                Kind::RParen | Kind::RBracket => depth -= 1,
                Kind::Greater if at < close => depth -= 1,
                Kind::Comma if depth == 0 => {
                    parts.push((start, at));
                    start = at + 1;
                }
                _ if at == close => parts.push((start, at)),
                _ => {}
            }
            if parts.len() >= MAX_ARGUMENTS {
                break;
            }
        }
        parts
    }

    /// The parameters of the template whose `<` is at `open`, with the `>` before `after`.
    pub(super) fn template_parameters(self, open: usize, after: usize) -> Vec<(Sym, Type)> {
        let mut found = Vec::new();
        for (from, to) in self.parts(open, after.saturating_sub(1)) {
            let equals = (from..to).find(|&at| self.kind(at) == Kind::Assign);
            let name = (from..equals.unwrap_or(to)).rev().find(|&at| self.word(at) == Some(Word::Name));
            let default = equals.and_then(|at| Syntax { nested: self.nested + 1, ..self }.type_name(at + 1, to));
            found.push((name.map_or(Sym::NONE, |at| self.sym(at)), default.unwrap_or(Type::UNKNOWN)));
        }
        found
    }
}

/// Argument `at` of the list.
pub(crate) fn argument(names: &Names, list: u32, at: usize) -> Type {
    names.list_entry(list, at).map_or(Type::UNKNOWN, Type::unpacked)
}

/// `ty` with the arguments of `list` for `parameters`.
pub(crate) fn substituted(names: &Names, ty: Type, parameters: &[(Sym, Type)], list: u32) -> Type {
    substituted_at(names, ty, parameters, list, 0)
}

fn substituted_at(names: &Names, ty: Type, parameters: &[(Sym, Type)], list: u32, nesting: u8) -> Type {
    match ty.base {
        Base::Named(name) => {
            let Some(at) = parameters.iter().position(|(parameter, _)| *parameter == name) else { return ty };
            let given = names.list_entry(list, at).map_or(parameters[at].1, Type::unpacked);
            Type {
                base: given.base,
                pointers: ty.pointers.saturating_add(given.pointers),
                function: ty.function || given.function,
            }
        }
        Base::Applied(name, inner) if nesting < MAX_NESTING => {
            let list = names
                .whole_list(inner)
                .into_iter()
                .map(|packed| substituted_at(names, Type::unpacked(packed), parameters, list, nesting + 1).packed());
            Type { base: Base::Applied(name, names.list(list.collect())), ..ty }
        }
        _ => ty,
    }
}

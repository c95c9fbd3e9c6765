//! What macros' uses say about types in their bodies: of parameters, by the arguments, and of the variables that a body
//! finds where it is used.

use crate::lexer::Sym;
use crate::scan::{FastMap, Type};

/// The types, by macro. What was seen first counts; where no use of the very macro was seen, one of another of the same
/// name does.
#[derive(Debug, Default)]
pub(crate) struct Given {
    arguments: FastMap<(u32, u8), Type>,
    arguments_by_name: FastMap<(Sym, u8), Type>,
    free: FastMap<(u32, Sym), Type>,
    free_by_name: FastMap<(Sym, Sym), Type>,
}

impl Given {
    /// The macro `number` was called with an argument of this type.
    pub(crate) fn argument(&mut self, number: u32, position: u8, ty: Type) {
        self.arguments.entry((number, position)).or_insert(ty);
    }

    /// Some macro of this name was.
    pub(crate) fn argument_of(&mut self, name: Sym, position: u8, ty: Type) {
        self.arguments_by_name.entry((name, position)).or_insert(ty);
    }

    /// Where the macro `number`, which has this name, is used, a variable has this type.
    pub(crate) fn variable(&mut self, number: u32, name: Sym, variable: Sym, ty: Type) {
        self.free.entry((number, variable)).or_insert(ty);
        self.free_by_name.entry((name, variable)).or_insert(ty);
    }

    /// The type of a parameter.
    pub(crate) fn parameter(&self, number: u32, name: Sym, position: u8) -> Option<Type> {
        self.arguments.get(&(number, position)).or_else(|| self.arguments_by_name.get(&(name, position))).copied()
    }

    /// The type of a variable that the body finds where it is used.
    pub(crate) fn free(&self, number: u32, name: Sym, variable: Sym) -> Option<Type> {
        self.free.get(&(number, variable)).or_else(|| self.free_by_name.get(&(name, variable))).copied()
    }
}

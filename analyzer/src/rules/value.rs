//! Declarations of CPython's structures by value: what static types, module definitions and layouts share.

use capi::Structure;

use crate::judge::{Resolver, Walk};
use crate::lexer::{Kind, Sym};
use crate::scan::{Declarator, Guard, Specifiers};

/// A variable or field that is a CPython structure, not a pointer to one; arrays count.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Value {
    /// The structure.
    pub(crate) structure: &'static Structure,
    /// When it is that.
    pub(crate) guard: Guard,
    /// The variable or field.
    pub(crate) name: Sym,
    /// Index of the name.
    pub(crate) name_at: usize,
    /// Index of the last token of the type.
    pub(crate) type_at: usize,
    /// It lives as long as the program and is defined here, not only declared.
    pub(crate) is_static: bool,
    /// It has an initialiser.
    pub(crate) is_initialised: bool,
}

/// What the declaration says, if it is of that sort: one value, or one for each condition under which it is another
/// structure.
pub(super) fn by_value(walk: &mut Walk<'_, '_>, read: Specifiers, declarator: Declarator) -> Vec<Value> {
    if read.storage.is_typedef || declarator.ty.function {
        return Vec::new();
    }
    let is_initialised = matches!(walk.kind(declarator.next), Kind::Assign | Kind::LBrace);
    if read.storage.is_extern && !is_initialised {
        return Vec::new();
    }
    let is_field = walk.in_record();
    let guard = walk.guard_at(declarator.at);
    let structures = Resolver::structures(walk.project, walk.file, guard, declarator.ty);
    let by_value = structures.into_iter().filter(|(_, ty, _)| ty.pointers == declarator.arrays);
    let is_static = !is_field && (read.storage.is_static || !walk.in_function());
    let value = |(structure, _, guard)| Value {
        structure,
        guard,
        name: declarator.name,
        name_at: declarator.at,
        type_at: read.next.saturating_sub(1),
        is_static,
        is_initialised,
    };
    by_value.map(value).collect()
}

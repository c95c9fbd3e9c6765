//! Declarations of CPython's structures by value: what static types, module definitions and layouts share.

use capi::Structure;

use crate::judge::{Resolved, Resolver, Walk};
use crate::lexer::{Kind, Sym};
use crate::scan::{Declarator, Specifiers};

/// A variable or field that is a CPython structure, not a pointer to one; arrays count.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Value {
    /// The structure.
    pub(crate) structure: &'static Structure,
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

/// What the declaration says, if it is of that sort.
pub(super) fn by_value(walk: &mut Walk<'_, '_>, read: Specifiers, declarator: Declarator) -> Option<Value> {
    if read.storage.is_typedef || declarator.ty.function {
        return None;
    }
    let (resolved, ty) = Resolver::resolve(walk.project.names, walk.project.package, walk.file, declarator.ty);
    let Resolved::CPython(structure) = resolved else {
        return None;
    };
    if ty.pointers != declarator.arrays {
        return None;
    }
    let is_initialised = matches!(walk.kind(declarator.next), Kind::Assign | Kind::LBrace);
    let is_field = walk.in_record();
    if read.storage.is_extern && !is_initialised {
        return None;
    }
    Some(Value {
        structure,
        name: declarator.name,
        name_at: declarator.at,
        type_at: read.next.saturating_sub(1),
        is_static: !is_field && (read.storage.is_static || !walk.in_function()),
        is_initialised,
    })
}

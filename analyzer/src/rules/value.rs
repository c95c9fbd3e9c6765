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
    let between = walk.code.get(read.next..declarator.at).unwrap_or_default();
    let is_reference = between.iter().any(|t| matches!(t.kind, Kind::Amp | Kind::AmpAmp));
    if read.storage.is_typedef || is_reference {
        return None;
    }
    let mut ty = declarator.ty;
    if ty.function {
        // `PyTypeObject NAME(Foo) = {…}`: the name is a macro's.
        let is_initialised = walk.kind(declarator.next) == Kind::Assign;
        let may_be_macro =
            declarator.parameters.is_some() && (is_initialised || walk.kind(declarator.next) == Kind::Semi);
        if !may_be_macro || ty.pointers > 0 || !super::made::is_macro(walk, declarator.name) {
            return None;
        }
        ty.function = false;
    }
    let (resolved, ty) = Resolver::resolve(walk.project.names, walk.project.package, walk.file, ty);
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

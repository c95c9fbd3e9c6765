//! # layout: code that has the size of a CPython structure compiled in
//!
//! **What.** `PyObject_HEAD` and `PyObject_VAR_HEAD`; a CPython structure as a field, base or variable by value;
//! `sizeof` of one.
//!
//! **Why.** When the structure grows or becomes opaque, the code no longer compiles or, worse, no longer fits. Only a
//! few structures keep their layout in the stable ABI (PEP 384), none of the object heads in the free-threaded one
//! (PEP 803).
//!
//! **Hits.** `struct { PyListObject base; int x; }`; `sizeof(PyTypeObject)`; `PyObject_HEAD`.
//!
//! **Near misses.** Pointers to structures; `sizeof(PyObject *)`; `sizeof` of a structure of the package.

use capi::{Item, ItemKind, Structure};

use crate::judge::{Finding, Name, Part, Resolved, Resolver, Walk};
use crate::lexer::{Kind, Token};
use crate::report::Kind as Report;
use crate::scan::Guard;

use super::value::Value;

/// The field or variable `value` is a CPython structure by value.
pub(super) fn found(walk: &mut Walk<'_, '_>, value: Value) {
    let offset = walk.code[value.type_at].start;
    report(walk, value.structure, offset, value.guard);
}

/// An object head: a use of a name, and a layout besides.
pub(super) fn check_head(walk: &mut Walk<'_, '_>, item: &Item, token: Token, guard: Guard) {
    let name = item.name;
    if item.kind == ItemKind::ObjectMacro && capi::role(name).is_some_and(|role| role.role == capi::Role::ObjectHead) {
        walk.report(Finding::new(Report::Layout, Name::Known(name), token.start, guard));
    }
}

/// `sizeof(S)`, at the keyword.
pub(crate) fn check_sizeof(walk: &mut Walk<'_, '_>) {
    let syntax = walk.syntax();
    let open = walk.at + 1;
    let Some(close) = syntax.closing(open).filter(|_| syntax.kind(open) == Kind::LParen) else {
        return;
    };
    let Some(ty) = syntax.type_name(open + 1, close) else {
        return;
    };
    let (resolved, full) = Resolver::resolve(walk.project.names, walk.project.package, walk.file, ty);
    if let Resolved::CPython(structure) = resolved
        && full.pointers == 0
    {
        let guard = walk.guard_at(walk.at);
        let offset = walk.code[open + 1].start;
        report(walk, structure, offset, guard);
    }
}

fn report(walk: &mut Walk<'_, '_>, structure: &'static Structure, offset: u32, guard: Guard) {
    let needed = super::own::needed_structure(walk, structure, guard);
    let found = Finding::new(Report::Layout, Name::Known(structure.name), offset, guard);
    walk.report(Finding { part: Part { needed, ..Part::default() }, ..found });
}

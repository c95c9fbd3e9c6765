//! # layout: code that has the size of a CPython structure compiled in
//!
//! **What.** `PyObject_HEAD` and `PyObject_VAR_HEAD`; a CPython structure as a field, base or variable by value;
//! `sizeof` of one.
//!
//! **Why.** When the structure grows or becomes opaque, the code no longer compiles or, worse, no longer fits. Only a
//! few structures keep their layout in the stable ABI (PEP 384), none of the object heads in the free-threaded one
//! (PEP 803).
//!
//! **Hits.** `struct { PyListObject base; int x; }`; `struct X : PyListObject {`; `sizeof(PyTypeObject)`; `sizeof(*type)`;
//! `PyObject_HEAD`.
//!
//! **Near misses.** Pointers to structures; `sizeof(PyObject *)`; `sizeof` of a structure of the package.

use capi::{Item, ItemKind, Structure};

use crate::judge::{Finding, Name, Part, Resolved, Resolver, Walk};
use crate::lexer::{Kind, Token};
use crate::report::Kind as Report;
use crate::scan::{Base, Guard, Type};

use super::value::Value;

/// Tokens of a list of base classes.
const MAX_BASES: usize = 64;

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

/// `sizeof (x)`, behind the parenthesis that opens at `open`: x is a value of this type, not a type's name.
pub(crate) fn check_sized(walk: &mut Walk<'_, '_>, ty: Type, open: usize) {
    let (resolved, full) = Resolver::resolve(walk.project.names, walk.project.package, walk.file, ty);
    if let Resolved::CPython(structure) = resolved
        && full.pointers == 0
        && !full.function
    {
        let guard = walk.guard_at(open);
        let offset = walk.code[open + 1].start;
        report(walk, structure, offset, guard);
    }
}

/// Base classes of the class whose `{` is at the walk's place.
pub(crate) fn check_bases(walk: &mut Walk<'_, '_>) {
    let from = walk.at.saturating_sub(MAX_BASES);
    let ends = |t: &Token| matches!(t.kind, Kind::Semi | Kind::RParen | Kind::LBrace | Kind::RBrace);
    let start = walk.code[from..walk.at].iter().rposition(ends).map_or(from, |end| from + end + 1);
    let Some(colon) = walk.code[start..walk.at].iter().position(|t| t.kind == Kind::Colon) else { return };
    let mut depth = 0_u32;
    for at in start + colon + 1..walk.at {
        match walk.kind(at) {
            Kind::Less => depth += 1,
            Kind::Greater => depth = depth.saturating_sub(1),
            Kind::Ident if depth == 0 => check_base(walk, at),
            _ => {}
        }
    }
}

fn check_base(walk: &mut Walk<'_, '_>, at: usize) {
    let ty = Type::of(Base::Named(walk.sym(at)));
    let (resolved, full) = Resolver::resolve(walk.project.names, walk.project.package, walk.file, ty);
    if let Resolved::CPython(structure) = resolved
        && full.pointers == 0
    {
        let guard = walk.guard_at(at);
        let offset = walk.code[at].start;
        report(walk, structure, offset, guard);
    }
}

//! # api: a name of CPython's C API
//!
//! **What.** An identifier that is a function, macro, type, datum or constant of CPython's headers, in code: not in
//! comments, strings, or the conditions of `#if`.
//!
//! **Why.** Which names extensions use decides what can change, and which of them the limited API has (PEP 384,
//! PEP 652) decides whether an extension can be built for the stable ABI.
//!
//! **Hits.** `PyList_New(0)`; `&PyType_Type`; in the body of a macro; through a typedef.
//!
//! **Near misses.** A member (`api->PyList_New`), a name qualified by another class or namespace
//! (`ns::PyFoo`), a local variable or parameter of that name, a name that the package defines itself where its
//! definition is in force, half of a pasted name (`Py##x`, or `Py@x@` in a template), the name that a declaration
//! declares.

use capi::{Item, ItemKind};

use crate::judge::{Finding, Name, Walk};
use crate::lexer::{Kind, Token};
use crate::report::Kind as Report;

/// Looks at the identifier at the walk's place.
pub(crate) fn check(walk: &mut Walk<'_, '_>, token: Token) {
    let facts = walk.project.names.facts(token.sym);
    let Some(item) = facts.item else { return };
    // Names that only CPython's internal headers have need those headers, which have a rule of their own.
    if item.public.is_none() && !walk.sees_internals || is_part_of_another(walk) || is_declared(walk, item) {
        return;
    }
    if walk.local(token.sym).is_some() || is_called_constant(walk, item) {
        return;
    }
    let guard = walk.guard_at(walk.at);
    let Some(left) = super::own::remaining(walk, token.sym, guard) else {
        return;
    };
    let found = Finding::new(Report::Api, Name::Known(item.name), token.start, left.guard);
    walk.report(Finding { part: left.part, ..found });
    super::layout::check_head(walk, item, token, left.guard);
}

/// Whether the identifier is called although CPython's is a number: another library's macro of that name.
fn is_called_constant(walk: &Walk<'_, '_>, item: &Item) -> bool {
    let is_number = match item.kind {
        ItemKind::EnumConstant => true,
        // `T_INT`, `READONLY`; one with the prefix may stand for a function.
        ItemKind::ObjectMacro => !item.name.trim_start_matches('_').starts_with(['P', 'p']),
        _ => false,
    };
    is_number && walk.kind(walk.at + 1) == Kind::LParen
}

/// Whether the identifier is the name that a declaration declares. A macro is not, whatever follows it looks like.
fn is_declared(walk: &Walk<'_, '_>, item: &Item) -> bool {
    let is_macro = matches!(item.kind, ItemKind::FunctionMacro | ItemKind::ObjectMacro);
    walk.at == walk.declared_at && !is_macro || walk.is_parameter_name() || walk.is_enumerator()
}

/// Whether the identifier is qualified, pasted or turned into a string.
fn is_part_of_another(walk: &Walk<'_, '_>) -> bool {
    let at = walk.at;
    let before = |back: usize| at.checked_sub(back).map_or(Kind::End, |at| walk.kind(at));
    let qualified = before(1) == Kind::Scope && matches!(before(2), Kind::Ident | Kind::Greater);
    qualified
        || matches!(before(1), Kind::Dot | Kind::Arrow | Kind::Paste | Kind::Hash)
        || walk.kind(at + 1) == Kind::Paste
        || is_beside_a_gap(walk)
}

/// Whether a template's gap touches the identifier: `PyLong_As@name@` is another name once it is filled.
fn is_beside_a_gap(walk: &Walk<'_, '_>) -> bool {
    let token = walk.code[walk.at];
    let end = token.start as usize + walk.project.names.bytes(token.sym).len();
    let before = walk.at.checked_sub(1).and_then(|at| walk.code.get(at));
    let after = walk.code.get(walk.at + 1);
    before.is_some_and(|gap| gap.kind == Kind::Stray && gap.start + 1 == token.start)
        || after.is_some_and(|gap| gap.kind == Kind::Stray && gap.start as usize == end)
}

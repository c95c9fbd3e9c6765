//! # static-type: a `PyTypeObject` with static storage
//!
//! **What.** The definition of a variable of type `PyTypeObject`, initialised or not, alone or in an array, or made by
//! a macro of the package.
//!
//! **Why.** Its layout is compiled in, so it cannot be built for the stable ABI (PEP 384), is shared between
//! sub-interpreters (PEP 630), and keeps `PyTypeObject` and `PyObject` from becoming opaque (bpo-40170).
//! `PyType_FromSpec` makes a heap type instead.
//!
//! **Hits.** `PyTypeObject T = {…};` `static PyTypeObject T;` `static PyTypeObject types[3];`
//!
//! **Near misses.** `extern PyTypeObject T;`; a pointer to one; a forward declaration of one defined in the same file.

use crate::judge::{Finding, Judged, Name, Walk};
use crate::lexer::{Kind, Sym, Token};
use crate::report::{Access, Accesses, Kind as Report};
use crate::scan::What;

use super::value::Value;

/// The definition `value` is a static type.
pub(super) fn found(walk: &mut Walk<'_, '_>, value: Value) {
    if walk.is_macro_body() {
        // The type is made where the macro is used.
        return;
    }
    let offset = walk.code[value.name_at].start;
    let guard = value.guard;
    walk.report(Finding {
        // Kept until the file's end, to tell definitions from forward declarations.
        access: if value.is_initialised { Access::Init.into() } else { Accesses::default() },
        ..Finding::new(Report::StaticType, Name::Own(value.name), offset, guard)
    });
}

/// Drops forward declarations of types that the same file defines, from `judged`, a whole file.
pub(crate) fn settle(judged: &mut Judged) {
    let initialised: Vec<Name> = judged
        .findings
        .iter()
        .filter(|f| f.kind == Report::StaticType && !f.access.is_empty())
        .map(|f| f.name)
        .collect();
    judged.findings.retain(|f| f.kind != Report::StaticType || !f.access.is_empty() || !initialised.contains(&f.name));
    for found in judged.findings.iter_mut().filter(|f| f.kind == Report::StaticType) {
        found.access = Accesses::default();
    }
}

/// The identifier at the walk's place: if it is a macro of the package that makes a type, this is where it does.
pub(crate) fn check_macro(walk: &mut Walk<'_, '_>, token: Token) {
    let package = walk.project.package;
    let makes = package.visible(token.sym, walk.file).find_map(|declared| match declared.what {
        What::Macro(number) => package.macros.get(number as usize).filter(|made| made.makes_type),
        _ => None,
    });
    let Some(made) = makes else { return };
    // The name is usually an argument, or made from the first one.
    let has_arguments = made.definition.parameters.is_some() && walk.kind(walk.at + 1) == Kind::LParen;
    let argument = walk.sym(walk.at + 2);
    let name = if has_arguments && argument != Sym::NONE { argument } else { token.sym };
    let guard = walk.guard_at(walk.at);
    walk.report(Finding {
        access: Access::Init.into(),
        ..Finding::new(Report::StaticType, Name::Own(name), token.start, guard)
    });
}

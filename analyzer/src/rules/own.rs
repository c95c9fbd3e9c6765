//! Names that the package defines itself.
//!
//! A function, macro, type or variable of the package hides CPython's of the same name, where its definition is in
//! force: `pythoncapi_compat.h` defines `Py_NewRef` below Python 3.10, so a call of it is a use of CPython's from
//! 3.10 on. A declaration alone hides nothing, nor does a typedef that names CPython's own structure again.
//!
//! For verdicts it also matters which names the public headers have to show: not those that the package provides in a
//! version that lacks them, nor those that the internal headers show that the file includes.

use capi::{ItemKind, Structure, VersionRange};

use crate::Condition;
use crate::judge::{Part, Resolved, Resolver, Walk};
use crate::lexer::Sym;
use crate::scan::{self, Declared, Guard, What};

/// Where a name means CPython's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Remaining {
    /// When.
    pub(crate) guard: Guard,
    /// When CPython's headers have to show it, and when nobody defines it.
    pub(crate) part: Part<Guard>,
}

/// When `name`, used where the preprocessor keeps `guard`, means CPython's; `None` if it never does.
pub(crate) fn remaining(walk: &mut Walk<'_, '_>, name: Sym, guard: Guard) -> Option<Remaining> {
    let package = walk.project.package;
    let may_be_own = !package.declarations(name).is_empty() || walk.sees_internals;
    if !may_be_own && !walk.project.is_declared_inside(walk.file, name) {
        return Some(Remaining { guard, part: Part::default() });
    }
    let key = (walk.file, name, guard);
    if let Some(&known) = walk.project.remaining.get(&key) {
        return known;
    }
    let mut left = walk.project.guards.condition(guard).clone();
    let mut is_own = false;
    for declared in package.declarations(name) {
        if hides(walk, name, declared) {
            let defined = walk.project.guards.condition(declared.guard);
            left = left.and(&defined.negate());
            is_own = true;
        }
    }
    let left = walk.project.guards.number(left);
    let needed = needed(walk, name, left, is_own);
    let missing = needed.filter(|_| is_own && !walk.sees_internals).map(|needed| {
        let rest = walk.project.guards.condition(needed).negate();
        let rest = walk.project.guards.number(rest);
        walk.project.guards.both(left, rest)
    });
    let remaining =
        (left != Guard::NEVER).then_some(Remaining { guard: left, part: Part { needed, missing, ..Part::default() } });
    walk.project.remaining.insert(key, remaining);
    remaining
}

/// Where CPython's headers have to show a name for code kept under `left`, if that is less. A name that the package
/// defines, or only declares, is CPython's in versions that have it; in the others it is the package's, even where that
/// switches its definition off. And what internal headers have needs no more than these, where they are included.
fn needed(walk: &mut Walk<'_, '_>, name: Sym, left: Guard, is_own: bool) -> Option<Guard> {
    let facts = walk.project.names.facts(name);
    let item = facts.item?;
    let package = walk.project.package;
    let is_own = is_own
        || walk.project.is_declared_inside(walk.file, name)
        || package.visible(name, walk.file).any(is_prototype);
    let mut needed = left;
    if is_own {
        // A header that only names a structure's tag is enough for pointers to it.
        let internal = item.internal.filter(|_| item.kind == ItemKind::Structure);
        let known = any_of(item.public.into_iter().chain(internal));
        let known = walk.project.guards.number(known);
        needed = walk.project.guards.both(needed, known);
    }
    // What public headers name without showing members, internal ones show.
    let tag = item.public.filter(|_| item.kind == ItemKind::Structure && facts.structure.is_none());
    let structure = facts.structure.and_then(|structure| structure.internal);
    let internal = item.internal.into_iter().chain(structure).chain(tag);
    let needed = without_internals(walk, needed, internal);
    (needed != left).then_some(needed)
}

/// When a structure has to be shown by public headers, for code kept under `guard`, if not always: not where internal
/// ones show it.
pub(super) fn needed_structure(walk: &mut Walk<'_, '_>, structure: &Structure, guard: Guard) -> Option<Guard> {
    let needed = without_internals(walk, guard, structure.internal.into_iter());
    (needed != guard).then_some(needed)
}

/// `guard` without the builds in which the file has the text of internal headers that have these `versions` of something.
fn without_internals(walk: &mut Walk<'_, '_>, guard: Guard, versions: impl Iterator<Item = VersionRange>) -> Guard {
    if !walk.sees_internals {
        return guard;
    }
    let package = walk.project.package;
    let mut included = Guard::NEVER;
    for one in package.internal_includes(walk.file) {
        included = walk.project.guards.either(included, one);
    }
    let shown = any_of(versions).and(walk.project.guards.condition(included));
    let hidden = walk.project.guards.number(shown.negate());
    walk.project.guards.both(guard, hidden)
}

fn any_of(ranges: impl Iterator<Item = VersionRange>) -> Condition {
    ranges.fold(Condition::never(), |all, range| all.or(&scan::versions(range)))
}

/// Whether this says only that something exists.
fn is_prototype(declared: &Declared) -> bool {
    match declared.what {
        What::Function { defined, .. } | What::Variable { defined, .. } => !defined && !declared.local,
        _ => false,
    }
}

fn hides(walk: &Walk<'_, '_>, name: Sym, declared: &Declared) -> bool {
    let package = walk.project.package;
    let is_visible = package.sees(walk.file, declared.file);
    match declared.what {
        What::Macro(_) | What::Record(_) => is_visible,
        // A prototype that is `static` has its definition in the same file.
        What::Function { .. } if declared.local => is_visible,
        What::Function { defined, .. } => defined,
        What::Variable { defined, .. } => defined && (is_visible || !declared.local),
        What::Typedef(ty) => {
            let structure = walk.project.names.facts(name).structure;
            let resolved = Resolver::resolve(walk.project.names, package, declared.file, ty).0;
            let same = matches!((resolved, structure), (Resolved::CPython(to), Some(of)) if std::ptr::eq(to, of));
            // `typedef struct _longobject PyLongObject;` says again what CPython says.
            is_visible && !same
        }
    }
}

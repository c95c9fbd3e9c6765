//! Names that the package defines itself.
//!
//! A function, macro, type or variable of the package hides CPython's of the same name, where its definition is in
//! force: `pythoncapi_compat.h` defines `Py_NewRef` below Python 3.10, so a call of it is a use of CPython's from
//! 3.10 on. A declaration alone hides nothing, nor does a typedef that names CPython's own structure again.

use crate::judge::{Resolved, Resolver, Walk};
use crate::lexer::Sym;
use crate::scan::{Declared, Guard, What};

/// When `name`, used where the preprocessor keeps `guard`, means CPython's; `None` if it never does.
pub(crate) fn remaining(walk: &mut Walk<'_, '_>, name: Sym, guard: Guard) -> Option<Guard> {
    let package = walk.project.package;
    if package.declarations(name).is_empty() {
        return Some(guard);
    }
    let key = (walk.file, name, guard);
    if let Some(&known) = walk.project.remaining.get(&key) {
        return known;
    }
    let mut left = walk.project.guards.condition(guard).clone();
    for declared in package.declarations(name) {
        if hides(walk, name, declared) {
            let defined = walk.project.guards.condition(declared.guard);
            left = left.and(&defined.negate());
        }
    }
    let left = walk.project.guards.number(left);
    let left = (left != Guard::NEVER).then_some(left);
    walk.project.remaining.insert(key, left);
    left
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

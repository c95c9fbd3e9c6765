//! # static-type: a `PyTypeObject` with static storage
//!
//! **What.** The definition of a variable of type `PyTypeObject`, initialised or not, alone or in an array. Those that a
//! macro of the package makes are found by [`super::made`].
//!
//! **Why.** Its layout is compiled in, so it cannot be built for the stable ABI (PEP 384), is shared between
//! sub-interpreters (PEP 630), and keeps `PyTypeObject` and `PyObject` from becoming opaque (bpo-40170).
//! `PyType_FromSpec` makes a heap type instead.
//!
//! **Hits.** `PyTypeObject T = {…};` `static PyTypeObject T;` `static PyTypeObject types[3];`
//!
//! **Near misses.** `extern PyTypeObject T;`; a pointer to one; a forward declaration of one defined in the same file.

use hashbrown::HashSet;
use rustc_hash::FxBuildHasher;

use crate::judge::{Finding, Judged, Name, Walk};
use crate::report::{Access, Accesses, Kind as Report};

use super::value::Value;

/// The definition `value` is a static type.
pub(super) fn found(walk: &mut Walk<'_, '_>, value: Value) {
    if walk.is_macro_body() {
        // The type is made where the macro is used.
        return;
    }
    let here = (walk.file, walk.code[value.name_at].start);
    let (name, written) = super::made::declared_name(walk, value.name, value.name_at).unwrap_or((value.name, None));
    let (file, offset) = written.unwrap_or(here);
    let guard = value.guard;
    let finding = Finding {
        // Kept until the file's end, to tell definitions from forward declarations.
        access: if value.is_initialised { Access::Init.into() } else { Accesses::default() },
        ..Finding::new(Report::StaticType, Name::Own(name), offset, guard)
    };
    if file == walk.file {
        walk.report(finding);
    } else {
        walk.project.elsewhere.push((file, finding));
    }
}

/// Drops forward declarations of types that the same file defines, from `judged`, a whole file.
pub(crate) fn settle(judged: &mut Judged) {
    let initialised: HashSet<Name, FxBuildHasher> = judged
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

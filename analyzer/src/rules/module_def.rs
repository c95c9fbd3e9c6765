//! # module-def: a `PyModuleDef` with static storage
//!
//! **What.** The definition of a variable of type `PyModuleDef`.
//!
//! **Why.** The free-threaded stable ABI hides the structure (PEP 803): such a module has to export slots instead
//! (PEP 793, PEP 820). For `abi3` it is fine.
//!
//! **Hits.** `static struct PyModuleDef def = {PyModuleDef_HEAD_INIT, "x", …};`
//!
//! **Near misses.** `extern`, and pointers.

use crate::judge::{Finding, Name, Walk};
use crate::report::Kind as Report;

use super::value::Value;

/// The definition `value` is a module's.
pub(super) fn found(walk: &mut Walk<'_, '_>, value: Value) {
    if walk.is_macro_body() {
        // It is made where the macro is used.
        return;
    }
    let offset = walk.code[value.name_at].start;
    let guard = value.guard;
    walk.report(Finding::new(Report::ModuleDef, Name::Own(value.name), offset, guard));
}

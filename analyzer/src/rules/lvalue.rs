//! # lvalue: a macro that is assigned to
//!
//! **What.** `M(x) = y`, compound assignments, `++` and `--`, `&M(x)`, and `M(x)` where a macro or function writes to
//! its argument (`Py_CLEAR(M(x))`, `std::swap`), for the macros that once expanded to an l-value.
//!
//! **Why.** PEP 674 wants these macros to be functions, so that members can move; code that assigns to them stops
//! compiling. `Py_TYPE(x) = y` already fails since Python 3.11.
//!
//! **Hits.** `Py_TYPE(self) = &Foo_Type;` `(Py_SIZE(x)) += 1;` `Py_CLEAR(PyTuple_GET_ITEM(t, 0));` over any lines.
//!
//! **Near misses.** `Py_TYPE(x) == y`; `Py_TYPE(x)->tp_name = y` (a member access); `f(Py_TYPE(x))`; `x = Py_TYPE(y)`.

use crate::judge::{Call, Finding, Name, Operand, Place, Walk};
use crate::lexer::Sym;
use crate::report::{Access, Kind as Report};

/// Whether a call of `callee` may be an l-value.
pub(crate) fn is_candidate(walk: &Walk<'_, '_>, callee: Sym) -> bool {
    walk.project.names.facts(callee).lvalue
}

/// The call of `name` at `at` is written, or has its address taken.
pub(crate) fn found(walk: &mut Walk<'_, '_>, name: Sym, at: usize, access: Access) {
    let Some(known) = capi::lvalue_macro(&walk.project.names.text(name)) else {
        return;
    };
    let guard = walk.guard_at(at);
    let Some(left) = super::own::remaining(walk, name, guard) else {
        return;
    };
    walk.report(Finding {
        access: access.into(),
        part: left.part,
        ..Finding::new(Report::Lvalue, Name::Known(known.name), walk.code[at].start, left.guard)
    });
}

/// An argument of a call ends: the call may write to it.
pub(crate) fn argument(walk: &mut Walk<'_, '_>, call: Call, operand: Operand) {
    if operand.place == Place::None {
        return;
    }
    let callee = walk.project.names.text(call.callee);
    let assigns = |role: &capi::NamedRole| role.role == capi::Role::AssignsFirstArgument;
    // `std::swap` writes to both.
    let writes = callee == "swap" || call.argument == 0 && capi::role(&callee).is_some_and(assigns);
    if writes {
        walk.touch(operand.place, Access::Write);
    }
}

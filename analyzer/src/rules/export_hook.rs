//! # export-hook: how a module is found by the interpreter
//!
//! **What.** The definition of `PyInit_name` or `PyModExport_name`.
//!
//! **Why.** The free-threaded stable ABI wants `PyModExport_name` (PEP 793); a module may have both.
//!
//! **Hits.** `PyMODINIT_FUNC PyInit_spam(void) {`; a macro of the package that makes such a function ([`super::made`]).
//!
//! **Near misses.** A prototype; a call; `initspam` of Python 2.

use crate::judge::{Finding, Name, Walk};
use crate::lexer::Kind;
use crate::report::Kind as Report;
use crate::scan::Declarator;

/// Looks at one declared name.
pub(super) fn check(walk: &mut Walk<'_, '_>, declarator: Declarator) {
    if is_hook(walk.project.names.bytes(declarator.name))
        && declarator.parameters.is_some()
        && walk.kind(declarator.next) == Kind::LBrace
    {
        let guard = walk.guard_at(declarator.at);
        let offset = walk.code[declarator.at].start;
        walk.report(Finding::new(Report::ExportHook, Name::Own(declarator.name), offset, guard));
    }
}

/// Whether the interpreter looks for functions of this name.
pub(crate) fn is_hook(name: &[u8]) -> bool {
    [capi::INIT_HOOK, capi::EXPORT_HOOK].iter().any(|prefix| name.starts_with(prefix.as_bytes()))
}

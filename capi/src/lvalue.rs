//! Macros that could once be assigned to (PEP 674).

use crate::lookup::sorted;
use crate::tables::LVALUES;
use crate::{Alternative, VersionRange};

/// A macro whose expansion was, or still is, an l-value.
#[derive(Debug, Clone, Copy)]
pub struct LvalueMacro {
    /// The macro.
    pub name: &'static str,
    /// Versions in which the compiler accepts it on the left of an assignment; `None`: it never did.
    pub assignable: Option<VersionRange>,
    /// Whether PEP 674 lists it.
    pub pep674: bool,
    /// The structure members behind it, such as `PyObject.ob_type`.
    pub members: &'static [&'static str],
    /// What to call instead of assigning.
    pub setters: &'static [Alternative],
    /// What else there is to say.
    pub note: Option<&'static str>,
}

/// The l-value macro of this name.
pub fn lvalue_macro(name: &str) -> Option<&'static LvalueMacro> {
    sorted(&LVALUES, name, |lvalue| lvalue.name)
}

/// All of them, sorted by name.
pub fn lvalue_macros() -> &'static [LvalueMacro] {
    &LVALUES
}

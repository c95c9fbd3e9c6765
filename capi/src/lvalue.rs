//! Macros that could once be assigned to (PEP 674).

use crate::{Alternative, VersionRange};

/// A macro whose expansion was, or still is, an l-value.
#[derive(Debug, Clone, Copy)]
pub struct LvalueMacro {
    /// The macro.
    pub name: &'static str,
    /// Versions in which the compiler accepts it on the left of an assignment.
    pub assignable: Option<VersionRange>,
    /// Whether PEP 674 lists it.
    pub pep674: bool,
    /// What to call instead of assigning.
    pub setters: &'static [Alternative],
}

/// The l-value macro of this name.
pub fn lvalue_macro(name: &str) -> Option<&'static LvalueMacro> {
    lvalue_macros().iter().find(|m| m.name == name)
}

/// All of them, sorted by name.
pub fn lvalue_macros() -> &'static [LvalueMacro] {
    &[]
}

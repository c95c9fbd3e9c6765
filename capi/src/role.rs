//! Names that an analysis treats in a way of their own, and what functions return.

use crate::item::{Alternative, item};
use crate::lookup::sorted;
use crate::tables::{RETURNS, ROLES};

/// What a name does beyond being used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Role {
    /// A macro that embeds an object's head in a structure (`PyObject_HEAD`).
    ObjectHead,
    /// A macro that initialises such a head (`PyVarObject_HEAD_INIT`).
    HeadInitialiser,
    /// A structure whose variables are static types.
    TypeObject,
    /// The function that finishes a static type.
    TypeReady,
    /// The structure whose variables are module definitions.
    ModuleDef,
    /// A function that makes a module from a definition.
    ModuleCreation,
    /// A macro that assigns to its first argument (`Py_CLEAR`), which is then an l-value.
    AssignsFirstArgument,
    /// A macro around a type that makes `extern` of it (`PyAPI_DATA`).
    Extern,
}

/// A name with a role.
#[derive(Debug, Clone, Copy)]
pub struct NamedRole {
    /// The item.
    pub name: &'static str,
    /// What it does.
    pub role: Role,
    /// The structure it does it to.
    pub structure: Option<&'static str>,
}

/// The role of this name.
pub fn role(name: &str) -> Option<&'static NamedRole> {
    sorted(&ROLES, name, |role| role.name)
}

/// Every name with a role, sorted.
pub fn roles() -> &'static [NamedRole] {
    &ROLES
}

/// What a static type is replaced by: the function that makes a heap type (PEP 384).
pub fn instead_of_static_types() -> Option<Alternative> {
    item("PyType_FromSpec").map(|maker| Alternative {
        name: maker.name,
        since: maker.public.map(|range| range.first),
        limited_since: maker.limited_since,
        compat_below: None,
    })
}

/// The C type that the function or macro of this name returns, such as `PyThreadState *`; `None`: not known
/// or not a structure of CPython.
pub fn return_type(name: &str) -> Option<&'static str> {
    sorted(&RETURNS, name, |entry| entry.0).map(|entry| entry.1)
}

//! The state of an expression while it is read from left to right.

use super::scope::{Module, Type};

/// What has been read of an operand.
#[derive(Debug, Clone, Copy)]
pub(super) struct Operand {
    /// Its type; for functions, the result's.
    pub(super) ty: Type,
    /// What else it is.
    pub(super) thing: Thing,
    /// The finding of the member that it designates.
    pub(super) member: Option<usize>,
}

/// What an operand is besides a value.
#[derive(Debug, Clone, Copy)]
pub(super) enum Thing {
    /// A value.
    Value,
    /// A function: calling it gives the type.
    Function,
    /// `dereference`: calling it takes a pointer from the argument.
    Dereference,
    /// A module: what follows the dot is a name in it.
    Module(Module),
}

impl Operand {
    /// A value of type `ty`.
    pub(super) fn value(ty: Type) -> Self {
        Self { ty, thing: Thing::Value, member: None }
    }
}

/// What opened a level of brackets.
#[derive(Debug, Clone, Copy)]
pub(super) enum Opened {
    /// The line itself.
    Line,
    /// A parenthesis around an expression, or another bracket that starts one.
    Group,
    /// The arguments of a call, and what the call gives.
    Call(Type),
    /// The argument of `dereference`.
    Dereference,
    /// An index, and what indexing gives.
    Index(Type),
}

/// A level of brackets.
#[derive(Debug)]
pub(super) struct Level {
    /// What opened it.
    pub(super) opened: Opened,
    /// The operand being read.
    pub(super) operand: Option<Operand>,
    /// The cast in front of it: it applies to the whole of `x.y[z]` behind.
    pub(super) cast: Option<Type>,
    /// `&` in front of it.
    pub(super) address: bool,
    /// The members that an assignment would write.
    pub(super) targets: Vec<usize>,
}

impl Level {
    /// An empty one.
    pub(super) fn new(opened: Opened) -> Self {
        Self { opened, operand: None, cast: None, address: false, targets: Vec::new() }
    }
}

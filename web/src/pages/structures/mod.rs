//! `/structures`, `/structures/NAME` and `/unlock`: what stands in the way of CPython, over all projects.

mod all;
mod one;
mod unlock;

pub(crate) use all::{StructuresAnswer, json as structures_json, structures};
pub(crate) use one::{Touched, structure, touched};
pub(crate) use unlock::{UnlockAnswer, json as unlock_json, unlock};

/// The structures that CPython means to hide first, in that order.
pub(crate) const FIRST: [&str; 5] = ["PyObject", "PyVarObject", "PyTypeObject", "PyFrameObject", "PyThreadState"];

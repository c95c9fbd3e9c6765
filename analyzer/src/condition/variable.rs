//! What a condition is about: the variables, and their values as numbers.
//!
//! Every variable has a finite, ordered domain `0..size`, so that one decision tree serves for all of them.

use std::sync::Arc;

use capi::Version;

/// Something that differs between builds. The order is the order in which trees ask.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Variable {
    /// `Py_LIMITED_API`: 0 is "not defined", 1 a value that names no version; see [`limited_value`]. First, because
    /// "its value, else the version of the headers" is then a small tree.
    Limited,
    /// The feature version of the headers; see [`python_value`].
    Python,
    /// `Py_TARGET_ABI3T`.
    Abi3t,
    /// See [`PLATFORMS`].
    Platform,
    /// See [`IMPLEMENTATIONS`].
    Implementation,
    /// `Py_GIL_DISABLED`.
    FreeThreaded,
    /// `Py_DEBUG`.
    Debug,
    /// `__cplusplus`.
    Cplusplus,
    /// `CYTHON_LIMITED_API`.
    CythonLimited,
    /// What cannot be decided. For a macro's name: 0 is "not defined", 1 "defined as zero or nothing", 2 "defined,
    /// not zero". For any other text: whether that C expression is true.
    Opaque(Arc<str>),
}

/// Values of `platform`. `other` is every Unix that is neither Linux nor macOS.
pub(super) const PLATFORMS: [&str; 4] = ["linux", "macos", "windows", "other"];

/// Values of `implementation`: those that can compile an extension for CPython's C API.
pub(super) const IMPLEMENTATIONS: [&str; 3] = ["cpython", "pypy", "graalpy"];

/// The variables that are simply true or false, with their names.
pub(super) const FLAGS: [(&str, Variable); 5] = [
    ("abi3t", Variable::Abi3t),
    ("free_threaded", Variable::FreeThreaded),
    ("debug", Variable::Debug),
    ("cplusplus", Variable::Cplusplus),
    ("cython_limited", Variable::CythonLimited),
];

impl Variable {
    /// The order in print: the version first.
    pub(super) fn rank(&self) -> impl Ord + '_ {
        (*self != Self::Python, self)
    }

    /// How many values there are.
    pub(super) fn size(&self) -> u32 {
        match self {
            Self::Python => PYTHONS,
            Self::Limited => LIMITEDS,
            Self::Platform => 4,
            Self::Implementation => 3,
            Self::Opaque(text) if is_identifier(text) => 3,
            _ => 2,
        }
    }

    /// The values' names, for variables that are compared with words.
    pub(super) fn words(&self) -> Option<&'static [&'static str]> {
        match self {
            Self::Platform => Some(&PLATFORMS),
            Self::Implementation => Some(&IMPLEMENTATIONS),
            _ => None,
        }
    }

    /// The name in expressions.
    pub(super) fn name(&self) -> &str {
        match self {
            Self::Python => "python",
            Self::Limited => "limited",
            Self::Platform => "platform",
            Self::Implementation => "implementation",
            Self::Abi3t => "abi3t",
            Self::FreeThreaded => "free_threaded",
            Self::Debug => "debug",
            Self::Cplusplus => "cplusplus",
            Self::CythonLimited => "cython_limited",
            Self::Opaque(text) => text,
        }
    }
}

/// Whether `text` is one C identifier.
pub(super) fn is_identifier(text: &str) -> bool {
    !text.starts_with(|c: char| c.is_ascii_digit())
        && !text.is_empty()
        && text.chars().all(|c| c.is_ascii_alphanumeric() || c == '_' || c == '$' || !c.is_ascii())
}

/// Values of `python`: 2.0 to 2.255, then 3.0 to 3.255. Nobody builds for older ones, and there is no 4.
const PYTHONS: u32 = 0x200;

/// Values of `limited`: not defined, defined without naming a version from 3.0 on, 3.0 to 3.255.
const LIMITEDS: u32 = 0x102;

/// The value of `python` for a version. Versions that never were (2.8) are moved up to the next that was, so that
/// "after 2.7" and "3.0 and later" are the same condition.
pub(super) fn python_value(version: Version) -> u32 {
    match (version.major(), version.minor()) {
        (0..2, _) => 0,
        (2, minor @ 0..8) => u32::from(minor),
        (2, _) => 0x100,
        (3, minor) => 0x100 + u32::from(minor),
        (4.., _) => PYTHONS,
    }
}

/// The value of `python` after this one.
pub(super) fn python_next(value: u32) -> u32 {
    if value == 7 { 0x100 } else { value + 1 }
}

/// The version behind a value of `python`.
pub(super) fn python_version(value: u32) -> Version {
    let [.., major, minor] = value.to_be_bytes();
    Version::new(major + 2, minor)
}

/// The value of `limited` for a defined `Py_LIMITED_API`.
pub(super) fn limited_value(version: Version) -> u32 {
    match version.major() {
        0..3 => 1,
        3 => 2 + u32::from(version.minor()),
        4.. => LIMITEDS,
    }
}

/// The version behind a value of `limited` that has one.
pub(super) fn limited_version(value: u32) -> Version {
    let [.., minor] = value.saturating_sub(2).to_be_bytes();
    Version::new(3, minor)
}

//! What a condition is about: the variables, and their values as numbers.
//!
//! Every variable has a finite, ordered domain `0..size`, so that one decision tree serves for all of them.

use std::sync::Arc;

use capi::Version;

/// Something that differs between builds. The order is the order in which conditions ask and print.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Variable {
    /// The feature version of the headers, as `major * 256 + minor`.
    Python,
    /// `Py_LIMITED_API`: 0 is "not defined", else its version as `1 + major * 256 + minor`.
    Limited,
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
    /// How many values there are.
    pub(super) fn size(&self) -> u32 {
        match self {
            Self::Python => 1 << 16,
            Self::Limited => 1 + (1 << 16),
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
        && text
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || c == '_' || c == '$' || !c.is_ascii())
}

/// The value of `python` for a version. Versions that never were (2.8) are moved up to the next that was, so that
/// "after 2.7" and "3.0 and later" are the same condition.
pub(super) fn python_value(version: Version) -> u32 {
    match (version.major(), version.minor()) {
        (1, 7..) => 0x0200,
        (2, 8..) => 0x0300,
        (major, minor) => u32::from(major) << 8 | u32::from(minor),
    }
}

/// The value of `python` after this one.
pub(super) fn python_next(value: u32) -> u32 {
    match value {
        0x0106 => 0x0200,
        0x0207 => 0x0300,
        _ => value + 1,
    }
}

/// The value of `limited` for a defined `Py_LIMITED_API`; 0.0 stands for values that name no version, such as 3.
pub(super) fn limited_value(version: Version) -> u32 {
    1 + (u32::from(version.major()) << 8 | u32::from(version.minor()))
}

/// The version behind a value of `python`, or one less than a value of `limited`.
pub(super) fn version_of(code: u32) -> Version {
    let [.., major, minor] = code.to_be_bytes();
    Version::new(major, minor)
}

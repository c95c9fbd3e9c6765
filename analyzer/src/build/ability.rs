//! What tools can do about the limited API.
//!
//! A tool that cannot blocks whatever the project writes; one that can is no promise that the project asks for it.

use super::requirement::is_below;

/// Whether a tool can make an extension for the stable ABI.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Ability {
    /// No version of it can.
    Never,
    /// It can from this version on, if the build asks for it.
    Since(u32, u32),
    /// It can if the build asks for it.
    Asked,
    /// It does, unless the build says otherwise.
    ByDefault,
}

/// Each tool with its source.
const ABILITIES: &[(&str, Ability)] = &[
    // boostorg/python issue 221, open.
    ("boost.python", Ability::Never),
    // cffi's documentation, "ffibuilder.set_source(): py_limited_api".
    ("cffi", Ability::ByDefault),
    // Cython's change log, 3.1: usable in practice.
    ("cython", Ability::Since(3, 1)),
    // numpy/numpy issue 21300, open: its fortranobject.c has a static type.
    ("f2py", Ability::Never),
    // mypyc/mypyc issue 1223, open.
    ("mypyc", Ability::Never),
    // nanobind's documentation, "STABLE_ABI": from Python 3.12 on.
    ("nanobind", Ability::Asked),
    // pybind/pybind11 issues 1755 and 5652: no plans.
    ("pybind11", Ability::Never),
    // PyO3's guide, "py_limited_api/abi3".
    ("pyo3", Ability::Asked),
    ("pyo3-ffi", Ability::Asked),
    // Cython's predecessor, which ended in 2010.
    ("pyrex", Ability::Never),
    // SIP's documentation, "%Module(use_limited_api)".
    ("sip", Ability::Asked),
    // SWIG's manual, "Stable ABI": from 4.2 on, where Py_LIMITED_API is defined.
    ("swig", Ability::Since(4, 2)),
];

fn ability(name: &str) -> Option<Ability> {
    ABILITIES.iter().find(|(known, _)| *known == name).map(|(_, ability)| *ability)
}

/// `false` if the tool, of whatever version, cannot; `None` if it may.
pub(super) fn limits(name: &str) -> Option<bool> {
    (ability(name) == Some(Ability::Never)).then_some(false)
}

/// As [`limits`], for code that this version has made. Code that cffi has made is limited by default.
pub(super) fn of_version(name: &str, version: Option<&str>) -> Option<bool> {
    match ability(name)? {
        Ability::Never => Some(false),
        Ability::Since(major, minor) => {
            version.is_some_and(|version| is_below(version, (major, minor))).then_some(false)
        }
        Ability::ByDefault => Some(true),
        Ability::Asked => None,
    }
}

/// The version from which on a tool can, if older ones cannot.
pub(super) fn since(name: &str) -> Option<(u32, u32)> {
    match ability(name)? {
        Ability::Since(major, minor) => Some((major, minor)),
        _ => None,
    }
}

/// The tools in the table.
#[cfg(test)]
pub(super) fn names() -> impl Iterator<Item = &'static str> {
    ABILITIES.iter().map(|(name, _)| *name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tools_that_cannot_are_told_from_old_ones_and_from_those_that_may() {
        for (name, version, expected) in [
            ("pybind11", None, Some(false)),
            ("cython", Some("3.0.11"), Some(false)),
            ("cython", Some("3.1.0"), None),
            ("cython", None, None),
            ("swig", Some("4.1.1"), Some(false)),
            ("swig", Some("4.2.0"), None),
            ("cffi", None, Some(true)),
            ("sip", Some("6.8"), None),
            ("bison", Some("3.8"), None),
        ] {
            assert_eq!(of_version(name, version), expected, "{name} {version:?}");
        }
        assert!(ABILITIES.is_sorted_by_key(|(name, _)| *name));
    }
}

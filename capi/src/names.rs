//! Names that are not items: headers, and what `pythoncapi_compat.h` defines.

use crate::hash::gate_bit;
use crate::lookup::sorted;
use crate::tables::{COMPAT, GATE, HEADERS};
use crate::{Version, VersionRange};

/// A public header of CPython.
#[derive(Debug, Clone, Copy)]
pub struct Header {
    /// Relative to `Include`, such as `frameobject.h`.
    pub name: &'static str,
    /// Versions that ship it.
    pub public: VersionRange,
    /// Versions in which limited mode leaves something of it; from 3.2 where the oldest headers looked at, 3.6's, do.
    pub limited: Option<VersionRange>,
    /// How many names limited mode leaves in the newest version that leaves any.
    pub limited_names: u16,
    /// Whether a program may include it by itself; the others say `#error` unless `Python.h` came first.
    pub direct_include: bool,
}

/// A name that `pythoncapi_compat.h` defines for older versions.
#[derive(Debug, Clone, Copy)]
pub struct CompatName {
    /// The name.
    pub name: &'static str,
    /// The header defines it only when building for a CPython older than this; `None`: always.
    pub below: Option<Version>,
    /// The header leaves it alone when building for PyPy.
    pub not_pypy: bool,
    /// It is a type.
    pub is_type: bool,
}

/// The public header of this name, relative to `Include`: `frameobject.h`, `cpython/code.h`.
pub fn header(name: &str) -> Option<&'static Header> {
    sorted(&HEADERS, name, |header| header.name)
}

/// Every public header, sorted by name.
pub fn headers() -> &'static [Header] {
    &HEADERS
}

/// Whether a header is one that CPython keeps for itself: `internal/…`, `cpython/internal/…`, `pycore_….h`.
///
/// `name` is what an include directive says between its quotes or brackets.
pub fn is_internal_header(name: &str) -> bool {
    let file = name.rsplit('/').next().unwrap_or(name);
    let folder = &name[..name.len() - file.len()];
    file.starts_with("pycore_") || folder == "internal/" || folder.ends_with("/internal/") && folder.contains("python")
}

/// What `pythoncapi_compat.h` does about `name`.
pub fn compat_name(name: &str) -> Option<&'static CompatName> {
    sorted(&COMPAT, name, |compat| compat.name)
}

/// Every name that `pythoncapi_compat.h` defines, sorted.
pub fn compat_names() -> &'static [CompatName] {
    &COMPAT
}

/// Whether an identifier can be a C API name at all: the cheap gate before a look-up.
///
/// True for every item that [`crate::item`] finds. Names with CPython's prefix (`Py`, `PY`, `py` after any
/// underscores) pass as such; of the others (`METH_O`, `T_INT`, `visitproc`) the generated bit set knows the
/// first three letters and the length, so that few foreign words pass.
pub fn is_c_api_prefix(identifier: &[u8]) -> bool {
    let mut rest = identifier;
    while let [b'_', tail @ ..] = rest {
        rest = tail;
    }
    match rest {
        [b'P' | b'p', b'y' | b'Y', _, ..] => true,
        _ if identifier.len() < 3 => false,
        _ => {
            let bit = gate_bit(identifier);
            GATE[bit / 64] >> (bit % 64) & 1 == 1
        }
    }
}

//! Names that are not items: headers, and what `pythoncapi_compat.h` defines.

use crate::{Version, VersionRange};

/// A public header of CPython.
#[derive(Debug, Clone, Copy)]
pub struct Header {
    /// Relative to `Include`, such as `frameobject.h`.
    pub name: &'static str,
    /// Versions that ship it.
    pub public: VersionRange,
    /// Versions in which limited mode leaves something of it.
    pub limited: Option<VersionRange>,
}

/// A name that `pythoncapi_compat.h` defines for older versions.
#[derive(Debug, Clone, Copy)]
pub struct CompatName {
    /// The name.
    pub name: &'static str,
    /// The header defines it only when building for a CPython older than this; `None`: always.
    pub below: Option<Version>,
}

/// The public header of this name.
pub fn header(name: &str) -> Option<&'static Header> {
    let _ = name;
    None
}

/// What `pythoncapi_compat.h` does about `name`.
pub fn compat_name(name: &str) -> Option<&'static CompatName> {
    let _ = name;
    None
}

/// Whether an identifier can be a C API name at all: the cheap gate before a look-up.
pub fn is_c_api_prefix(identifier: &[u8]) -> bool {
    let rest = identifier.strip_prefix(b"_").unwrap_or(identifier);
    rest.len() > 2 && (rest.starts_with(b"Py") || rest.starts_with(b"PY") || rest.starts_with(b"METH_"))
}

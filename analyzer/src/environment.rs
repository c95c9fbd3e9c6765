//! The build that is asked about: `scan --on`.

use capi::Version;

/// A build environment; `None` means "any". Reads `python=3.13,platform=linux,limited=3.11,abi3t`, every part optional.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Environment {
    /// The CPython whose headers are used.
    pub python: Option<Version>,
    /// The platform.
    pub platform: Option<Platform>,
    /// `Py_LIMITED_API`.
    pub limited: Option<Version>,
    /// `Py_TARGET_ABI3T` is set.
    pub abi3t: bool,
}

/// An operating system, as far as extensions care.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[expect(missing_docs, reason = "the names say it")]
pub enum Platform {
    Linux,
    Windows,
    MacOs,
}

/// Why a text is not an environment: the whole sentence for the user.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct NotAnEnvironment(pub String);

impl std::str::FromStr for Environment {
    type Err = NotAnEnvironment;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Err(NotAnEnvironment(format!("cannot read {text:?} yet")))
    }
}

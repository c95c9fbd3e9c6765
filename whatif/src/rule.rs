//! One change, about one name.

use capi::Version;

/// One change that CPython might make.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Rule {
    /// An item leaves the public headers.
    Remove(String),
    /// A member can no longer be named: `PyFrameObject.f_code`.
    Hide(String),
    /// A structure becomes opaque.
    Opaque(String, Level),
    /// A macro can no longer be assigned to, nor its address be taken (PEP 674).
    ForbidLvalue(String),
    /// An item leaves the limited API.
    Unlimit(String),
    /// Lower levels of the limited API are no longer supported.
    MinimumLimited(Version),
}

/// How opaque a structure becomes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Level {
    /// In source: what touches its members itself does not compile.
    Api,
    /// In binaries, too: what touches its members through macros and inline functions has to be compiled anew.
    Abi,
}

impl std::fmt::Display for Rule {
    /// For people: `remove PyUnicode_READY`.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Remove(item) => write!(f, "remove {item}"),
            Self::Hide(member) => write!(f, "hide {member}"),
            Self::Opaque(structure, Level::Api) => write!(f, "make {structure} opaque"),
            Self::Opaque(structure, Level::Abi) => write!(f, "make {structure} opaque, in binaries too"),
            Self::ForbidLvalue(item) => write!(f, "forbid {item} as an l-value"),
            Self::Unlimit(item) => write!(f, "remove {item} from the limited API"),
            Self::MinimumLimited(version) => write!(f, "drop limited API levels below {version}"),
        }
    }
}

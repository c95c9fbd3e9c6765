//! What the judge found in one file, before sites are counted together.

use crate::lexer::Sym;
use crate::report::{Accesses, Certainty, Kind};
use crate::scan::Guard;

/// One finding.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct Finding {
    /// Its kind.
    pub(crate) kind: Kind,
    /// What was found.
    pub(crate) name: Name,
    /// For members: the structure.
    pub(crate) structure: Option<&'static str>,
    /// For members of inner structures: the whole path.
    pub(crate) path: Option<&'static str>,
    /// For members and l-values.
    pub(crate) access: Accesses,
    /// How sure.
    pub(crate) certainty: Certainty,
    /// Byte offset in the file.
    pub(crate) offset: u32,
    /// When the preprocessor keeps it.
    pub(crate) guard: Guard,
    /// Where the compiler needs CPython's headers for it, if that is less than where the preprocessor keeps it:
    /// nowhere in the body of a macro that nothing expands. Verdicts go by this.
    pub(crate) needed: Option<Guard>,
    /// Where it is the package's own name and the package does not define it: such code does not compile, for no fault of
    /// CPython's.
    pub(crate) missing: Option<Guard>,
}

/// A name from CPython's tables or from the package.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Name {
    /// From the C-API data.
    Known(&'static str),
    /// An identifier of the package.
    Own(Sym),
    /// A text of the file, by byte range: a header's name.
    Text(u32, u32),
}

impl Finding {
    /// A certain finding without structure or access.
    pub(crate) fn new(kind: Kind, name: Name, offset: u32, guard: Guard) -> Self {
        Self {
            kind,
            name,
            structure: None,
            path: None,
            access: Accesses::default(),
            certainty: Certainty::Certain,
            offset,
            guard,
            needed: None,
            missing: None,
        }
    }
}

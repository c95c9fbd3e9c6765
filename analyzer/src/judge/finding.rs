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
    /// In the body of a macro: how often code expands that.
    pub(crate) expansions: u32,
    /// In which builds it counts, where these are not simply those that keep it.
    pub(crate) part: Part<Guard>,
}

/// In which builds a finding counts; what is left out is not less than the one before.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Part<T> {
    /// Where the compiler sees it: nowhere in the body of a macro that nothing expands. If left out, wherever the
    /// preprocessor keeps it.
    pub(crate) compiled: Option<T>,
    /// Where the compiler needs CPython's public headers for it. Verdicts go by this.
    pub(crate) needed: Option<T>,
    /// Where it is the package's own name and the package does not define it: such code does not compile, for no fault of
    /// CPython's. Nowhere, if left out.
    pub(crate) missing: Option<T>,
}

impl<T> Part<T> {
    /// Where the compiler sees it, if not wherever it is kept.
    pub(crate) fn compiled(&self) -> Option<&T> {
        self.compiled.as_ref()
    }

    /// Where the compiler needs CPython's public headers for it, if not wherever it is kept.
    pub(crate) fn needed(&self) -> Option<&T> {
        self.needed.as_ref().or(self.compiled.as_ref())
    }

    /// The same in other terms.
    pub(crate) fn map<U>(self, mut to: impl FnMut(T) -> U) -> Part<U> {
        Part { compiled: self.compiled.map(&mut to), needed: self.needed.map(&mut to), missing: self.missing.map(to) }
    }
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
            expansions: 0,
            part: Part::default(),
        }
    }
}

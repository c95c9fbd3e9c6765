//! Types, as far as member access needs them.

use crate::lexer::Sym;

use super::package::RecordId;

/// The type of an expression or declaration: a base, and how often it has to be dereferenced to reach it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Type {
    /// What is at the end of the pointers.
    pub(crate) base: Base,
    /// Pointers and array dimensions.
    pub(crate) pointers: u8,
    /// A function or pointer to one: calling it gives `base` behind `pointers`.
    pub(crate) function: bool,
}

/// What is at the end of the pointers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Base {
    /// Not known.
    Unknown,
    /// Known to have no members of ours: `int`, an enum.
    Other,
    /// A typedef name or class, resolved where it is needed.
    Named(Sym),
    /// `struct tag`.
    Tag(Sym),
    /// A structure of the package.
    Record(RecordId),
    /// A template's name with its arguments, which are a list of [`Type::packed`] in [`crate::lexer::Names`].
    Applied(Sym, u32),
    /// CPython's structure of this name, whatever the package calls so.
    CPython(Sym),
    /// The type of a member of CPython's, by structure and member, that is not the same in all versions.
    Member(Sym, Sym),
}

impl Type {
    /// Nothing is known.
    pub(crate) const UNKNOWN: Self = Self::of(Base::Unknown);
    /// A number or the like.
    pub(crate) const OTHER: Self = Self::of(Base::Other);

    /// A value of `base`.
    pub(crate) const fn of(base: Base) -> Self {
        Self { base, pointers: 0, function: false }
    }

    /// Whether something is known.
    pub(crate) fn is_known(self) -> bool {
        self.base != Base::Unknown
    }

    /// With `more` pointers in front.
    #[must_use]
    pub(crate) fn pointer(self, more: u8) -> Self {
        Self { pointers: self.pointers.saturating_add(more), ..self }
    }

    /// `*x` and `x[i]`. Dereferencing a value is an overloaded operator, whose result is not known.
    #[must_use]
    pub(crate) fn dereferenced(self) -> Self {
        if self.function {
            return self;
        }
        match self.pointers.checked_sub(1) {
            Some(pointers) => Self { pointers, ..self },
            None => Self::UNKNOWN,
        }
    }

    /// `&x`.
    #[must_use]
    pub(crate) fn address(self) -> Self {
        if self.is_known() && !self.function { self.pointer(1) } else { self }
    }

    /// `x(…)`, where `x` is a function or a pointer to one.
    #[must_use]
    pub(crate) fn called(self) -> Self {
        if self.function { Self { function: false, ..self } } else { Self::UNKNOWN }
    }

    /// As a function with this result.
    #[must_use]
    pub(crate) fn as_function(self) -> Self {
        Self { function: true, ..self }
    }

    /// As one number, for lists of template arguments. What such a list cannot hold is unknown.
    pub(crate) fn packed(self) -> u64 {
        let (tag, low) = match self.base {
            Base::Unknown | Base::Member(..) => (0, 0),
            Base::Other => (1, 0),
            Base::Tag(tag) => (3, tag.number()),
            Base::Record(id) => (4, id.0),
            Base::CPython(name) => (5, name.number()),
            // Twenty bits for a list's number are a million lists.
            Base::Applied(name, list) if list < 1 << 20 => {
                return 6 << 61
                    | u64::from(list) << 41
                    | u64::from(self.function) << 40
                    | u64::from(self.pointers) << 32
                    | u64::from(name.number());
            }
            Base::Named(name) | Base::Applied(name, _) => (2, name.number()),
        };
        tag << 61 | u64::from(self.function) << 40 | u64::from(self.pointers) << 32 | u64::from(low)
    }

    /// The type that [`Type::packed`] made a number of.
    pub(crate) fn unpacked(packed: u64) -> Self {
        let low = u32::try_from(packed & 0xffff_ffff).unwrap_or_default();
        let base = match packed >> 61 {
            1 => Base::Other,
            2 => Base::Named(Sym::of_number(low)),
            3 => Base::Tag(Sym::of_number(low)),
            4 => Base::Record(RecordId(low)),
            5 => Base::CPython(Sym::of_number(low)),
            6 => Base::Applied(Sym::of_number(low), u32::try_from(packed >> 41 & 0xf_ffff).unwrap_or_default()),
            _ => Base::Unknown,
        };
        Self { base, pointers: u8::try_from(packed >> 32 & 0xff).unwrap_or_default(), function: packed >> 40 & 1 == 1 }
    }
}

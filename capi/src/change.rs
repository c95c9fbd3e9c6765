//! What changed about an item, or will: removals, deprecations, replacements.

use crate::lookup::sorted;
use crate::tables::CHANGES;
use crate::{Alternative, Version};

/// A removal, a deprecation, or both.
#[derive(Debug, Clone, Copy)]
pub struct Change {
    /// The item.
    pub name: &'static str,
    /// The last version whose public headers have it; `None` while they still do.
    pub last: Option<Version>,
    /// How it left the public headers.
    pub gone: Option<Gone>,
    /// First version in which it is deprecated.
    pub deprecated: Option<Version>,
    /// Whether the documentation advises against it without planning to remove it (PEP 387).
    pub soft_deprecated: bool,
    /// First version that does, where the documentation tells.
    pub soft_deprecated_since: Option<Version>,
    /// The version announced to remove it.
    pub will_remove: Option<Version>,
    /// What to use instead in the plain API, best first.
    pub replacement: &'static [Alternative],
    /// The replacement only pairs `_PyX` with `PyX` by name; nobody compared the two.
    pub replacement_is_guess: bool,
    /// What else there is to say.
    pub note: Option<&'static str>,
}

/// How a name or member left the public headers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Gone {
    /// Removed or renamed.
    Removed,
    /// Moved to `Include/internal`.
    Internal,
    /// The structure became opaque.
    StructureHidden,
}

/// What changed about the item of this name.
pub fn change(name: &str) -> Option<&'static Change> {
    sorted(&CHANGES, name, |change| change.name)
}

/// As [`change`], for items that left the public headers.
pub fn removed(name: &str) -> Option<&'static Change> {
    change(name).filter(|change| change.gone.is_some())
}

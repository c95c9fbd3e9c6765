//! Structures and their members.

use crate::{Alternative, Version, VersionRange};

/// A structure or union of the C API.
#[derive(Debug, Clone, Copy)]
pub struct Structure {
    /// The typedef name, such as `PyTypeObject`.
    pub name: &'static str,
    /// Its tags, such as `_typeobject`.
    pub aliases: &'static [&'static str],
    /// Versions whose public headers show its members.
    pub public: Option<VersionRange>,
    /// Whether limited mode at level `L` shows its members when `L` is at least this; `None`: opaque or absent at every level.
    pub limited_since: Option<Version>,
    /// Whether the free-threaded stable ABI hides its members.
    pub opaque_in_abi3t: bool,
    /// Members, sorted by name; those of named inner structures are written `outer.inner`.
    pub members: &'static [Member],
}

/// A member of a structure.
#[derive(Debug, Clone, Copy)]
pub struct Member {
    /// The name, `outer.inner` for members of named inner structures.
    pub name: &'static str,
    /// Its C type as text, such as `struct _typeobject *`.
    pub c_type: &'static str,
    /// Versions whose public headers show it.
    pub public: Option<VersionRange>,
    /// Whether limited-API code may use it (where the structure is visible).
    pub allowed_in_limited: bool,
    /// Specific enough to name its structure without knowing the type of the left side (`tp_name`, `ob_refcnt`).
    pub distinctive: bool,
    /// What reads it instead, best first.
    pub getters: &'static [Alternative],
    /// What writes it instead, best first.
    pub setters: &'static [Alternative],
}

impl Structure {
    /// The member of this name; `lv_tag` finds `long_value.lv_tag` too.
    pub fn member(&self, name: &str) -> Option<&'static Member> {
        self.members
            .iter()
            .find(|m| m.name == name || m.name.rsplit('.').next() == Some(name))
    }
}

/// The structure with this typedef name or tag.
pub fn structure(name: &str) -> Option<&'static Structure> {
    structures()
        .iter()
        .find(|s| s.name == name || s.aliases.contains(&name))
}

/// Every structure, sorted by name.
pub fn structures() -> &'static [Structure] {
    &[]
}

/// Every structure that has a member whose last component is `member`.
pub fn members_named(member: &str) -> impl Iterator<Item = (&'static Structure, &'static Member)> {
    structures()
        .iter()
        .filter_map(move |s| s.member(member).map(|m| (s, m)))
}

//! Structures and their members.

use crate::lookup::hashed;
use crate::tables::{MEMBER_INDEX, MEMBER_NAMES, STRUCTURE_INDEX, STRUCTURES};
use crate::{Alternative, Gone, Version, VersionRange};

/// A structure or union of the C API.
#[derive(Debug, Clone, Copy)]
pub struct Structure {
    /// The typedef name, such as `PyTypeObject`.
    pub name: &'static str,
    /// Its tags, such as `_typeobject`.
    pub aliases: &'static [&'static str],
    /// The header that shows it, relative to CPython's `Include`.
    pub header: &'static str,
    /// Versions whose public headers show its members.
    pub public: Option<VersionRange>,
    /// Versions whose internal headers show them; `public` is `None` if no others ever did.
    pub internal: Option<VersionRange>,
    /// Whether limited mode at level `L` shows its members when `L` is at least this; `None`: opaque or absent at every level.
    pub limited_since: Option<Version>,
    /// The last such level, when limited mode hid it later.
    pub limited_last: Option<Version>,
    /// Whether the free-threaded stable ABI hides its members.
    pub opaque_in_abi3t: bool,
    /// Members, sorted by name; those of named inner structures are written `outer.inner`.
    pub members: &'static [Member],
}

/// A member of a structure.
#[derive(Debug, Clone, Copy)]
#[expect(clippy::struct_excessive_bools, reason = "independent facts, each looked at by itself")]
pub struct Member {
    /// The name, `outer.inner` for members of named inner structures.
    pub name: &'static str,
    /// Its C type as text, such as `struct _typeobject *`.
    pub c_type: &'static str,
    /// The types that it had before, where they lead to another structure.
    pub was: &'static [(VersionRange, &'static str)],
    /// Versions whose public headers show it.
    pub public: Option<VersionRange>,
    /// Versions whose internal headers alone show it.
    pub internal: Option<VersionRange>,
    /// How it left the public headers.
    pub gone: Option<Gone>,
    /// Whether limited mode shows it where it shows the structure, so that a use compiles.
    pub allowed_in_limited: bool,
    /// Whether the stable ABI manifest promises it; `PyObject.ob_refcnt_split` is shown but not promised.
    pub promised: bool,
    /// Private by its name or its documentation.
    pub private: bool,
    /// Only in free-threaded builds.
    pub free_threaded_only: bool,
    /// Specific enough to name its structure without knowing the type of the left side (`tp_name`, `ob_refcnt`).
    pub distinctive: bool,
    /// What reads it instead, best first.
    pub getters: &'static [Alternative],
    /// What writes it instead, best first.
    pub setters: &'static [Alternative],
    /// The Python attribute to read instead, such as `__name__`.
    pub attribute: Option<&'static str>,
    /// The slot that sets it in a `PyType_Spec`, such as `Py_tp_new`.
    pub slot: Option<&'static str>,
    /// What else there is to say.
    pub note: Option<&'static str>,
}

impl Structure {
    /// Whether limited mode at `level` shows the members: whether `->`, `sizeof` and embedding compile.
    pub fn is_complete_in_limited(&self, level: Version) -> bool {
        self.limited_since.is_some_and(|since| since <= level) && self.limited_last.is_none_or(|last| level <= last)
    }

    /// The member of this name; `lv_tag` finds `long_value.lv_tag` too, where no member has the name itself.
    pub fn member(&self, name: &str) -> Option<&'static Member> {
        let last = |member: &&Member| member.name.rsplit('.').next() == Some(name);
        self.members.iter().find(|member| member.name == name).or_else(|| self.members.iter().find(last))
    }
}

/// The structure with this typedef name or tag.
pub fn structure(name: &str) -> Option<&'static Structure> {
    let is = |at: usize| STRUCTURES[at].name == name || STRUCTURES[at].aliases.contains(&name);
    hashed(&STRUCTURE_INDEX, name.as_bytes(), is).map(|at| &STRUCTURES[at])
}

/// Every structure, sorted by name.
pub fn structures() -> &'static [Structure] {
    &STRUCTURES
}

/// Every structure that has a member whose last component is `member`.
pub fn members_named(member: &str) -> impl Iterator<Item = (&'static Structure, &'static Member)> + use<> {
    hashed(&MEMBER_INDEX, member.as_bytes(), |at| MEMBER_NAMES[at].0 == member)
        .map_or(&[][..], |at| MEMBER_NAMES[at].1)
        .iter()
        .map(|&(structure, member)| {
            let structure = &STRUCTURES[usize::from(structure)];
            (structure, &structure.members[usize::from(member)])
        })
}

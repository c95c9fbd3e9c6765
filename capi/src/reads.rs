//! Structure members that macros and inline functions touch in the extension's own binary (PEP 670).

use crate::VersionRange;
use crate::lookup::sorted;
use crate::tables::READS;

/// What one macro or inline function touches.
#[derive(Debug, Clone, Copy)]
pub struct Reads {
    /// The macro or inline function.
    pub name: &'static str,
    /// In a normal build, by version.
    pub normal: &'static [MemberRead],
    /// In limited mode at the level of the headers' own version; measured from 3.8.
    pub limited: &'static [MemberRead],
    /// With the newest headers, by limited-API level.
    pub newest_at_level: &'static [MemberRead],
}

/// A member, and when it is touched.
#[derive(Debug, Clone, Copy)]
pub struct MemberRead {
    /// The structure, such as `PyObject`.
    pub structure: &'static str,
    /// The member, `outer.inner` for those of inner structures.
    pub member: &'static str,
    /// The versions or levels.
    pub versions: &'static [VersionRange],
}

/// What the macro or inline function of this name touches; `None` if nothing was found.
pub fn abi_reads(name: &str) -> Option<&'static Reads> {
    sorted(&READS, name, |reads| reads.name)
}

/// Every macro and inline function that touches a member, sorted by name.
pub fn all_abi_reads() -> &'static [Reads] {
    &READS
}

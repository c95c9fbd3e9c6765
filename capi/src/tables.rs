//! The static tables that `build/` generates from `data/`.

#![expect(clippy::unreadable_literal, reason = "generated bit sets")]

use crate::change::{Change, Gone};
use crate::item::ItemKind as K;
use crate::item::{Alternative as A, Item};
use crate::lvalue::LvalueMacro;
use crate::names::{CompatName, Header};
use crate::reads::{MemberRead, Reads};
use crate::role::{NamedRole, Role};
use crate::structure::{Member, Structure};
use crate::tracking::Tracking;
use crate::{Version, VersionRange};

/// What the generated items leave out.
const ITEM: Item = Item {
    name: "",
    kind: K::Function,
    header: "",
    public: None,
    maybe_older: false,
    internal: None,
    history: &[],
    limited_since: None,
    limited_last: None,
    limited_broken: &[],
    manifest: None,
    exported_only: false,
    ifdef: None,
    private: false,
    unstable: false,
    also_macro: false,
    tag_only: false,
    hidden_in_abi3t: false,
    useless_in_abi3t: false,
    noise: false,
    alternatives: &[],
    deprecated: None,
};

const fn v(major: u8, minor: u8) -> Version {
    Version::new(major, minor)
}

/// A range; a last version of 0.0 stands for an open end.
const fn r(first_major: u8, first_minor: u8, last_major: u8, last_minor: u8) -> VersionRange {
    VersionRange {
        first: v(first_major, first_minor),
        last: if last_major == 0 { None } else { Some(v(last_major, last_minor)) },
    }
}

include!(concat!(env!("OUT_DIR"), "/tables.rs"));

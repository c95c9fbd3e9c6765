//! Items: the functions, macros, types, data and constants of the C API.

use crate::lookup::hashed;
use crate::tables::{ITEM_INDEX, ITEMS, NOISE};
use crate::{Version, VersionRange};

/// One name of CPython's C API.
#[derive(Debug, Clone, Copy)]
#[expect(clippy::struct_excessive_bools, reason = "independent facts, each looked at by itself")]
pub struct Item {
    /// The name as written in C.
    pub name: &'static str,
    /// What the name is in the newest version that has it.
    ///
    /// A name of several kinds has the one that decides how it is used: a function with a macro of the same
    /// name is a function, an inline function behind a casting macro is an inline function.
    pub kind: ItemKind,
    /// The header that shows it, relative to CPython's `Include`.
    pub header: &'static str,
    /// Versions whose public headers show it in a normal build; `None` if only internal headers ever did.
    pub public: Option<VersionRange>,
    /// The first public version is the oldest Python 3 looked at: the name may be older.
    pub maybe_older: bool,
    /// Versions whose internal headers (`Include/internal`) have it.
    pub internal: Option<VersionRange>,
    /// Its kind by version, where it changed; empty where it never did.
    pub history: &'static [(VersionRange, ItemKind)],
    /// The lowest limited-API level 3.X at which the headers of 3.X themselves show it; `None` if none does.
    pub limited_since: Option<Version>,
    /// The last such level, when the name left limited mode later.
    pub limited_last: Option<Version>,
    /// Levels at which it is limited by range and yet of no use: a macro that does not compile, a gap in visibility.
    pub limited_broken: &'static [VersionRange],
    /// The level from which the stable ABI manifest promises the exported symbol or layout.
    ///
    /// Not the level for a look-up: `Py_TYPE` worked as a macro long before it was exported in 3.14.
    pub manifest: Option<Version>,
    /// Exported for old binaries only: in the manifest, but no longer to be used from source.
    pub exported_only: bool,
    /// Exists only where this is defined, such as `MS_WINDOWS`.
    pub ifdef: Option<&'static str>,
    /// A leading underscore: no promise is made about it.
    pub private: bool,
    /// Named `PyUnstable_…`: may change in any minor version (PEP 689).
    pub unstable: bool,
    /// Besides what [`Item::kind`] says, a macro of that name exists in the newest version that has it, so that `#ifdef`
    /// sees it.
    pub also_macro: bool,
    /// Not a name by itself but the tag of a structure, union or enum: it means something after `struct` only.
    pub tag_only: bool,
    /// Hidden by the free-threaded stable ABI (PEP 803).
    pub hidden_in_abi3t: bool,
    /// Still declared by the free-threaded stable ABI, but nothing there can use it (it wants a `PyModuleDef`).
    pub useless_in_abi3t: bool,
    /// Comes from opcode, token, AST or similar headers, without a `Py` prefix: too common a word to match on.
    pub noise: bool,
    /// What limited-API code uses instead, best first.
    pub alternatives: &'static [Alternative],
    /// First version in which it is deprecated.
    pub deprecated: Option<Version>,
}

/// What a name is in C.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[expect(missing_docs, reason = "the names are C's own words")]
pub enum ItemKind {
    Function,
    InlineFunction,
    FunctionMacro,
    ObjectMacro,
    Data,
    Typedef,
    Structure,
    EnumConstant,
    Enum,
}

/// How much CPython promises about a name in one version.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Tier {
    /// In the limited API of that version.
    Limited,
    /// In the public headers, outside the limited API.
    Public,
    /// Public headers, leading underscore.
    Private,
    /// Only in `Include/internal`.
    Internal,
    /// Not in that version's headers.
    Absent,
}

impl Tier {
    /// `limited`, `public`, `private`, `internal`, `absent`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Limited => "limited",
            Self::Public => "public",
            Self::Private => "private",
            Self::Internal => "internal",
            Self::Absent => "absent",
        }
    }
}

/// The oldest version of the data: what it has may be older still.
const OLDEST_KNOWN: Version = Version::new(2, 7);

/// Something to write instead.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Alternative {
    /// The name of the replacement.
    pub name: &'static str,
    /// The first CPython that has it; `None` if only internal headers do.
    pub since: Option<Version>,
    /// The limited-API level from which every later one has it; `None` if only the plain API does.
    pub limited_since: Option<Version>,
    /// `pythoncapi_compat.h` brings it to CPython versions below this.
    pub compat_below: Option<Version>,
}

impl Alternative {
    /// Since when it is there: `limited since 3.10, plain API since 3.4; pythoncapi_compat.h below 3.4`.
    pub fn availability(&self) -> String {
        let plain = self.since.map(|version| format!("plain API since {version}"));
        let level = match (self.limited_since, plain) {
            (Some(level), Some(plain)) if self.since < Some(level) && self.since > Some(OLDEST_KNOWN) => {
                format!("limited since {level}, {plain}")
            }
            (Some(level), _) => format!("limited since {level}"),
            (None, Some(plain)) => format!("not limited, {plain}"),
            (None, None) => "not limited".to_owned(),
        };
        match self.compat_below {
            Some(below) => format!("{level}; pythoncapi_compat.h below {below}"),
            None => level,
        }
    }
}

impl Item {
    /// Whether limited mode at `level` shows the name and it compiles there.
    pub fn is_limited_at(&self, level: Version) -> bool {
        self.limited_since.is_some_and(|since| since <= level)
            && self.limited_last.is_none_or(|last| level <= last)
            && !self.limited_broken.iter().any(|range| range.contains(level))
    }

    /// What the name is in `version`.
    pub fn kind_at(&self, version: Version) -> ItemKind {
        self.history.iter().find(|(range, _)| range.contains(version)).map_or(self.kind, |(_, kind)| *kind)
    }

    /// The tier of the name in `version`.
    pub fn tier(&self, version: Version) -> Tier {
        match self.public {
            Some(range) if range.contains(version) => {
                if self.is_limited_at(version) {
                    Tier::Limited
                } else if self.private {
                    Tier::Private
                } else {
                    Tier::Public
                }
            }
            _ if self.internal.is_some_and(|range| range.contains(version)) => Tier::Internal,
            _ => Tier::Absent,
        }
    }
}

/// The item of this name, if CPython has or had one; noise is not found.
pub fn item(name: &str) -> Option<&'static Item> {
    item_bytes(name.as_bytes())
}

/// As [`item`], for an identifier in bytes; constant time.
pub fn item_bytes(name: &[u8]) -> Option<&'static Item> {
    hashed(&ITEM_INDEX, name, |at| ITEMS[at].name.as_bytes() == name).map(|at| &ITEMS[at])
}

/// Every item that may be matched on, sorted by name.
pub fn items() -> &'static [Item] {
    &ITEMS
}

/// The names of CPython's headers that are too common to match on, sorted; no look-up finds them.
pub fn noise() -> &'static [Item] {
    &NOISE
}

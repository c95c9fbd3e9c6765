//! Items: the functions, macros, types, data and constants of the C API.

use crate::{Version, VersionRange};

/// One name of CPython's C API.
#[derive(Debug, Clone, Copy)]
pub struct Item {
    /// The name as written in C.
    pub name: &'static str,
    /// What the name is in the newest version that has it.
    pub kind: ItemKind,
    /// The header that shows it, relative to CPython's `Include`.
    pub header: &'static str,
    /// Versions whose public headers show it in a normal build; `None` if only internal headers ever did.
    pub public: Option<VersionRange>,
    /// The lowest limited-API level 3.X at which the headers of 3.X themselves show it; `None` if none does.
    pub limited_since: Option<Version>,
    /// The last such level, when the name left limited mode later.
    pub limited_last: Option<Version>,
    /// A leading underscore: no promise is made about it.
    pub private: bool,
    /// Named `PyUnstable_…`: may change in any minor version (PEP 689).
    pub unstable: bool,
    /// Hidden by the free-threaded stable ABI (PEP 803).
    pub hidden_in_abi3t: bool,
    /// Comes from opcode, token, AST or similar headers, without a `Py` prefix: too common a word to match on.
    pub noise: bool,
    /// Limited-API levels at which the macro is visible but does not compile.
    pub limited_broken: &'static [VersionRange],
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

/// How much CPython promises about a name in one version (design, "tier").
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

/// Something to write instead.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Alternative {
    /// The name of the replacement.
    pub name: &'static str,
    /// The limited-API level that has it; `None` if only the plain API does.
    pub limited_since: Option<Version>,
}

impl Item {
    /// Whether limited mode at `level` shows the name and it compiles there.
    pub fn is_limited_at(&self, level: Version) -> bool {
        self.limited_since.is_some_and(|since| since <= level)
            && self.limited_last.is_none_or(|last| level <= last)
            && !self.limited_broken.iter().any(|range| range.contains(level))
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
            Some(_) => Tier::Absent,
            None => Tier::Internal,
        }
    }
}

/// The item of this name, if CPython has or had one.
pub fn item(name: &str) -> Option<&'static Item> {
    items().iter().find(|item| item.name == name)
}

/// Every item, sorted by name.
pub fn items() -> &'static [Item] {
    &[]
}

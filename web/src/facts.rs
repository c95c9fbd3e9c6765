//! What `capi` knows about an item, in the words of pages.

use analyzer::Kind;
use capi::{Alternative, Item, ItemKind, Tier, Version};

/// Something to write instead.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Instead {
    pub(crate) name: &'static str,
    /// The limited-API level that has it.
    pub(crate) since: Option<Version>,
}

/// One cell of the tier strip.
pub(crate) struct TierCell {
    pub(crate) version: Version,
    pub(crate) word: &'static str,
}

/// What is known about an item.
pub(crate) struct Facts {
    /// `macro`, `function`, `member of type const char *`.
    pub(crate) what: String,
    /// `not limited`, `limited since 3.2`, `limited from 3.2 to 3.9`.
    pub(crate) limited: String,
    /// The header that shows it.
    pub(crate) header: Option<&'static str>,
    /// What is written instead, best first; empty where nothing is known.
    pub(crate) instead: Vec<Instead>,
    /// The tier in each CPython version of the data, oldest first.
    pub(crate) tiers: Vec<TierCell>,
    /// Further words: deprecated, unstable, hidden in abi3t.
    pub(crate) notes: Vec<String>,
}

/// The facts about `item`; `None` if the data has no such name.
pub(crate) fn facts(kind: Kind, item: &str) -> Option<Facts> {
    match kind {
        Kind::Member => member(item),
        Kind::Lvalue => Some(of_item(capi::item(item)?, setters(item))),
        _ => {
            let known = capi::item(item)?;
            Some(of_item(known, alternatives(known.alternatives)))
        }
    }
}

/// What to write instead of `item`, used in this way, best first.
pub(crate) fn instead(kind: Kind, item: &str, access: &str) -> Vec<Instead> {
    match kind {
        Kind::Api | Kind::Layout => capi::item(item).map_or_else(Vec::new, |known| alternatives(known.alternatives)),
        Kind::Lvalue => setters(item),
        Kind::Member => member_parts(item).map_or_else(Vec::new, |(_, known)| {
            let writes = access.split('+').any(|word| word == "write");
            alternatives(if writes { known.setters } else { known.getters })
        }),
        Kind::StaticType => capi::instead_of_static_types().iter().map(of).collect(),
        Kind::ModuleDef | Kind::InternalHeader | Kind::ExportHook => Vec::new(),
    }
}

/// The limited-API level that has `item` itself, if a higher floor alone would help.
pub(crate) fn limited_since(item: &str) -> Option<Version> {
    capi::item(item).filter(|known| known.limited_last.is_none()).and_then(|known| known.limited_since)
}

fn alternatives(known: &'static [Alternative]) -> Vec<Instead> {
    known.iter().map(of).collect()
}

fn of(one: &Alternative) -> Instead {
    Instead { name: one.name, since: one.limited_since }
}

fn setters(macro_name: &str) -> Vec<Instead> {
    capi::lvalue_macro(macro_name).map_or_else(Vec::new, |known| alternatives(known.setters))
}

fn member_parts(item: &str) -> Option<(&'static capi::Structure, &'static capi::Member)> {
    let (structure, member) = item.split_once('.')?;
    let structure = capi::structure(structure)?;
    Some((structure, structure.member(member)?))
}

fn of_item(item: &'static Item, instead: Vec<Instead>) -> Facts {
    let mut notes = Vec::new();
    if item.private {
        notes.push("a private name: CPython promises nothing about it".to_owned());
    }
    if item.unstable {
        notes.push("unstable API: may change in any minor version (PEP 689)".to_owned());
    }
    if let Some(since) = item.deprecated {
        notes.push(format!("deprecated since {since}"));
    }
    if item.hidden_in_abi3t {
        notes.push("hidden in abi3t".to_owned());
    }
    Facts {
        what: kind_word(item.kind).to_owned(),
        limited: match (item.limited_since, item.limited_last) {
            (None, _) => "not limited".to_owned(),
            (Some(since), None) => format!("limited since {since}"),
            (Some(since), Some(last)) => format!("limited from {since} to {last}"),
        },
        header: Some(item.header),
        instead,
        tiers: versions().map(|version| cell(version, item.tier(version))).collect(),
        notes,
    }
}

fn member(item: &str) -> Option<Facts> {
    let (structure, member) = member_parts(item)?;
    // A member is limited where limited mode shows its structure at all.
    let limited_since = structure.limited_since.filter(|_| member.allowed_in_limited);
    let tier = |version| match member.public {
        Some(range) if !range.contains(version) => Tier::Absent,
        Some(_) if limited_since.is_some_and(|since| since <= version) => Tier::Limited,
        Some(_) => Tier::Public,
        None => Tier::Internal,
    };
    let mut instead = alternatives(member.getters);
    instead.extend(
        alternatives(member.setters)
            .into_iter()
            .filter(|setter| !member.getters.iter().any(|getter| getter.name == setter.name)),
    );
    let hidden = structure.opaque_in_abi3t.then(|| "its structure is opaque in abi3t".to_owned());
    Some(Facts {
        what: format!("member of {}, of type {}", structure.name, member.c_type),
        limited: limited_since.map_or_else(|| "not limited".to_owned(), |since| format!("limited since {since}")),
        header: None,
        instead,
        tiers: versions().map(|version| cell(version, tier(version))).collect(),
        notes: hidden.into_iter().collect(),
    })
}

/// The versions that the data has columns for.
fn versions() -> impl Iterator<Item = Version> {
    [Version::new(2, 7)].into_iter().chain((6..=Version::NEWEST.minor()).map(|minor| Version::new(3, minor)))
}

fn cell(version: Version, tier: Tier) -> TierCell {
    let word = match tier {
        Tier::Limited => "limited",
        Tier::Public => "public",
        Tier::Private => "private",
        Tier::Internal => "internal",
        Tier::Absent => "absent",
    };
    TierCell { version, word }
}

const fn kind_word(kind: ItemKind) -> &'static str {
    match kind {
        ItemKind::Function => "function",
        ItemKind::InlineFunction => "inline function",
        ItemKind::FunctionMacro => "macro",
        ItemKind::ObjectMacro => "constant macro",
        ItemKind::Data => "variable",
        ItemKind::Typedef => "type",
        ItemKind::Structure => "structure",
        ItemKind::EnumConstant => "constant",
        ItemKind::Enum => "enumeration",
    }
}

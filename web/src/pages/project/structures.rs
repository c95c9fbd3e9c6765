//! What stands in the way of opaque structures: members that the code touches itself, and those that macros touch in its
//! binary.

use std::collections::BTreeMap;

use analyzer::Kind;
use capi::Version;
use packaging::ProjectName;
use store::{FileAnswer, UseRow};

use crate::address;
use crate::numbers::Count;

/// The structures that CPython hides first: always shown.
const FIRST: [&str; 5] = ["PyObject", "PyVarObject", "PyTypeObject", "PyFrameObject", "PyThreadState"];

/// Items named in a cell.
const NAMED: usize = 4;

/// All structures that are touched.
pub(super) struct Structures {
    pub(super) first: Vec<Line>,
    pub(super) others: Vec<Line>,
}

/// One structure.
pub(super) struct Line {
    pub(super) name: String,
    /// Sites that touch a member themselves.
    pub(super) direct: Count,
    /// Their members, most sites first.
    pub(super) members: Named,
    /// Sites of macros that touch one.
    pub(super) inside: Count,
    /// These macros, most sites first.
    pub(super) macros: Named,
}

/// The commonest items of a cell.
#[derive(Default)]
pub(super) struct Named {
    pub(super) items: Vec<Item>,
    pub(super) more: usize,
}

/// An item with the way to its sites.
pub(super) struct Item {
    pub(super) text: String,
    pub(super) address: String,
}

/// `None` if no structure is touched.
pub(super) fn structures(name: &ProjectName, version: &str, file: &FileAnswer) -> Option<Structures> {
    if file.structures.is_empty() {
        return None;
    }
    let touched = Touched::of(&file.uses);
    let line = |structure: &str| {
        let counts = file.structures.get(structure).copied().unwrap_or_default();
        let count = |n: u64| Count(i64::try_from(n).unwrap_or(i64::MAX));
        Line {
            name: structure.to_owned(),
            direct: count(counts.api_level),
            members: named(touched.directly.get(structure), name, version),
            inside: count(counts.abi_level),
            macros: named(touched.inside.get(structure), name, version),
        }
    };
    let mut others: Vec<Line> =
        file.structures.keys().filter(|other| !FIRST.contains(&other.as_str())).map(|other| line(other)).collect();
    others.sort_by_key(|line| std::cmp::Reverse((line.direct.0, line.inside.0)));
    Some(Structures { first: FIRST.into_iter().map(line).collect(), others })
}

/// Items and their sites, by structure.
type ByStructure<'r> = BTreeMap<&'r str, BTreeMap<&'r str, i64>>;

/// What touches each structure.
struct Touched<'r> {
    directly: ByStructure<'r>,
    inside: ByStructure<'r>,
}

impl<'r> Touched<'r> {
    fn of(uses: &'r [UseRow]) -> Self {
        let mut touched = Self { directly: BTreeMap::new(), inside: BTreeMap::new() };
        for row in uses.iter().filter(|row| row.origin != "test-or-doc") {
            if let Some(structure) = directly(row) {
                add(&mut touched.directly, structure, row);
            }
            for structure in inside(row) {
                add(&mut touched.inside, structure, row);
            }
        }
        touched
    }
}

fn add<'r>(to: &mut ByStructure<'r>, structure: &'r str, row: &'r UseRow) {
    *to.entry(structure).or_default().entry(&row.item).or_default() += row.sites;
}

fn directly(row: &UseRow) -> Option<&str> {
    match row.kind {
        Kind::Member => row.item.split_once('.').map(|(structure, _)| structure),
        Kind::Layout => {
            Some(capi::role(&row.item).map_or(row.item.as_str(), |named| named.structure.unwrap_or(named.name)))
        }
        Kind::StaticType => {
            capi::roles().iter().find(|named| named.role == capi::Role::TypeObject).and_then(|named| named.structure)
        }
        _ => None,
    }
}

/// The structures that a macro touches in the newest version.
fn inside(row: &UseRow) -> Vec<&'static str> {
    let reads = capi::abi_reads(&row.item).filter(|_| row.kind == Kind::Api).map_or(&[][..], |reads| reads.normal);
    let now = reads.iter().filter(|read| read.versions.iter().any(|range| range.contains(Version::NEWEST)));
    let mut structures: Vec<&str> = now.map(|read| read.structure).collect();
    structures.sort_unstable();
    structures.dedup();
    structures
}

fn named(items: Option<&BTreeMap<&str, i64>>, name: &ProjectName, version: &str) -> Named {
    let Some(items) = items else { return Named::default() };
    let mut items: Vec<(&str, i64)> = items.iter().map(|(item, sites)| (*item, *sites)).collect();
    items.sort_by_key(|(item, sites)| (std::cmp::Reverse(*sites), *item));
    let item = |(item, _): &(&str, i64)| Item {
        text: crate::visible::cut(item.split_once('.').map_or(*item, |(_, member)| member), 60).into_owned(),
        address: address::sites(name, version, item),
    };
    Named { items: items.iter().take(NAMED).map(item).collect(), more: items.len().saturating_sub(NAMED) }
}

//! How often each structure is touched, directly and through macros.

use std::collections::BTreeMap;

use crate::condition::{Implementation, Truth, World};
use crate::report::Kind;
use crate::{OriginClass, StructureCounts, Use};

/// Counts over live uses: an access that no CPython build has counts nothing, nor do tests.
pub(crate) fn count(uses: &[&Use]) -> BTreeMap<String, StructureCounts> {
    let world = World { implementation: Some(Implementation::CPython), ..World::default() };
    let mut counts: BTreeMap<String, StructureCounts> = BTreeMap::new();
    let live = uses
        .iter()
        .filter(|found| found.origin.class != OriginClass::TestOrDoc && found.condition.eval(&world) != Truth::False);
    for found in live {
        let sites = found.sites.len() as u64;
        if let Some(structure) = touched_directly(found) {
            counts.entry(structure.to_owned()).or_default().api_level += sites;
        }
        for structure in touched_inside(found) {
            counts.entry(structure.to_owned()).or_default().abi_level += sites;
        }
    }
    counts
}

/// The structure whose member, layout or static variable the source itself has.
fn touched_directly(found: &Use) -> Option<&str> {
    match found.kind {
        Kind::Member => found.structure.as_deref(),
        Kind::StaticType => Some("PyTypeObject"),
        Kind::Layout => {
            capi::role(&found.name).map_or(Some(found.name.as_str()), |named| named.structure.or(Some(named.name)))
        }
        _ => None,
    }
}

/// The structures whose members a macro or inline function touches in the extension's binary, in the newest version.
fn touched_inside(found: &Use) -> Vec<&'static str> {
    if found.kind != Kind::Api {
        return Vec::new();
    }
    let reads = capi::abi_reads(&found.name).map_or(&[][..], |reads| reads.normal);
    let newest = |read: &&capi::MemberRead| read.versions.iter().any(|range| range.contains(capi::Version::NEWEST));
    let mut structures: Vec<&str> = reads.iter().filter(newest).map(|read| read.structure).collect();
    structures.sort_unstable();
    structures.dedup();
    structures
}

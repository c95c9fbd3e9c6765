//! How often each structure is touched: by the source itself, and by the binary through macros and inline functions.

#[cfg(test)]
mod tests;

use std::borrow::Cow;
use std::collections::BTreeMap;

use capi::{MemberRead, Reads, Version};

use crate::condition::{Implementation, Truth, World};
use crate::report::Kind;
use crate::{Environment, OriginClass, StructureCounts, Use};

/// The oldest headers in which what macros touch is known.
const OLDEST: Version = Version::new(3, 6);

/// Counts over live uses: an access that no CPython build has counts nothing, nor do tests.
///
/// A macro counts for what it touches in the build asked about. Where no version is asked about that is the newest one in
/// which its use is live: `Py_INCREF` below `#if PY_VERSION_HEX < 0x030a0000` never runs into what later ones read.
pub(crate) fn count(uses: &[Cow<'_, Use>], environment: Option<&Environment>) -> BTreeMap<String, StructureCounts> {
    let world =
        World { implementation: Some(Implementation::CPython), ..environment.map_or_else(World::default, World::from) };
    let mut counts: BTreeMap<String, StructureCounts> = BTreeMap::new();
    let live = uses
        .iter()
        .filter(|found| found.origin.class != OriginClass::TestOrDoc && found.condition.eval(&world) != Truth::False);
    for found in live {
        let sites = found.sites.len() as u64;
        if let Some(structure) = touched_structure(found.kind, found.structure.as_deref(), &found.name) {
            counts.entry(structure.to_owned()).or_default().api_level += sites;
        }
        for structure in touched_inside(found, environment, &world) {
            counts.entry(structure.to_owned()).or_default().abi_level += sites;
        }
    }
    counts
}

/// The structure whose member, layout or static variable the source itself has; `structure` is that of a member.
pub fn touched_structure<'a>(kind: Kind, structure: Option<&'a str>, name: &'a str) -> Option<&'a str> {
    match kind {
        Kind::Member => structure,
        Kind::StaticType => Some("PyTypeObject"),
        Kind::Layout => capi::role(name).map_or(Some(name), |named| named.structure.or(Some(named.name))),
        _ => None,
    }
}

/// The structures whose members a macro or inline function touches in the extension's binary.
fn touched_inside(found: &Use, environment: Option<&Environment>, world: &World) -> Vec<&'static str> {
    let reads = capi::abi_reads(&found.name).filter(|_| found.kind == Kind::Api);
    let Some((reads, version)) = reads.and_then(|reads| read_in(reads, found, environment, world)) else {
        return Vec::new();
    };
    let there = reads.iter().filter(|read| read.versions.iter().any(|range| range.contains(version)));
    let mut structures: Vec<&str> = there.map(|read| read.structure).collect();
    structures.sort_unstable();
    structures.dedup();
    structures
}

/// What is known for the build asked about, and the version to look up there; `None` if nothing is touched.
fn read_in(
    reads: &'static Reads,
    found: &Use,
    environment: Option<&Environment>,
    world: &World,
) -> Option<(&'static [MemberRead], Version)> {
    let asked = environment.copied().unwrap_or_default();
    if asked.abi3t {
        // No macro reads a member there.
        return None;
    }
    if let Some(level) = asked.limited {
        // Between their own level and the newest no headers were measured at lower levels.
        let newest = asked.python == Some(Version::NEWEST) && level < Version::NEWEST;
        return Some((if newest { reads.newest_at_level } else { reads.limited }, level));
    }
    let version = asked.python.or_else(|| newest_live(found, world))?;
    Some((reads.normal, version))
}

/// The newest version in which a use is live.
fn newest_live(found: &Use, world: &World) -> Option<Version> {
    if found.condition.is_always() {
        return Some(Version::NEWEST);
    }
    let versions = (OLDEST.minor()..=Version::NEWEST.minor()).rev().map(|minor| Version::new(3, minor));
    let older = std::iter::once(Version::new(2, 7));
    let live =
        |version: &Version| found.condition.eval(&World { python: Some(*version), ..world.clone() }) != Truth::False;
    versions.chain(older).find(live)
}

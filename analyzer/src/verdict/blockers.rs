//! What of a report's uses stands in the way of one target.

use std::collections::BTreeSet;

use capi::{Item, Role, Target};

use crate::condition::{Truth, World};
use crate::report::{Certainty, Kind};
use crate::{Environment, OriginClass, Use};

/// The blockers of one target.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Blockers {
    /// Identifiers.
    pub(super) names: BTreeSet<String>,
    /// `Structure.member`.
    pub(super) members: BTreeSet<String>,
    /// Variables of static types.
    pub(super) types: BTreeSet<String>,
    /// Internal headers.
    pub(super) headers: BTreeSet<String>,
    /// Accesses that would block if their structure is what their name suggests.
    pub(super) probable: u64,
}

impl Blockers {
    /// Whether there are none.
    pub(super) fn is_empty(&self) -> bool {
        self.names.is_empty() && self.headers.is_empty() && self.members.is_empty() && self.types.is_empty()
    }
}

/// The blockers among `uses` for `target`.
pub(super) fn find(uses: &[&Use], target: Target, environment: Option<Environment>) -> Blockers {
    let world = World {
        platform: environment.and_then(|environment| environment.platform),
        ..World::for_target(target.version(), target)
    };
    let mut blockers = Blockers::default();
    for found in uses {
        let counts = found.origin.class != OriginClass::TestOrDoc;
        if counts && found.condition.eval(&world) != Truth::False {
            add(&mut blockers, found, target);
        }
    }
    blockers
}

fn add(blockers: &mut Blockers, found: &Use, target: Target) {
    match found.kind {
        Kind::Api => {
            if capi::item(&found.name).is_some_and(|item| item_blocks(item, target)) {
                blockers.names.insert(found.name.clone());
            }
        }
        Kind::Member => {
            if !member_blocks(found, target) {
            } else if found.certainty == Certainty::Certain {
                blockers.members.insert(found.item());
            } else {
                blockers.probable += found.sites.len() as u64;
                blockers.members.insert(found.item());
            }
        }
        Kind::StaticType => {
            blockers.types.insert(found.name.clone());
        }
        Kind::ModuleDef => {
            if target.is_free_threaded() {
                blockers.names.insert("PyModuleDef".to_owned());
            }
        }
        Kind::Layout => {
            if layout_blocks(&found.name, target) {
                blockers.names.insert(found.name.clone());
            }
        }
        Kind::InternalHeader => {
            blockers.headers.insert(found.name.clone());
        }
        // Its macro is an API use, and its structure's member is judged there.
        Kind::Lvalue | Kind::ExportHook => {}
    }
}

/// Whether limited mode at the target hides the name, or shows it in a form that does not compile.
fn item_blocks(item: &Item, target: Target) -> bool {
    let is_type_object =
        capi::role(item.name).is_some_and(|named| named.role == Role::TypeObject && named.name == "PyTypeObject");
    if is_type_object {
        // Its variables are reported as static types; pointers to it are fine.
        return false;
    }
    !item.is_limited_at(target.version())
        || target.is_free_threaded() && (item.hidden_in_abi3t || item.useless_in_abi3t)
}

fn member_blocks(found: &Use, target: Target) -> bool {
    let Some(structure) = found.structure.as_deref().and_then(capi::structure) else {
        return false;
    };
    if target.is_free_threaded() && structure.opaque_in_abi3t {
        return true;
    }
    let path = found.member_path.as_deref().unwrap_or(&found.name);
    let allowed = structure.member(path).is_some_and(|member| member.allowed_in_limited);
    !(allowed && structure.is_complete_in_limited(target.version()))
}

/// Object heads are items and judged as such; other structures have to be complete. The type object itself is left to
/// the static types, whose variables are listed by name.
fn layout_blocks(name: &str, target: Target) -> bool {
    let Some(structure) = capi::structure(name) else {
        return false;
    };
    let is_complete = structure.is_complete_in_limited(target.version());
    !is_complete || target.is_free_threaded() && structure.opaque_in_abi3t
}

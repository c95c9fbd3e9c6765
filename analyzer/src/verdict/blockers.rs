//! What of a report's uses stands in the way of one target.

use std::collections::BTreeSet;

use capi::{Item, Role, Target};

use crate::condition::{Truth, World};
use crate::report::{Certainty, Kind};
use crate::{Condition, Environment, OriginClass, Report, Use};

use super::decide::Facts;

/// The blockers of one target.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Blockers {
    /// Identifiers.
    pub(super) names: BTreeSet<String>,
    /// `Structure.member`.
    pub(super) members: BTreeSet<String>,
    /// Variables of static types.
    pub(super) types: BTreeSet<String>,
    /// Internal headers; the type object's layout; names that the package itself should define.
    pub(super) others: BTreeSet<String>,
    /// Accesses that would block if their structure is what their name suggests.
    pub(super) probable: u64,
}

impl Blockers {
    /// Whether there are none.
    pub(super) fn is_empty(&self) -> bool {
        self.names.is_empty() && self.others.is_empty() && self.members.is_empty() && self.types.is_empty()
    }
}

/// The blockers of `target`.
pub(super) fn find(facts: &Facts<'_>, target: Target) -> Blockers {
    let world = world(facts.environment.as_ref(), target);
    let mut blockers = Blockers::default();
    let is_live = |found: &Use| is_live(found, &world);
    for found in facts.uses.iter().filter(|found| is_live(found)) {
        add(&mut blockers, found, target);
    }
    let ends = facts.errors.iter().any(|condition| is_refused(condition, &world));
    blockers.others.extend(ends.then(|| ERROR.to_owned()));
    blockers.others.extend(facts.missing.iter().filter(|found| is_live(found)).map(|found| found.name.clone()));
    blockers
}

/// The uses of a report that stand in the way of `target`: live in a build for it, and not there. `on`: the environment
/// that the report was made for.
pub fn blocking_uses<'r>(
    report: &'r Report,
    target: Target,
    on: Option<&Environment>,
) -> impl Iterator<Item = &'r Use> {
    let world = world(on, target);
    report.uses.iter().filter(move |found| is_live(found, &world) && blocks(found, target))
}

/// A build for the target with its own headers, on the platform asked about.
fn world(on: Option<&Environment>, target: Target) -> World {
    World { platform: on.and_then(|on| on.platform), ..World::for_target(target.version(), target) }
}

/// Whether a build compiles the use, as far as can be told. Tests and docs are never built.
fn is_live(found: &Use, world: &World) -> bool {
    found.origin.class != OriginClass::TestOrDoc && found.condition.eval(world) != Truth::False
}

/// What stands for an `#error` among the blockers.
const ERROR: &str = "error-directive";

/// Whether an `#error` refuses the target: for its version or for limited mode, not for a system or a compiler, for which
/// other files may be compiled.
fn is_refused(error: &Condition, world: &World) -> bool {
    let any_target = World { python: None, limited: None, abi3t: None, free_threaded: None, ..world.clone() };
    error.eval(world) == Truth::True && error.eval(&any_target) == Truth::Unknown
}

/// Whether a use blocks `target` where it is live.
pub(super) fn blocks(found: &Use, target: Target) -> bool {
    let mut blockers = Blockers::default();
    add(&mut blockers, found, target);
    !blockers.is_empty()
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
                let list = if is_type_object(&found.name) { &mut blockers.others } else { &mut blockers.names };
                list.insert(found.name.clone());
            }
        }
        Kind::Lvalue => {
            if !is_assignable(&found.name, target) {
                blockers.names.insert(found.name.clone());
            }
        }
        Kind::InternalHeader => {
            blockers.others.insert(found.name.clone());
        }
        Kind::ExportHook => {}
    }
}

/// Whether limited mode at the target hides the name, or shows it in a form that does not compile.
fn item_blocks(item: &Item, target: Target) -> bool {
    if is_type_object(item.name) {
        // Its variables are reported as static types; pointers to it are fine.
        return false;
    }
    !item.is_limited_at(target.version())
        || target.is_free_threaded() && (item.hidden_in_abi3t || item.useless_in_abi3t)
}

/// Whether it is the structure of types, which the contract's `blocking` leaves out.
fn is_type_object(name: &str) -> bool {
    capi::role(name).is_some_and(|named| named.role == Role::TypeObject && named.structure == Some("PyTypeObject"))
}

/// Whether the headers of the target's version take the macro on the left of an assignment. That limited mode shows it
/// is judged by its name.
fn is_assignable(name: &str, target: Target) -> bool {
    let known = capi::lvalue_macro(name).and_then(|known| known.assignable);
    known.is_none_or(|versions| versions.contains(target.version()))
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

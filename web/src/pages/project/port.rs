//! What has to change for abi3t, step by step.

use analyzer::{Condition, Kind, Truth, World};
use capi::{EXPORT_HOOK, INIT_HOOK, PortStep, Role, Target, Version};
use packaging::ProjectName;
use store::{FileAnswer, UseRow};

use crate::address;
use crate::numbers::Count;

/// One step of the list.
pub(super) struct Step {
    pub(super) title: &'static str,
    /// Nothing is left to do.
    pub(super) done: bool,
    /// `3 structures begin with one`.
    pub(super) found: String,
    /// What to write instead; empty if it is done.
    pub(super) advice: &'static str,
    /// The uses it is about, if there are any.
    pub(super) address: Option<String>,
}

/// The list; empty for code that has none of it, such as Rust.
pub(super) fn steps(name: &ProjectName, version: &str, file: &FileAnswer) -> Vec<Step> {
    if file.uses.iter().all(|row| row.kind == Kind::Api) {
        return Vec::new();
    }
    let world = World::for_target(Version::NEWEST, Target::Abi3t(Version::NEWEST));
    let uses: Vec<&UseRow> = file.uses.iter().filter(|row| is_compiled(row, &world)).collect();
    let list = |kind: Kind| {
        address::with_query(&format!("{}/uses", address::release(name, version)), &[("kind", kind.as_str())])
    };
    PortStep::ALL
        .into_iter()
        .map(|step| {
            let (kind, left, found) = state(step, &uses);
            Step {
                title: step.title(),
                done: left == 0,
                found,
                advice: if left == 0 { "" } else { step.advice() },
                address: (left > 0).then(|| list(kind)),
            }
        })
        .collect()
}

/// Whether a build for abi3t compiles it, as far as can be told. What stands under other conditions, such as Cython's code
/// for builds without the limited API, is no work.
fn is_compiled(row: &UseRow, world: &World) -> bool {
    let is_dead = |condition: Condition| condition.eval(world) == Truth::False;
    row.origin != "test-or-doc" && !row.condition.parse().is_ok_and(is_dead)
}

/// The kind of use it is about, how much is left to do, and what was found.
fn state(step: PortStep, uses: &[&UseRow]) -> (Kind, i64, String) {
    let of = |kind: Kind| uses.iter().copied().filter(move |row| row.kind == kind);
    let sites = |rows: &mut dyn Iterator<Item = &UseRow>| rows.map(|row| row.sites).sum::<i64>();
    let told = |n: i64, one: &str| if n == 0 { format!("no {one} found") } else { Count(n).of(one) };
    match step {
        PortStep::ObjectHeads => {
            let is_head = |row: &&UseRow| capi::role(&row.item).is_some_and(|named| named.role == Role::ObjectHead);
            let n = sites(&mut of(Kind::Layout).filter(is_head));
            (Kind::Layout, n, told(n, "object head"))
        }
        PortStep::StaticTypes => {
            let n = sites(&mut of(Kind::StaticType));
            (Kind::StaticType, n, told(n, "static type"))
        }
        PortStep::ModuleDefinitions => {
            let n = sites(&mut of(Kind::ModuleDef));
            (Kind::ModuleDef, n, told(n, "module definition"))
        }
        PortStep::ExportHook => {
            let is_new = |row: &&UseRow| row.item.starts_with(EXPORT_HOOK);
            let (new, all) = (sites(&mut of(Kind::ExportHook).filter(is_new)), sites(&mut of(Kind::ExportHook)));
            let old = all - new;
            let found = match (old, new) {
                (0, 0) => "no export hook found".to_owned(),
                (0, new) => format!("{EXPORT_HOOK}… is exported ({})", Count(new)),
                (old, 0) => format!("{INIT_HOOK}… only ({})", Count(old)),
                (old, new) => format!("{INIT_HOOK}… ({}) and {EXPORT_HOOK}… ({})", Count(old), Count(new)),
            };
            (Kind::ExportHook, if new == 0 { old } else { 0 }, found)
        }
        PortStep::OpaqueMembers => {
            let is_opaque = |row: &&UseRow| {
                let structure = row.item.split_once('.').and_then(|(structure, _)| capi::structure(structure));
                structure.is_some_and(|structure| structure.opaque_in_abi3t)
            };
            let n = sites(&mut of(Kind::Member).filter(is_opaque));
            (Kind::Member, n, if n == 0 { "none touched".to_owned() } else { Count(n).of("site") })
        }
    }
}

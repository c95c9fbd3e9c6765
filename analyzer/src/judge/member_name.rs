//! Macros with a member's name for an argument: `SLOT(type, tp_dealloc)` where the body has `(type)->slot`. The finding
//! is where the name is written, its structure is known only in the body.

use crate::lexer::Sym;
use crate::report::{Access, Certainty, Kind};
use crate::scan::{FastMap, FileId, Guard, Type};

use super::finding::{Finding, Name};
use super::resolve::{Reached, Resolver, distinctive};
use super::walk::Project;

/// What is known while the package is judged.
#[derive(Debug, Default)]
pub(crate) struct MemberNames {
    /// The types on the left of a parameter, and how it is accessed, by macro and position.
    slots: FastMap<(u32, u8), (Type, Access)>,
    /// Parameters that are handed on to other macros' parameters: to each definition of the macro that is called.
    links: FastMap<(u32, u8), Vec<(u32, u8)>>,
    /// Arguments that are one name, for such parameters.
    written: Vec<Written>,
}

/// Macros that hand an argument on to each other.
const MAX_LINKS: usize = 8;

/// A name that is written as such an argument.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Written {
    /// The macro and the argument's position.
    pub(crate) slot: (u32, u8),
    /// The name.
    pub(crate) name: Sym,
    /// Where.
    pub(crate) file: FileId,
    /// Byte offset in the file.
    pub(crate) offset: u32,
    /// When the preprocessor keeps it.
    pub(crate) guard: Guard,
    /// In `outer.inner`, the second name and its offset.
    pub(crate) inner: Option<(Sym, u32)>,
}

impl MemberNames {
    /// A parameter stands behind a value of type `ty`.
    pub(crate) fn slot(&mut self, slot: (u32, u8), ty: Type, access: Access) {
        let known = self.slots.entry(slot).or_insert((ty, access));
        if !known.0.is_known() {
            *known = (ty, access);
        }
    }

    /// A macro hands its parameter on to another macro.
    pub(crate) fn link(&mut self, from: (u32, u8), to: (u32, u8)) {
        let known = self.links.entry(from).or_default();
        if !known.contains(&to) && known.len() < MAX_LINKS {
            known.push(to);
        }
    }

    /// An argument is written.
    pub(crate) fn written(&mut self, written: Written) {
        self.written.push(written);
    }
}

/// The findings, with their files, once all bodies have been read.
pub(crate) fn named_members(project: &mut Project<'_>) -> Vec<(FileId, Finding)> {
    let written = std::mem::take(&mut project.member_names.written);
    let mut found = Vec::new();
    for written in written {
        for (slot, guard) in reached(project, written) {
            let findings = findings(project, written, slot, guard).unwrap_or_default();
            found.extend(findings.into_iter().map(|finding| (written.file, finding)));
        }
    }
    found
}

/// The slots that an argument is handed on to, with the condition under which it gets there.
fn reached(project: &mut Project<'_>, written: Written) -> Vec<((u32, u8), Guard)> {
    let mut ends = Vec::new();
    let mut waiting = vec![(written.slot, written.guard)];
    for _ in 0..MAX_LINKS * 2 {
        let Some((slot, guard)) = waiting.pop() else { break };
        let guard = project.guards.both(guard, project.package.macros[slot.0 as usize].guard);
        if guard == Guard::NEVER {
            continue;
        }
        match project.member_names.links.get(&slot) {
            Some(next) if !project.member_names.slots.contains_key(&slot) => {
                waiting.extend(next.iter().map(|&next| (next, guard)));
            }
            _ => ends.push((slot, guard)),
        }
    }
    ends
}

/// What the names are, behind the type that the slot has.
fn findings(project: &mut Project<'_>, written: Written, slot: (u32, u8), guard: Guard) -> Option<Vec<Finding>> {
    let &(ty, access) = project.member_names.slots.get(&slot)?;
    let (outer, ty) = finding(project, written.file, guard, (ty, written.name, written.offset), access)?;
    let inner =
        written.inner.and_then(|(name, offset)| finding(project, written.file, guard, (ty, name, offset), access));
    Some([outer].into_iter().chain(inner.map(|(inner, _)| inner)).collect())
}

/// The member of this name and offset of a value of this type, and its own type.
fn finding(
    project: &mut Project<'_>,
    file: FileId,
    guard: Guard,
    (ty, name, offset): (Type, Sym, u32),
    access: Access,
) -> Option<(Finding, Type)> {
    let (reached, guard) = Resolver::member(project, file, guard, ty, name);
    let text = project.names.text(name).into_owned();
    let (structure, member, certainty) = match reached {
        Reached::CPython(structure, member) => (structure, member, Certainty::Certain),
        // The left side may be another parameter's member: `(type)->sub->name`.
        Reached::Unknown => distinctive(&text).map(|(structure, member)| (structure, member, Certainty::Probable))?,
        Reached::Own(_) | Reached::Embedded(_) => return None,
    };
    let last = member.name.rsplit('.').next().unwrap_or(member.name);
    let found = Finding {
        structure: Some(structure.name),
        path: (last != member.name).then_some(member.name),
        access: access.into(),
        certainty,
        ..Finding::new(Kind::Member, Name::Known(last), offset, guard)
    };
    Some((found, project.resolver.type_of(project.names, structure, member)))
}

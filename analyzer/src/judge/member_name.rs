//! Macros with a member's name for an argument: `SLOT(type, tp_dealloc)` where the body has `(type)->slot`. The finding
//! is where the name is written, its structure is known only in the body.

use crate::lexer::Sym;
use crate::report::{Access, Certainty, Kind};
use crate::scan::{FastMap, FileId, Guard, Type};

use super::finding::{Finding, Name};
use super::resolve::{Reached, Resolver};
use super::walk::Project;

/// What is known while the package is judged.
#[derive(Debug, Default)]
pub(crate) struct MemberNames {
    /// The types on the left of a parameter, and how it is accessed, by macro and position.
    slots: FastMap<(u32, u8), (Type, Access)>,
    /// Arguments that are one name, for such parameters.
    written: Vec<Written>,
}

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
}

impl MemberNames {
    /// A parameter stands behind a value of type `ty`.
    pub(crate) fn slot(&mut self, slot: (u32, u8), ty: Type, access: Access) {
        let known = self.slots.entry(slot).or_insert((ty, access));
        if !known.0.is_known() {
            *known = (ty, access);
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
    written
        .into_iter()
        .filter_map(|written| Some((written.file, finding(project, written)?)))
        .collect()
}

fn finding(project: &Project<'_>, written: Written) -> Option<Finding> {
    let &(ty, access) = project.member_names.slots.get(&written.slot)?;
    let reached = Resolver::member(project.names, project.package, written.file, ty, written.name);
    let Reached::CPython(structure, member) = reached else {
        return None;
    };
    let last = member.name.rsplit('.').next().unwrap_or(member.name);
    Some(Finding {
        structure: Some(structure.name),
        path: (last != member.name).then_some(member.name),
        access: access.into(),
        certainty: Certainty::Certain,
        ..Finding::new(Kind::Member, Name::Known(last), written.offset, written.guard)
    })
}

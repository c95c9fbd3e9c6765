//! # member: direct access to a member of a CPython structure
//!
//! **What.** `x->m`, `x.m`, `.m = v` in an initialiser, `offsetof(S, m)`, where the structure is CPython's: read,
//! written, its address taken, initialised, or its offset asked for.
//!
//! **Why.** Each access keeps CPython from changing or hiding the structure (PEP 620, PEP 670, bpo-39573, bpo-40170,
//! bpo-40421, bpo-39947), and most do not compile under the limited API.
//!
//! **Hits.** `type->tp_name` with `PyTypeObject *type`; `((PyObject *)(o))->ob_type`; `Py_TYPE(o)->tp_free(o)`;
//! `self->base.ob_base.ob_size` where the package's structure embeds a `PyListObject`.
//! Where the type is not known, a name that no other library uses (`tp_name`, `ob_refcnt`) is reported as probable.
//!
//! **Near misses.** A member of that name in a structure of the package or of another library (`encoder->frame`).
//! A common name (`next`, `data`) behind an unknown type is counted as unresolved, not reported.

use capi::{Member, Structure};

use crate::judge::{Finding, Name, Operand, Place, Reached, Resolver, Walk, distinctive};
use crate::lexer::{Kind, Sym};
use crate::report::{Access, Certainty, Kind as Report};
use crate::scan::{Base, Guard, Type, template_argument};

/// `operand.name` or `operand->name`, the name at `member`: reports it if it is CPython's, and gives the new operand.
pub(crate) fn check(walk: &mut Walk<'_, '_>, operand: Operand, arrow: bool, member: usize) -> Operand {
    let name = walk.sym(member);
    let ty = if arrow { walk.through_arrow(operand.ty) } else { operand.ty };
    let here = walk.guard_at(member);
    let (reached, guard) = Resolver::member(walk.project, walk.file, here, ty, name);
    match reached {
        Reached::CPython(structure, found) => {
            found_member(walk, structure, found, member, guard, Access::Read, Certainty::Certain)
        }
        Reached::Embedded(structure) => Operand::value(named(walk, structure)),
        Reached::Own(ty) => Operand::value(ty),
        Reached::Unknown => pointed_to(walk, ty, arrow, member).unwrap_or_else(|| unknown(walk, ty, name, member)),
    }
}

/// A template that nobody in sight defines, followed by `->`: probably a pointer to its first argument.
fn pointed_to(walk: &mut Walk<'_, '_>, ty: Type, arrow: bool, member: usize) -> Option<Operand> {
    let Base::Applied(_, list) = ty.base else { return None };
    if !arrow || ty.pointers > 0 {
        return None;
    }
    let first = template_argument(walk.project.names, list, 0);
    let (name, here) = (walk.sym(member), walk.guard_at(member));
    match Resolver::member(walk.project, walk.file, here, first, name) {
        (Reached::CPython(structure, found), guard) => {
            Some(found_member(walk, structure, found, member, guard, Access::Read, Certainty::Probable))
        }
        _ => None,
    }
}

fn named(walk: &mut Walk<'_, '_>, structure: &'static Structure) -> Type {
    Type::of(Base::Named(walk.project.names.intern(structure.name.as_bytes())))
}

/// The left side's type is not known: the name may tell.
fn unknown(walk: &mut Walk<'_, '_>, ty: Type, name: Sym, member: usize) -> Operand {
    if !walk.project.names.facts(name).member {
        return Operand::value(Type::UNKNOWN);
    }
    let text = walk.project.names.text(name).into_owned();
    if let Some((structure, found)) = distinctive(&text) {
        let guard = walk.guard_at(member);
        return found_member(walk, structure, found, member, guard, Access::Read, Certainty::Probable);
    }
    // A method call is another language's business; a type that is named but unknown is not CPython's.
    let is_open = !ty.is_known() && walk.kind(member + 1) != Kind::LParen;
    if is_open {
        *walk.out.unresolved.entry(text).or_default() += 1;
    }
    Operand::value(Type::UNKNOWN)
}

fn found_member(
    walk: &mut Walk<'_, '_>,
    structure: &'static Structure,
    found: &'static Member,
    at: usize,
    guard: Guard,
    access: Access,
    certainty: Certainty,
) -> Operand {
    let last = found.name.rsplit('.').next().unwrap_or(found.name);
    let index = walk.report(Finding {
        structure: Some(structure.name),
        path: (last != found.name).then_some(found.name),
        access: access.into(),
        certainty,
        ..Finding::new(Report::Member, Name::Known(last), walk.code[at].start, guard)
    });
    Operand {
        ty: walk.project.resolver.type_of(walk.project.names, structure, found),
        place: Place::Member(index),
        name: None,
    }
}

/// `.name = value` inside an initialiser.
pub(crate) fn check_designator(walk: &mut Walk<'_, '_>, member: usize) {
    let name = walk.sym(member);
    if !walk.project.names.facts(name).member {
        return;
    }
    let ty = walk.initialised_type();
    let here = walk.guard_at(member);
    let (reached, guard) = Resolver::member(walk.project, walk.file, here, ty, name);
    match reached {
        Reached::CPython(structure, found) => {
            found_member(walk, structure, found, member, guard, Access::Init, Certainty::Certain);
        }
        Reached::Unknown => {
            let text = walk.project.names.text(name).into_owned();
            if let Some((structure, found)) = distinctive(&text) {
                found_member(walk, structure, found, member, guard, Access::Init, Certainty::Probable);
            }
        }
        Reached::Own(_) | Reached::Embedded(_) => {}
    }
}

/// `offsetof(S, m)`, at the keyword.
pub(crate) fn check_offsetof(walk: &mut Walk<'_, '_>) {
    let syntax = walk.syntax();
    let open = walk.at + 1;
    let Some(close) = syntax.closing(open).filter(|_| syntax.kind(open) == Kind::LParen) else {
        return;
    };
    let Some(comma) = (open..close).find(|&at| syntax.kind(at) == Kind::Comma) else {
        return;
    };
    let Some(mut ty) = syntax.type_name(open + 1, comma) else {
        return;
    };
    for at in comma + 1..close {
        if walk.kind(at) != Kind::Ident {
            continue;
        }
        let name = walk.sym(at);
        if let Some(slot) = walk.member_slot(at) {
            walk.project.member_names.slot(slot, ty, Access::Offset);
            return;
        }
        let here = walk.guard_at(at);
        let (reached, guard) = Resolver::member(walk.project, walk.file, here, ty, name);
        ty = match reached {
            Reached::CPython(structure, found) => {
                found_member(walk, structure, found, at, guard, Access::Offset, Certainty::Certain).ty
            }
            Reached::Embedded(structure) => named(walk, structure),
            Reached::Own(ty) => ty,
            Reached::Unknown => return,
        };
    }
}

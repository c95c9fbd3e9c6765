//! From a type to the structure whose member is accessed.

use capi::{Member, Structure};

use crate::Condition;
use crate::lexer::{Names, Sym};
use crate::scan::{
    Base, FastMap, FileId, Guard, Head, Package, RecordId, Syntax, Type, What, condition_of_versions, substituted,
};

use super::standard;
use super::walk::Project;

/// Longest chain of typedefs and base classes that is followed.
const MAX_STEPS: usize = 16;

/// What a type is, once typedefs are followed.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Resolved {
    /// A structure of CPython's.
    CPython(&'static Structure),
    /// A structure of the package's.
    Own(RecordId),
    /// A name that nobody in sight defines.
    Foreign,
    /// A number or the like.
    Other,
    /// Not known.
    Unknown,
}

/// The member that an access reaches.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Reached {
    /// A member of CPython's.
    CPython(&'static Structure, &'static Member),
    /// The object head of a structure of the package's, which is a CPython structure.
    Embedded(&'static Structure),
    /// A field of the package's own, or something that is not CPython's for certain.
    Own(Type),
    /// The left side's type is not known.
    Unknown,
}

/// Follows types, remembering what members' C types mean.
#[derive(Debug, Default)]
pub(crate) struct Resolver {
    texts: FastMap<&'static str, Type>,
    values: FastMap<Sym, Type>,
}

impl Resolver {
    /// What `ty` is as seen from `file`: its pointers and whether it is a function are in the second part.
    pub(crate) fn resolve(names: &Names, package: &Package, file: FileId, ty: Type) -> (Resolved, Type) {
        let mut ty = ty;
        for _ in 0..MAX_STEPS {
            let name = match ty.base {
                // Which of a member's types holds is asked where a member is looked up.
                Base::Unknown | Base::Member(..) => return (Resolved::Unknown, ty),
                Base::Other => return (Resolved::Other, ty),
                Base::Record(id) => return (Resolved::Own(id), ty),
                Base::CPython(name) => {
                    return (names.facts(name).structure.map_or(Resolved::Foreign, Resolved::CPython), ty);
                }
                Base::Tag(tag) => {
                    let resolved = match (package.tagged(tag, file), structure(names, package, file, tag)) {
                        (Some(id), _) => Resolved::Own(id),
                        (None, Some(structure)) => Resolved::CPython(structure),
                        (None, None) => Resolved::Foreign,
                    };
                    return (resolved, ty);
                }
                Base::Named(name) | Base::Applied(name, _) => name,
            };
            let list = match ty.base {
                Base::Applied(_, list) => Some(list),
                _ => None,
            };
            let own = package.find(name, file, |declared| match declared.what {
                What::Typedef(to) if to != Type::of(Base::Named(name)) => Some(to),
                What::Record(id) => Some(Type::of(Base::Record(id))),
                What::Macro(number) => {
                    let ty = package.macros.get(number as usize)?.alias?;
                    (ty != Type::of(Base::Named(name))).then_some(ty)
                }
                _ => None,
            });
            let Some(to) = own else {
                let resolved = structure(names, package, file, name).map_or(Resolved::Foreign, Resolved::CPython);
                return (resolved, ty);
            };
            if let (Base::Record(id), Some(_)) = (to.base, list) {
                // Keeps its arguments, for the types of its members.
                return (Resolved::Own(id), ty);
            }
            let to = match (list, package.alias_parameters.get(&name)) {
                (Some(list), Some(parameters)) => substituted(names, to, parameters, list),
                _ => to,
            };
            ty = Type {
                base: to.base,
                pointers: ty.pointers.saturating_add(to.pointers),
                function: ty.function || to.function,
            };
        }
        (Resolved::Unknown, Type::UNKNOWN)
    }

    /// The structures that a value of type `ty` is under different conditions, each with the part of `here` under which it
    /// is: a name may stand for one in some builds only.
    pub(crate) fn structures(
        project: &mut Project<'_>,
        file: FileId,
        here: Guard,
        ty: Type,
    ) -> Vec<(&'static Structure, Type, Guard)> {
        let everywhere = |found: (&'static Structure, Type)| vec![(found.0, found.1, here)];
        let meanings = match ty.base {
            Base::Named(name) => meanings(project.package, file, name),
            _ => Vec::new(),
        };
        if meanings.is_empty() {
            return structure_of(project, file, ty).map_or_else(Vec::new, everywhere);
        }
        let mut elsewhere = here;
        let mut found = Vec::new();
        for (to, declared) in meanings {
            let rest = project.guards.condition(declared).negate();
            let rest = project.guards.number(rest);
            elsewhere = project.guards.both(elsewhere, rest);
            let guard = project.guards.both(here, declared);
            let structure = structure_of(project, file, to.pointer(ty.pointers));
            // Where the limited API has no size for it, a name that means it there only is a handle, not a value.
            let is_handle = |structure: &Structure| {
                !structure.is_complete_in_limited(capi::Version::NEWEST)
                    && project.guards.condition(guard).implies(&project.limited)
            };
            let structure = structure.filter(|(structure, _)| guard != Guard::NEVER && !is_handle(structure));
            found.extend(structure.map(|(structure, full)| (structure, full, guard)));
        }
        if let Base::Named(name) = ty.base
            && elsewhere != Guard::NEVER
            && let Some(structure) = project.names.facts(name).structure
        {
            found.push((structure, ty, elsewhere));
        }
        found
    }

    /// The member `name` of a value or pointed-to value of type `ty`, used in `file` where the preprocessor keeps `here`;
    /// and where it keeps both the use and the declarations that lead to the member.
    pub(crate) fn member(
        project: &mut Project<'_>,
        file: FileId,
        here: Guard,
        ty: Type,
        name: Sym,
    ) -> (Reached, Guard) {
        let text = project.names.facts(name).member_name.unwrap_or_default();
        let mut first = Some((ty, here));
        let mut waiting = Vec::new();
        let mut incomplete = false;
        let mut own = None;
        for _ in 0..MAX_STEPS {
            let Some((ty, guard)) = first.take().or_else(|| waiting.pop()) else { break };
            let alternatives = alternatives(project, file, ty, guard);
            if !alternatives.is_empty() {
                waiting.extend(alternatives);
                continue;
            }
            let (resolved, full) = Self::resolve(project.names, project.package, file, ty);
            match resolved {
                Resolved::CPython(structure) => {
                    if let Some(member) = structure.member(text) {
                        return (Reached::CPython(structure, member), guard);
                    }
                }
                Resolved::Own(id) => {
                    let record = &project.package.records[id.0 as usize];
                    let names = &*project.names;
                    let given = |ty: Type| match full.base {
                        Base::Applied(_, list) => substituted(names, ty, &record.parameters, list),
                        _ => ty,
                    };
                    if let Some(&field) = project.package.fields.get(&(id, name)) {
                        own = own.or(Some(given(field)));
                        continue;
                    }
                    if let Some(head) = head_member(record.head, text) {
                        return (head, guard);
                    }
                    waiting.extend(record.bases.iter().rev().take(MAX_STEPS).map(|&base| (given(base), guard)));
                }
                Resolved::Other => {}
                Resolved::Foreign | Resolved::Unknown => match full.base {
                    Base::Applied(template, list) if standard::is_known(project.names, template) => {
                        own = own.or(standard::member(project.names, template, list, name));
                    }
                    _ => incomplete = true,
                },
            }
        }
        let reached = match own {
            Some(field) => Reached::Own(field),
            None if incomplete => Reached::Unknown,
            None => Reached::Own(Type::UNKNOWN),
        };
        (reached, here)
    }

    /// The type of a member, from its C type; inner structures stay with the outer one, which lists their members.
    pub(crate) fn type_of(
        &mut self,
        names: &mut Names,
        structure: &'static Structure,
        member: &'static Member,
    ) -> Type {
        let prefix_length = member.name.len();
        let has_inner = structure
            .members
            .iter()
            .any(|m| m.name.as_bytes().get(prefix_length) == Some(&b'.') && m.name.starts_with(member.name));
        if has_inner {
            return Type::of(Base::CPython(names.intern(structure.name.as_bytes())));
        }
        let ty = self.text(names, member.c_type);
        if member.was.is_empty() {
            return ty;
        }
        let base = Base::Member(names.intern(structure.name.as_bytes()), names.intern(member.name.as_bytes()));
        Type { base, ..ty }
    }

    /// The type of a name of the C API, if it has been asked for before.
    pub(crate) fn value(&self, name: Sym) -> Option<Type> {
        self.values.get(&name).copied()
    }

    /// Takes note of the type of a name of the C API.
    pub(crate) fn remember_value(&mut self, name: Sym, ty: Type) {
        self.values.insert(name, ty);
    }

    /// The type that a C type name such as `struct _typeobject *` says.
    pub(crate) fn text(&mut self, names: &mut Names, text: &'static str) -> Type {
        if let Some(&ty) = self.texts.get(text) {
            return ty;
        }
        let tokens = crate::lexer::lex(text.as_bytes(), crate::lexer::Language::C, names);
        let syntax = Syntax::new(&tokens, names, false);
        let dimensions = tokens.iter().filter(|t| t.kind == crate::lexer::Kind::LBracket).count();
        let end = tokens.iter().position(|t| t.kind == crate::lexer::Kind::LBracket).unwrap_or(tokens.len() - 1);
        let ty = syntax.type_name(0, end).unwrap_or(Type::UNKNOWN);
        let mut ty = ty.pointer(u8::try_from(dimensions).unwrap_or(u8::MAX));
        if let Base::Named(name) | Base::Tag(name) = ty.base
            && names.facts(name).structure.is_some_and(|structure| structure.public.is_some())
        {
            ty.base = Base::CPython(name);
        }
        self.texts.insert(text, ty);
        ty
    }
}

/// The structure of CPython's that a type is in the end.
fn structure_of(project: &Project<'_>, file: FileId, ty: Type) -> Option<(&'static Structure, Type)> {
    match Resolver::resolve(project.names, project.package, file, ty) {
        (Resolved::CPython(structure), full) => Some((structure, full)),
        _ => None,
    }
}

/// CPython's structure of this name, as seen from `file`: those of internal headers only where one is included.
fn structure(names: &Names, package: &Package, file: FileId, name: Sym) -> Option<&'static Structure> {
    let structure = names.facts(name).structure?;
    (structure.public.is_some() || package.sees_internals(file)).then_some(structure)
}

/// What the package says that a name stands for, and when.
fn meanings(package: &Package, file: FileId, name: Sym) -> Vec<(Type, Guard)> {
    let types = package.visible(name, file).filter_map(|declared| {
        let to = match declared.what {
            What::Typedef(to) => to,
            What::Record(id) => Type::of(Base::Record(id)),
            What::Macro(number) => package.macros.get(number as usize)?.alias?,
            _ => return None,
        };
        (to != Type::of(Base::Named(name))).then_some((to, declared.guard))
    });
    types.take(MAX_STEPS / 2).collect()
}

/// What a name stands for under different conditions, where it is declared several times: `typedef struct {…} Info;` in
/// one branch, a structure of CPython's in the other.
fn alternatives(project: &mut Project<'_>, file: FileId, ty: Type, guard: Guard) -> Vec<(Type, Guard)> {
    let name = match ty.base {
        Base::Named(name) => name,
        Base::Member(structure, member) => return versions(project, guard, structure, member),
        _ => return Vec::new(),
    };
    let package = project.package;
    if package.declarations(name).is_empty() {
        return Vec::new();
    }
    let mut found = meanings(package, file, name);
    if found.is_empty() {
        return found;
    }
    if structure(project.names, package, file, name).is_some() {
        // Where the package does not define the name, it is CPython's.
        let rest = found
            .iter()
            .fold(Condition::always(), |rest, (_, declared)| rest.and(&project.guards.condition(*declared).negate()));
        found.push((Type::of(Base::CPython(name)), project.guards.number(rest)));
    }
    if found.len() < 2 {
        return Vec::new();
    }
    let narrowed = found.into_iter().map(|(to, declared)| (to, project.guards.both(guard, declared)));
    narrowed.filter(|(_, guard)| *guard != Guard::NEVER).collect()
}

/// The types that a member of CPython's has in different versions, the newest last. All hold under `guard`: which
/// version is compiled for decides, and what is found in any of them is an access.
fn versions(project: &mut Project<'_>, guard: Guard, structure: Sym, member: Sym) -> Vec<(Type, Guard)> {
    let Some(structure) = project.names.facts(structure).structure else { return Vec::new() };
    let text = project.names.text(member).into_owned();
    let Some(member) = structure.members.iter().find(|candidate| candidate.name == text) else { return Vec::new() };
    let mut found = Vec::new();
    for &(versions, c_type) in member.was {
        let holds = project.guards.number(condition_of_versions(versions));
        if project.guards.both(guard, holds) != Guard::NEVER {
            found.push((project.resolver.text(project.names, c_type), guard));
        }
    }
    let before =
        member.was.iter().fold(Condition::never(), |all, &(versions, _)| all.or(&condition_of_versions(versions)));
    let now = project.guards.number(before.negate());
    if project.guards.both(guard, now) != Guard::NEVER {
        found.push((project.resolver.text(project.names, member.c_type), guard));
    }
    found
}

/// Members that an object head gives a structure of the package: `ob_base`, and what it was before it had that.
fn head_member(head: Head, name: &str) -> Option<Reached> {
    let holder = match (head, name) {
        (Head::None, _) => return None,
        (Head::Var, "ob_base" | "ob_size") => "PyVarObject",
        (_, "ob_base" | "ob_refcnt" | "ob_type") => "PyObject",
        _ => return None,
    };
    let structure = capi::structure(holder)?;
    if name == "ob_base" {
        return Some(Reached::Embedded(structure));
    }
    structure.member(name).map(|member| Reached::CPython(structure, member))
}

/// The structure that a member name belongs to when nothing is known about the left side; `None` if the name is too
/// common to tell.
pub(crate) fn distinctive(name: &str) -> Option<(&'static Structure, &'static Member)> {
    let current = |member: &Member| member.public.is_some_and(|range| range.contains(capi::Version::NEWEST));
    capi::members_named(name).filter(|(_, member)| member.distinctive).max_by_key(|(structure, member)| {
        (current(member), structure.limited_since.is_some(), std::cmp::Reverse(structure.name))
    })
}

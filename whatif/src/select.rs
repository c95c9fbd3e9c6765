//! Which uses a proposal asks for.

use std::collections::BTreeSet;

use analyzer::Kind;
use capi::{Role, Version};

use crate::read::SOURCE;
use crate::{Level, Proposal, Rule};

/// What a selector or an item is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Sought {
    /// Uses of this kind, which the survey has in memory.
    Use(Kind),
    /// Lines of code that a pattern matches, which have to be searched for.
    Source,
}

impl Sought {
    /// The kind of use.
    pub const fn kind(self) -> Option<Kind> {
        match self {
            Self::Use(kind) => Some(kind),
            Self::Source => None,
        }
    }

    /// The word for it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Use(kind) => kind.as_str(),
            Self::Source => SOURCE,
        }
    }
}

/// Uses of one kind, of one item or of all; or what one pattern matches.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Selector {
    /// What is sought.
    pub kind: Sought,
    /// The item, of a pattern [`Rule::canonical`]; `None`: every item of that kind, such as all static types.
    pub item: Option<String>,
    /// Only of releases that are built for the limited API.
    pub limited_only: bool,
}

/// The selectors of a proposal, each once. A proposal with several rules has those of each of them.
pub fn selectors(proposal: &Proposal) -> BTreeSet<Selector> {
    proposal.rules.iter().flat_map(|rule| of_rule(rule, proposal.python)).collect()
}

/// The names of the members that are asked for, without their structures: accesses by these names may be meant where
/// the structure could not be told.
pub fn members(selectors: &BTreeSet<Selector>) -> BTreeSet<&str> {
    let members = selectors.iter().filter(|selector| selector.kind == Sought::Use(Kind::Member));
    members.filter_map(|selector| selector.item.as_deref()?.rsplit('.').next()).collect()
}

/// The selectors of one rule.
pub(crate) fn of_rule(rule: &Rule, python: Version) -> Vec<Selector> {
    match rule {
        Rule::Remove(item) => vec![one(Kind::Api, item)],
        Rule::Hide(member) => vec![one(Kind::Member, member)],
        Rule::ForbidLvalue(item) => vec![one(Kind::Lvalue, item)],
        Rule::Unlimit(item) => vec![Selector { limited_only: true, ..one(Kind::Api, item) }],
        Rule::Opaque(structure, level) => {
            let mut selectors = opaque(structure);
            if *level == Level::Abi {
                selectors.extend(macros_that_read(structure, python).map(|item| one(Kind::Api, item)));
            }
            selectors
        }
        // About the level that a release asks for, not about what it uses.
        Rule::MinimumLimited(_) => Vec::new(),
        Rule::Source(_) => {
            vec![Selector { kind: Sought::Source, item: Some(rule.canonical()), limited_only: false }]
        }
    }
}

fn one(kind: Kind, item: &str) -> Selector {
    Selector { kind: Sought::Use(kind), item: Some(item.to_owned()), limited_only: false }
}

fn every(kind: Kind) -> Selector {
    Selector { kind: Sought::Use(kind), item: None, limited_only: false }
}

/// What stops compiling when a structure is opaque: its members, itself by value, what initialises it, macros that are
/// assigned to and write its members.
fn opaque(structure: &str) -> Vec<Selector> {
    let known = capi::structure(structure).map_or(&[][..], |known| known.members);
    let mut selectors: Vec<Selector> =
        known.iter().map(|member| one(Kind::Member, &format!("{structure}.{}", member.name))).collect();
    selectors.push(one(Kind::Layout, structure));
    let has_role =
        |role: Role| capi::roles().iter().filter(move |named| named.role == role && named.structure == Some(structure));
    let heads: Vec<Selector> = has_role(Role::ObjectHead).map(|named| one(Kind::Layout, named.name)).collect();
    // A static type begins with the head of an object, and its size is that of the structure of types.
    if !heads.is_empty() || has_role(Role::TypeObject).next().is_some() {
        selectors.push(every(Kind::StaticType));
    }
    if capi::role(structure).is_some_and(|named| named.role == Role::ModuleDef) || !heads.is_empty() {
        selectors.push(every(Kind::ModuleDef));
    }
    selectors.extend(heads);
    selectors.extend(has_role(Role::HeadInitialiser).map(|named| one(Kind::Api, named.name)));
    let writes = |members: &[&str]| {
        members.iter().any(|member| member.split_once('.').is_some_and(|(owner, _)| owner == structure))
    };
    let macros = capi::lvalue_macros().iter().filter(|known| writes(known.members));
    selectors.extend(macros.map(|known| one(Kind::Lvalue, known.name)));
    selectors
}

/// Macros and inline functions whose body touches the structure in `python`.
fn macros_that_read(structure: &str, python: Version) -> impl Iterator<Item = &'static str> {
    capi::all_abi_reads()
        .iter()
        .filter(move |reads| {
            let of_it = reads.normal.iter().filter(|read| read.structure == structure);
            of_it.flat_map(|read| read.versions).any(|range| range.contains(python))
        })
        .map(|reads| reads.name)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(text: &str) -> Vec<String> {
        let proposal = Proposal::from_toml(text).unwrap();
        let word = |selector: &Selector| {
            let only = if selector.limited_only { " limited" } else { "" };
            format!("{} {}{only}", selector.kind.as_str(), selector.item.as_deref().unwrap_or("*"))
        };
        selectors(&proposal).iter().map(word).collect()
    }

    #[test]
    fn each_rule_asks_for_its_kind_of_use() {
        assert_eq!(words("remove = 'Py_TYPE'"), ["api Py_TYPE"]);
        assert_eq!(words("hide = 'PyFrameObject.f_code'"), ["member PyFrameObject.f_code"]);
        assert_eq!(words("forbid-lvalue = 'Py_TYPE'"), ["lvalue Py_TYPE"]);
        assert_eq!(words("unlimit = 'PyType_Ready'"), ["api PyType_Ready limited"]);
        assert!(words("minimum-limited = '3.8'").is_empty());
        assert_eq!(words("source = 'Py_TYPE'"), ["source source=Py_TYPE"], "not the item of that name");
    }

    #[test]
    fn an_opaque_structure_asks_for_members_layouts_static_variables_and_lvalues() {
        let types = words("opaque = 'PyTypeObject'");
        for word in ["member PyTypeObject.tp_name", "static-type *", "layout PyTypeObject"] {
            assert!(types.iter().any(|known| known == word), "{word}: {types:?}");
        }
        assert!(!types.iter().any(|known| known.starts_with("api ")), "macros are no matter of source: {types:?}");
        let objects = words("opaque = 'PyObject'");
        for word in
            ["member PyObject.ob_type", "layout PyObject_HEAD", "lvalue Py_TYPE", "static-type *", "module-def *"]
        {
            assert!(objects.iter().any(|known| known == word), "{word}: {objects:?}");
        }
        assert!(words("opaque-abi = 'PyObject'").iter().any(|known| known == "api Py_INCREF"));
        assert!(words("opaque = 'PyFrameObject'").iter().all(|known| !known.contains('*')));
    }

    #[test]
    fn members_are_known_by_their_names_alone_where_the_structure_is_not() {
        let proposal = Proposal::from_toml("hide = ['PyFrameObject.f_code', 'PyThreadState.next']\nremove = 'Py_TYPE'");
        let selectors = selectors(&proposal.unwrap());
        assert_eq!(members(&selectors).into_iter().collect::<Vec<_>>(), ["f_code", "next"]);
    }

    #[test]
    fn what_a_macro_reads_depends_on_the_version() {
        let reads = |python: &str| words(&format!("opaque-abi = 'PyObject'\npython = '{python}'"));
        assert!(reads("3.12").iter().any(|known| known == "api Py_TYPE"));
    }
}

//! What blocks a target, item by item, with where and what to write instead: the ground of every format.

use std::cmp::Reverse;
use std::collections::{BTreeMap, HashSet};

use analyzer::{Access, Environment, Kind, OriginClass, Report, Site, Use};
use capi::{Alternative, ItemKind, Target, Version};

/// One item that blocks, with every use of it.
#[derive(Debug, Clone)]
pub struct Blocker<'r> {
    /// What it is about: `PyTuple_GET_SIZE`, `PyFrameObject.f_code`; `PyTypeObject` for all static types.
    pub item: String,
    /// The kind of its uses; nothing for what has none, such as an `#error`.
    pub kind: Option<Kind>,
    /// Each place once, the project's own code first.
    pub places: Vec<(&'r Use, Site)>,
    /// What to write instead, best first.
    pub instead: Vec<Alternative>,
    /// The level from which the item itself is limited: a higher floor would do.
    pub limited_since: Option<Version>,
}

impl Blocker<'_> {
    /// As it is called in tables: `PyTypeObject (static type)`.
    pub fn label(&self) -> String {
        match self.kind {
            Some(Kind::StaticType) => format!("{} (static type)", self.item),
            Some(Kind::ModuleDef) => format!("{} (module definition)", self.item),
            Some(Kind::Lvalue) => format!("{} (assigned to)", self.item),
            _ => self.item.clone(),
        }
    }

    /// What to write instead in a few words, and since when: `PyTuple_Size`, `3.2`. Both empty if nothing is known.
    pub fn advice(&self) -> (String, String) {
        if let Some(level) = self.limited_since {
            return (format!("a floor of abi3-{level}"), level.to_string());
        }
        let shown = &self.instead[..self.instead.len().min(2)];
        let names: Vec<&str> = shown.iter().map(|one| one.name).collect();
        let mut since: Vec<String> = shown
            .iter()
            .map(|one| one.limited_since.map_or_else(|| "not limited".to_owned(), |level| level.to_string()))
            .collect();
        since.dedup();
        (names.join(" or "), since.join(", "))
    }

    /// One sentence: why it blocks, and what to do.
    pub fn sentence(&self, target: Target) -> String {
        let why = self.why(target);
        match self.advice() {
            (instead, _) if instead.is_empty() => format!("{why}."),
            (instead, _) if self.limited_since.is_some() => format!("{why}; {instead} is enough."),
            (instead, since) if since == "not limited" => format!("{why}; the plain API has {instead}."),
            (instead, since) => format!("{why}; use {instead} (limited since {since})."),
        }
    }

    fn why(&self, target: Target) -> String {
        let item = &self.item;
        match self.kind {
            None if item == "error-directive" => format!("an #error refuses a build for {target}"),
            None => format!("{item} is not defined in a build for {target}"),
            Some(Kind::Member) => format!("{item} is a structure member that {target} hides"),
            Some(Kind::StaticType) => format!("a static type, which {target} does not have"),
            Some(Kind::ModuleDef) => format!("a PyModuleDef, which is opaque in {target}"),
            Some(Kind::Lvalue) => format!("{item} is assigned to, which is not possible any more (PEP 674)"),
            Some(Kind::InternalHeader) => format!("{item} is one of CPython's internal headers"),
            Some(Kind::Api | Kind::Layout | Kind::ExportHook) => named(item, target),
        }
    }
}

/// Why a name blocks.
fn named(item: &str, target: Target) -> String {
    match (capi::item(item), touched(item, target.version())) {
        (Some(known), _) if known.limited_since.is_some_and(|since| since > target.version()) => {
            format!("{item} is not in the limited API of {}", target.version())
        }
        (Some(known), _) if known.hidden_in_abi3t && target.is_free_threaded() => {
            format!("{item} is hidden in {target}")
        }
        (_, Some(touched)) => format!("{item} is {touched}"),
        (Some(known), _) if known.private => format!("{item} is private and not in the limited API"),
        _ => format!("{item} is not in the limited API"),
    }
}

/// `a macro that touches PyTupleObject.ob_item`, if that version compiles its body into the extension.
fn touched(item: &str, version: Version) -> Option<String> {
    let reads = capi::abi_reads(item)?.normal.iter();
    let read = reads.into_iter().find(|read| read.versions.iter().any(|range| range.contains(version)))?;
    let what = match capi::item(item)?.kind_at(version) {
        ItemKind::FunctionMacro | ItemKind::ObjectMacro => "a macro",
        ItemKind::InlineFunction => "an inline function",
        _ => return None,
    };
    Some(format!("{what} that touches {}.{}", read.structure, read.member))
}

/// The blockers of `target`, most sites first. `on`: the environment that the report was made for.
pub fn of<'r>(report: &'r Report, target: Target, on: Option<&Environment>) -> Vec<Blocker<'r>> {
    let Some(verdict) = report.verdicts.iter().find(|verdict| verdict.target == target) else {
        return Vec::new();
    };
    let mut groups: BTreeMap<(String, Kind), Vec<&Use>> = BTreeMap::new();
    for found in analyzer::blocking_uses(report, target, on) {
        groups.entry(key(found)).or_default().push(found);
    }
    // What blocks without a use: an `#error`, a name that the package should define itself.
    let is_used = |name: &String| groups.keys().any(|(item, _)| item == name);
    let unused: Vec<String> = verdict.blocking.iter().filter(|name| !is_used(name)).cloned().collect();
    let mut all: Vec<Blocker<'r>> =
        groups.into_iter().map(|((item, kind), uses)| blocker(item, kind, uses, target)).collect();
    all.extend(unused.into_iter().map(|item| Blocker {
        item,
        kind: None,
        places: Vec::new(),
        instead: Vec::new(),
        limited_since: None,
    }));
    all.sort_by(|a, b| b.places.len().cmp(&a.places.len()).then_with(|| a.item.cmp(&b.item)));
    all
}

/// Static types and module definitions are one item each, however many variables there are; a name whose layout is
/// depended on, too, is one item.
fn key(found: &Use) -> (String, Kind) {
    match found.kind {
        Kind::StaticType => ("PyTypeObject".to_owned(), found.kind),
        Kind::ModuleDef => ("PyModuleDef".to_owned(), found.kind),
        Kind::Layout => (found.item(), Kind::Api),
        kind => (found.item(), kind),
    }
}

fn blocker<'r>(item: String, kind: Kind, mut uses: Vec<&'r Use>, target: Target) -> Blocker<'r> {
    uses.sort_by_key(|found| (found.origin.class != OriginClass::Own, Reverse(found.sites.len())));
    let mut seen = HashSet::new();
    let places: Vec<(&'r Use, Site)> = uses
        .iter()
        .flat_map(|&found| found.sites.iter().map(move |site| (found, *site)))
        .filter(|(_, site)| seen.insert((site.file, site.line, site.column)))
        .collect();
    let writes = uses.iter().any(|found| found.access.iter().any(|access| access == Access::Write));
    let higher = |known: &capi::Item| known.limited_since.filter(|since| *since > target.version());
    Blocker {
        instead: analyzer::instead(kind, &item, writes),
        limited_since: capi::item(&item)
            .filter(|known| kind == Kind::Api && known.limited_last.is_none())
            .and_then(higher),
        item,
        kind: Some(kind),
        places,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scan::samples;

    fn target(text: &str) -> Target {
        text.parse().expect("a target")
    }

    #[test]
    fn static_types_are_one_item_and_uses_that_the_target_never_compiles_are_none() {
        let report = samples::report(
            "#include <Python.h>\nstatic PyTypeObject A = {0};\nstatic PyTypeObject B = {0};\n\
             #if PY_VERSION_HEX < 0x03090000\nint f(PyFrameObject *o) { return o->f_lasti; }\n#endif\n",
        );
        let found = of(&report, target("abi3-3.11"), None);
        let labels: Vec<(String, usize)> = found.iter().map(|one| (one.label(), one.places.len())).collect();
        assert_eq!(labels, [("PyTypeObject (static type)".to_owned(), 2)]);
        let older = of(&report, target("abi3-3.8"), None);
        assert!(older.iter().any(|one| one.item == "PyFrameObject.f_lasti"), "{older:?}");
    }

    #[test]
    fn what_a_higher_floor_solves_says_so_and_the_rest_says_what_to_call() {
        let report = samples::report(
            "#include <Python.h>\nvoid f(PyObject *o) { PyTuple_SET_ITEM(o, 0, Py_NewRef(o)); Py_TYPE(o)->tp_name; }\n",
        );
        let say = |of_target: &str, item: &str| {
            let all = of(&report, target(of_target), None);
            let one = all.iter().find(|one| one.item == item).unwrap_or_else(|| panic!("{item}: {all:?}"));
            one.sentence(target(of_target))
        };
        assert_eq!(
            say("abi3-3.8", "Py_NewRef"),
            "Py_NewRef is not in the limited API of 3.8; a floor of abi3-3.10 is enough."
        );
        assert_eq!(
            say("abi3-3.11", "PyTuple_SET_ITEM"),
            "PyTuple_SET_ITEM is an inline function that touches PyTupleObject.ob_item; use PyTuple_SetItem (limited since 3.2)."
        );
        assert!(say("abi3-3.11", "PyTypeObject.tp_name").contains("use PyType_GetName"));
    }
}

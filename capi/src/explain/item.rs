//! Items in words.

use super::words::{self, listed, sentence};
use super::{Explanation, tracked, versions};
use crate::{Change, Item, ItemKind, Reads, Role, Version};

pub(super) fn explain(item: &'static Item) -> Explanation {
    let change = crate::change(item.name);
    let mut why = vec![in_limited_mode(item)];
    why.extend(broken(item));
    why.extend(private(item));
    why.extend(in_the_binary(item));
    why.extend(role(item));
    why.extend(assigned_to(item));
    why.extend(in_abi3t(item));
    why.extend(change.into_iter().flat_map(life));
    let reads = crate::abi_reads(item.name).into_iter().flat_map(|reads| reads.normal);
    let about: Vec<&str> = reads.map(|read| read.structure).chain([item.name]).collect();
    why.extend(tracked::plans(&about));
    Explanation {
        name: item.name.to_owned(),
        what: what(item),
        header: item.header,
        limited: words::limited(item.limited_since, item.limited_last),
        tiers: versions().map(|version| (version, item.tier(version))).collect(),
        why,
        instead: item.alternatives.to_vec(),
        hints: change.into_iter().flat_map(|change| hints(item, change)).collect(),
    }
}

/// `macro until 3.10, inline function until 3.14, then function`.
fn what(item: &Item) -> String {
    let mut steps: Vec<(ItemKind, Option<Version>)> = Vec::new();
    for (range, kind) in item.history {
        match steps.last_mut() {
            Some((before, last)) if before == kind => *last = range.last,
            _ => steps.push((*kind, range.last)),
        }
    }
    let [before @ .., (now, _)] = steps.as_slice() else { return words::kind(item.kind).to_owned() };
    if before.is_empty() {
        return words::kind(*now).to_owned();
    }
    let before = before.iter().map(|(kind, last)| match last {
        Some(last) => format!("{} until {last}", words::kind(*kind)),
        None => words::kind(*kind).to_owned(),
    });
    format!("{}, then {}", before.collect::<Vec<_>>().join(", "), words::kind(*now))
}

fn in_limited_mode(item: &Item) -> String {
    match (item.limited_since, item.limited_last) {
        _ if item.exported_only => {
            "It is exported for old binaries only; new code does not see it in limited mode.".to_owned()
        }
        (None, _) if item.public.is_none() => {
            "Only CPython's internal headers have it: it may change in any release, and an extension that includes them \
             has to be built for each one."
                .to_owned()
        }
        (None, _) => "It is outside the limited API: headers in limited mode do not show it, so code that uses it cannot \
                      be built for abi3 at any level."
            .to_owned(),
        (Some(since), None) if since <= Version::OLDEST_LIMITED => {
            "It is in the limited API at every level: it does not stand in the way of abi3.".to_owned()
        }
        (Some(since), None) => format!(
            "It is in the limited API from level {since} on: with Py_LIMITED_API below {since} it does not compile, from \
             abi3-{since} on it does not stand in the way."
        ),
        (Some(since), Some(last)) => format!("It was in the limited API from level {since} to {last}, and left it then."),
    }
}

fn broken(item: &Item) -> Option<String> {
    let levels: Vec<String> = item.limited_broken.iter().map(|range| words::versions(*range)).collect();
    (!levels.is_empty()).then(|| format!("Limited mode shows it {}, but it is of no use there.", listed(&levels)))
}

fn private(item: &Item) -> Option<String> {
    if item.unstable {
        return Some("Unstable API (PEP 689): it may change in any minor version.".to_owned());
    }
    item.private.then(|| "A leading underscore makes it private: CPython promises nothing about it.".to_owned())
}

/// What a macro or inline function does to the binary (PEP 670).
fn in_the_binary(item: &Item) -> Vec<String> {
    let Some(reads) = crate::abi_reads(item.name) else { return Vec::new() };
    let last = reads.normal.iter().flat_map(|read| read.versions).map(|range| range.last).max_by_key(|last| {
        // No end is the latest end.
        last.map_or((1, None), |last| (0, Some(last)))
    });
    let when = match last.flatten() {
        Some(last) => format!("Until {last} its"),
        None => "Its".to_owned(),
    };
    let mut said = vec![format!(
        "{when} body is compiled into the extension and touches {} there: the binary depends on that layout (PEP 670).",
        listed(&members(reads))
    )];
    if item.kind == ItemKind::Function && item.limited_since.is_some() {
        said.extend(item.manifest.filter(|since| *since > Version::OLDEST_LIMITED).map(|since| {
            format!("From abi3-{since} on it is a function call, which works whatever the structure looks like.")
        }));
    }
    said
}

fn members(reads: &Reads) -> Vec<String> {
    let mut members: Vec<String> =
        reads.normal.iter().map(|read| format!("{}.{}", read.structure, read.member)).collect();
    members.dedup();
    members
}

fn role(item: &Item) -> Option<String> {
    let named = crate::role(item.name)?;
    let words = match named.role {
        Role::ObjectHead => {
            "It puts the head of an object into a structure of the extension. abi3 keeps that; in abi3t the head's size \
             is not known, and the data goes behind it: a negative basicsize and PyObject_GetTypeData."
        }
        Role::HeadInitialiser => {
            "It initialises an object's head in a static variable, which only a static type or module definition needs; \
             heap types and PyModExport hooks do without."
        }
        Role::TypeObject => {
            "A variable of this type is a static type, which no stable ABI has: limited mode hides the members. Pointers \
             to it are fine."
        }
        Role::TypeReady => "It finishes a static type; heap types made by PyType_FromSpec do not need it.",
        Role::ModuleDef => {
            "abi3 has it; in abi3t it is opaque, and a module is described by slots that PyModExport_NAME returns \
             (PEP 793)."
        }
        Role::ModuleCreation => {
            "It wants a PyModuleDef, which abi3t does not have: there a module is described by slots that \
             PyModExport_NAME returns (PEP 793)."
        }
        Role::AssignsFirstArgument => {
            "It assigns to its first argument: PyTuple_GET_ITEM and its like are not to stand there (PEP 674)."
        }
        Role::Extern => return None,
    };
    Some(words.to_owned())
}

fn assigned_to(item: &Item) -> Option<String> {
    let macros = crate::lvalue_macro(item.name)?;
    let listed_by = if macros.pep674 { " (PEP 674)" } else { "" };
    let setters: Vec<String> = macros.setters.iter().map(|setter| setter.name.to_owned()).collect();
    let setters = if setters.is_empty() { String::new() } else { format!(" Use {}.", listed(&setters)) };
    Some(match macros.assignable {
        None => return None,
        Some(range) => match range.last {
            Some(last) => format!("It could be assigned to until {last}, not since{listed_by}.{setters}"),
            None => {
                format!("It can still be assigned to, which keeps its structure from changing{listed_by}.{setters}")
            }
        },
    })
}

fn in_abi3t(item: &Item) -> Option<String> {
    if item.hidden_in_abi3t {
        return Some("abi3t hides it (PEP 803).".to_owned());
    }
    item.useless_in_abi3t.then(|| "abi3t still declares it, but nothing there can use it.".to_owned())
}

/// Deprecation and removal.
fn life(change: &'static Change) -> Vec<String> {
    let mut said = Vec::new();
    if let Some(since) = change.deprecated {
        said.push(format!("Deprecated since {since}."));
    }
    if change.soft_deprecated {
        let since = change.soft_deprecated_since.map(|since| format!(" since {since}")).unwrap_or_default();
        said.push(format!("New code should not use it (soft deprecated{since}, PEP 387)."));
    }
    if let Some(gone) = change.gone {
        said.push(words::gone(gone, change.last));
    } else if let Some(version) = change.will_remove {
        said.push(format!("CPython announced to remove it in {version}."));
    }
    said
}

fn hints(item: &Item, change: &'static Change) -> Vec<String> {
    let mut said = Vec::new();
    let others: Vec<String> = change
        .replacement
        .iter()
        .filter(|one| !item.alternatives.iter().any(|known| known.name == one.name))
        .map(|one| one.name.to_owned())
        .collect();
    if !others.is_empty() {
        let guess = if change.replacement_is_guess { ", going by the name" } else { "" };
        said.push(format!("In the plain API: {}{guess}.", listed(&others)));
    }
    said.extend(change.note.map(sentence));
    said
}

//! Members and structures in words.

use super::words::{self, listed, sentence};
use super::{Explanation, tracked, versions};
use crate::{Alternative, Member, Structure, Tier, Version};

pub(super) fn explain(structure: &'static Structure, member: &'static Member) -> Explanation {
    // A member is limited where limited mode shows its structure at all.
    let limited_since = structure.limited_since.filter(|_| member.allowed_in_limited);
    Explanation {
        name: format!("{}.{}", structure.name, member.name),
        what: format!("member of {}, of type {}", structure.name, member.c_type),
        header: structure.header,
        limited: words::limited(limited_since, structure.limited_last.filter(|_| limited_since.is_some())),
        tiers: versions().map(|version| (version, tier(structure, member, version))).collect(),
        why: why(structure, member),
        instead: getters_and_setters(member),
        hints: hints(member),
    }
}

fn tier(structure: &Structure, member: &Member, version: Version) -> Tier {
    match member.public {
        Some(range) if !range.contains(version) => internal_or_absent(member, version),
        Some(_) if member.allowed_in_limited && structure.is_complete_in_limited(version) => Tier::Limited,
        Some(_) if member.private => Tier::Private,
        Some(_) => Tier::Public,
        None => internal_or_absent(member, version),
    }
}

fn internal_or_absent(member: &Member, version: Version) -> Tier {
    if member.internal.is_some_and(|range| range.contains(version)) { Tier::Internal } else { Tier::Absent }
}

fn why(structure: &'static Structure, member: &'static Member) -> Vec<String> {
    let mut said = vec![match (structure.limited_since, member.allowed_in_limited) {
        (Some(_), true) => format!(
            "Limited mode shows it, so it does not stand in the way of abi3; still, its offset in {} is compiled into \
             the extension.",
            structure.name
        ),
        _ => format!(
            "Using it compiles its offset in {} into the extension. Limited mode hides it, so the code cannot be built \
             for abi3, and a CPython that moves or hides it breaks the binary.",
            structure.name
        ),
    }];
    if member.private {
        said.push("It is private: CPython promises nothing about it.".to_owned());
    }
    if structure.opaque_in_abi3t {
        said.push(format!("In abi3t {} is opaque (PEP 803).", structure.name));
    }
    if member.free_threaded_only {
        said.push("Only free-threaded builds have it.".to_owned());
    }
    match (member.gone, member.public) {
        (Some(gone), public) => said.push(words::gone(gone, public.and_then(|range| range.last))),
        (None, None) => said.push("Only CPython's internal headers show it.".to_owned()),
        (None, Some(_)) => {}
    }
    let readers: Vec<String> = crate::all_abi_reads()
        .iter()
        .filter(|reads| reads.normal.iter().any(|read| read.structure == structure.name && read.member == member.name))
        .map(|reads| reads.name.to_owned())
        .collect();
    if !readers.is_empty() {
        said.push(format!("Macros and inline functions that touch it, too: {}.", listed(&readers)));
    }
    said.extend(tracked::plans(&[structure.name]));
    said
}

/// What reads it, then what else writes it.
fn getters_and_setters(member: &Member) -> Vec<Alternative> {
    let setters = member.setters.iter().filter(|set| !member.getters.iter().any(|get| get.name == set.name));
    member.getters.iter().chain(setters).copied().collect()
}

fn hints(member: &'static Member) -> Vec<String> {
    let mut said = Vec::new();
    let setters: Vec<String> = member.setters.iter().map(|setter| setter.name.to_owned()).collect();
    if !setters.is_empty() {
        said.push(format!("It is written by {}.", listed(&setters)));
    }
    said.extend(member.slot.map(|slot| format!("In a PyType_Spec the slot {slot} sets it.")));
    said.extend(member.attribute.map(|attribute| format!("From Python it is the attribute {attribute}.")));
    said.extend(member.note.map(sentence));
    said
}

/// A structure that is no item of its own.
pub(super) fn explain_structure(structure: &'static Structure) -> Explanation {
    let mut why = vec![if structure.limited_since.is_some() {
        "Limited mode shows its members at some levels: embedding it and touching members compiles there.".to_owned()
    } else {
        "It is opaque or absent in limited mode: touching members, sizeof and embedding it do not compile there."
            .to_owned()
    }];
    if structure.opaque_in_abi3t {
        why.push("In abi3t it is opaque (PEP 803).".to_owned());
    }
    why.extend(tracked::plans(&[structure.name]));
    let tier = |version| match (structure.public, structure.internal) {
        _ if structure.is_complete_in_limited(version) => Tier::Limited,
        (Some(range), _) if range.contains(version) => Tier::Public,
        (_, Some(range)) if range.contains(version) => Tier::Internal,
        _ => Tier::Absent,
    };
    Explanation {
        name: structure.name.to_owned(),
        what: format!("structure of {} members", structure.members.len()),
        header: structure.header,
        limited: words::limited(structure.limited_since, structure.limited_last),
        tiers: versions().map(|version| (version, tier(version))).collect(),
        why,
        instead: Vec::new(),
        hints: Vec::new(),
    }
}

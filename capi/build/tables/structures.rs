//! Structures, their members, and the index by member name.

use std::collections::BTreeMap;

use super::table;
use crate::distinctive::{last, owners};
use crate::facts::{Facts, Member, Structure};
use crate::index::index;
use crate::ranges::{range, range_expr, version_expr};
use crate::replace::alternatives;
use crate::write::{option, range_option, slice, string_option, strings};

/// `STRUCTURES`, `STRUCTURE_INDEX`, `MEMBER_NAMES` and `MEMBER_INDEX`.
pub(crate) fn structures(facts: &Facts) -> Result<String, String> {
    let owners = owners(facts);
    let mut entries = Vec::new();
    let mut places: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    for (number, structure) in facts.structures.iter().enumerate() {
        let members: Vec<&Member> = facts.members.iter().filter(|m| m.structure == structure.name).collect();
        for (at, member) in members.iter().enumerate() {
            places.entry(last(member)).or_default().push(format!("({number},{at})"));
        }
        entries.push(entry(facts, &owners, structure, &members)?);
    }
    if let Some(lost) = facts.members.iter().find(|m| facts.structures.iter().all(|s| s.name != m.structure)) {
        return Err(format!("{}.{}: no such structure", lost.structure, lost.name));
    }
    let names = facts.structures.iter().enumerate().flat_map(|(number, structure)| {
        let tags = structure.tags.iter().map(String::as_str);
        tags.chain([structure.name.as_str()]).map(move |name| (name, number))
    });
    let by_name: Vec<String> = places.iter().map(|(name, at)| format!("({name:?},&[{}])", at.join(","))).collect();
    Ok([
        table("STRUCTURES", "Structure", &entries),
        index("STRUCTURE_INDEX", names)?,
        table("MEMBER_NAMES", "(&str, &[(u16, u16)])", &by_name),
        index("MEMBER_INDEX", places.keys().copied().zip(0..))?,
    ]
    .concat())
}

fn entry(
    facts: &Facts,
    owners: &BTreeMap<&str, &str>,
    structure: &Structure,
    members: &[&Member],
) -> Result<String, String> {
    let members = members.iter().map(|m| member(facts, owners, m)).collect::<Result<Vec<_>, _>>()?;
    let limited = match structure.limited.as_str() {
        "opaque" | "absent" => None,
        levels => Some(range(levels)?),
    };
    Ok(format!(
        "Structure{{name:{:?},aliases:{},header:{:?},public:{},internal:{},limited_since:{},limited_last:{},opaque_in_abi3t:{},members:{}}}",
        structure.name,
        strings(&structure.tags),
        structure.header,
        range_option(structure.public.as_deref())?,
        range_option(structure.internal.as_deref())?,
        option(limited, |range| Ok(version_expr(range.first)))?,
        option(limited.and_then(|range| range.last), |last| Ok(version_expr(last)))?,
        structure.abi3t != "complete",
        slice(members),
    ))
}

fn member(facts: &Facts, owners: &BTreeMap<&str, &str>, member: &Member) -> Result<String, String> {
    let of = format!("{}.{}", member.structure, member.name);
    let gone = match member.gone.as_deref() {
        None => "None",
        Some("removed or renamed") => "Some(Gone::Removed)",
        Some("moved to internal headers") => "Some(Gone::Internal)",
        Some("structure hidden") => "Some(Gone::StructureHidden)",
        Some(other) => return Err(format!("{of}: {other:?} is no way to go")),
    };
    Ok(format!(
        "Member{{name:{:?},c_type:{:?},was:&[{}],public:{},internal:{},gone:{gone},allowed_in_limited:{},promised:{},private:{},free_threaded_only:{},distinctive:{},getters:{},setters:{},attribute:{},slot:{},note:{}}}",
        member.name,
        member.c_type,
        was(member)?,
        range_option(member.public.as_deref())?,
        range_option(member.internal.as_deref())?,
        member.limited.is_some(),
        member.promised,
        member.private,
        member.free_threaded_only,
        owners.get(last(member)) == Some(&member.structure.as_str()),
        alternatives(facts, &of, &member.get)?,
        alternatives(facts, &of, &member.set)?,
        string_option(member.attr.as_deref()),
        string_option(member.slot.as_deref()),
        string_option(member.note.as_deref()),
    ))
}

/// The types that a member had before.
fn was(member: &Member) -> Result<String, String> {
    let each = member.was.iter().map(|(versions, c_type)| Ok(format!("({},{c_type:?})", range_expr(range(versions)?))));
    Ok(each.collect::<Result<Vec<_>, String>>()?.join(","))
}

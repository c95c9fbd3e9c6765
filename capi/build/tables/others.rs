//! The smaller tables.

use std::collections::BTreeMap;

use super::table;
use crate::facts::Facts;
use crate::ranges::{Range, range, range_expr};
use crate::replace::alternatives;
use crate::write::{option, range_option, range_slice, slice, string_option, strings, version_option};

/// `READS`: structure members that macros and inline functions touch.
pub(crate) fn reads(facts: &Facts) -> Result<String, String> {
    let entries = facts.reads.iter().map(|reads| {
        Ok(format!(
            "Reads{{name:{:?},normal:{},limited:{},newest_at_level:{}}}",
            reads.name,
            member_ranges(&reads.normal)?,
            member_ranges(&reads.limited)?,
            member_ranges(&reads.newest_at_level)?,
        ))
    });
    Ok(table("READS", "Reads", &entries.collect::<Result<Vec<_>, String>>()?))
}

fn member_ranges(of: &BTreeMap<String, String>) -> Result<String, String> {
    let all = of.iter().map(|(path, when)| {
        let (structure, member) = path.split_once('.').ok_or_else(|| format!("{path:?} has no member"))?;
        Ok(format!("MemberRead{{structure:{structure:?},member:{member:?},versions:{}}}", range_slice(Some(when))?))
    });
    Ok(slice(all.collect::<Result<Vec<_>, String>>()?))
}

/// `LVALUES`.
pub(crate) fn lvalues(facts: &Facts) -> Result<String, String> {
    let entries = facts.lvalues.iter().map(|lvalue| {
        Ok(format!(
            "LvalueMacro{{name:{:?},assignable:{},pep674:{},members:{},setters:{},note:{}}}",
            lvalue.name,
            range_option(lvalue.assignable.as_deref())?,
            lvalue.pep674,
            strings(&lvalue.members),
            alternatives(facts, &lvalue.name, &lvalue.set)?,
            string_option(lvalue.note.as_deref()),
        ))
    });
    Ok(table("LVALUES", "LvalueMacro", &entries.collect::<Result<Vec<_>, String>>()?))
}

/// `HEADERS`.
pub(crate) fn headers(facts: &Facts) -> Result<String, String> {
    let entries = facts.headers.iter().map(|header| {
        Ok(format!(
            "Header{{name:{:?},public:{},limited:{},limited_names:{},direct_include:{}}}",
            header.name,
            range_expr(range(&header.public)?),
            option(header.limited.as_deref(), |text| Ok(range_expr(limited_levels(text)?)))?,
            header.limited_names.unwrap_or(0),
            header.direct_include.is_none(),
        ))
    });
    Ok(table("HEADERS", "Header", &entries.collect::<Result<Vec<_>, String>>()?))
}

/// The levels of a header; what 3.6 has is taken to hold from the oldest limited API on.
fn limited_levels(text: &str) -> Result<Range, String> {
    let measured = range(text)?;
    let first = if measured.maybe_older { (3, 2) } else { measured.first };
    Ok(Range { first, ..measured })
}

/// `COMPAT`.
pub(crate) fn compat(facts: &Facts) -> Result<String, String> {
    let entries = facts.compat.iter().map(|compat| {
        Ok(format!(
            "CompatName{{name:{:?},below:{},not_pypy:{},is_type:{}}}",
            compat.name,
            version_option(compat.below.as_deref())?,
            compat.not_pypy,
            compat.is_type,
        ))
    });
    Ok(table("COMPAT", "CompatName", &entries.collect::<Result<Vec<_>, String>>()?))
}

/// `TRACKING`.
pub(crate) fn tracking(facts: &Facts) -> String {
    let entries: Vec<String> = facts
        .tracking
        .iter()
        .map(|issue| {
            format!(
                "Tracking{{issue:{:?},github:{},follow_up:{},structures:{},status:{:?},other_blockers:{}}}",
                issue.issue,
                string_option(issue.github.as_deref()),
                string_option(issue.follow_up.as_deref()),
                strings(&issue.structures),
                issue.status,
                strings(&issue.other_blockers),
            )
        })
        .collect();
    table("TRACKING", "Tracking", &entries)
}

/// `ROLES`.
pub(crate) fn roles(facts: &Facts) -> Result<String, String> {
    let entries = facts.roles.iter().map(|role| {
        let kind = match role.what.as_str() {
            "object-head" => "ObjectHead",
            "head-initialiser" => "HeadInitialiser",
            "type-object" => "TypeObject",
            "type-ready" => "TypeReady",
            "module-def" => "ModuleDef",
            "module-creation" => "ModuleCreation",
            "assigns-first-argument" => "AssignsFirstArgument",
            "extern" => "Extern",
            other => return Err(format!("{}: {other:?} is not a role", role.name)),
        };
        Ok(format!(
            "NamedRole{{name:{:?},role:Role::{kind},structure:{}}}",
            role.name,
            string_option(role.structure.as_deref())
        ))
    });
    Ok(table("ROLES", "NamedRole", &entries.collect::<Result<Vec<_>, String>>()?))
}

/// `RETURNS`.
pub(crate) fn returns(facts: &Facts) -> String {
    let entries: Vec<String> =
        facts.returns.iter().map(|function| format!("({:?},{:?})", function.name, function.c_type)).collect();
    table("RETURNS", "(&str, &str)", &entries)
}

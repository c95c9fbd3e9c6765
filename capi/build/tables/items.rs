//! Items and what changed about them.

use super::table;
use crate::facts::{Facts, Item};
use crate::index::{gate, index};
use crate::ranges::{range, range_expr};
use crate::replace::alternatives;
use crate::write::{option, range_option, range_slice, slice, string_option, version_option};

/// `ITEMS`, `NOISE`, `ITEM_INDEX` and `GATE`.
pub(crate) fn items(facts: &Facts) -> Result<String, String> {
    let entries =
        |items: &[Item], noise: bool| items.iter().map(|item| entry(facts, item, noise)).collect::<Result<Vec<_>, _>>();
    let names = || facts.items.iter().map(|item| item.name.as_str());
    let plain = |name: &&str| !name.trim_start_matches('_').to_ascii_lowercase().starts_with("py");
    Ok([
        table("ITEMS", "Item", &entries(&facts.items, false)?),
        table("NOISE", "Item", &entries(&facts.noise, true)?),
        index("ITEM_INDEX", names().zip(0..))?,
        gate(names().filter(plain)),
    ]
    .concat())
}

fn entry(facts: &Facts, item: &Item, noise: bool) -> Result<String, String> {
    let mut text = format!(
        "Item{{name:{:?},kind:{},header:{:?},public:{},internal:{}",
        item.name,
        kind(&item.kind)?,
        item.header,
        range_option(item.public.as_deref())?,
        range_option(item.internal.as_deref())?,
    );
    let mut field = |name: &str, value: String| {
        for part in [",", name, ":", &value] {
            text.push_str(part);
        }
    };
    if let Some(limited) = item.limited.as_deref() {
        let limited = range(limited)?;
        field("limited_since", format!("Some({})", crate::ranges::version_expr(limited.first)));
        let last = option(limited.last, |last| Ok(crate::ranges::version_expr(last)))?;
        field("limited_last", last);
    }
    if item.broken.is_some() {
        field("limited_broken", range_slice(item.broken.as_deref())?);
    }
    if !item.history.is_empty() {
        let history = item.history.iter().map(|text| past(text)).collect::<Result<Vec<_>, _>>()?;
        field("history", slice(history));
    }
    for (name, version) in [("manifest", &item.manifest), ("deprecated", &item.deprecated)] {
        if version.is_some() {
            field(name, version_option(version.as_deref())?);
        }
    }
    if item.ifdef.is_some() {
        field("ifdef", string_option(item.ifdef.as_deref()));
    }
    let public = item.public.as_deref().map(range).transpose()?;
    let flags = [
        ("maybe_older", public.is_some_and(|range| range.maybe_older)),
        ("private", item.name.starts_with('_')),
        ("unstable", item.name.starts_with("PyUnstable_")),
        ("exported_only", item.exported_only),
        ("also_macro", item.kind.ends_with("+macro") || item.kind.ends_with("+define")),
        ("tag_only", matches!(item.kind.as_str(), "struct" | "enum")),
        ("hidden_in_abi3t", item.abi3t.as_deref() == Some("hidden")),
        ("useless_in_abi3t", matches!(item.abi3t.as_deref(), Some("useless" | "unsupported"))),
        ("noise", noise),
    ];
    for (name, _) in flags.into_iter().filter(|(_, set)| *set) {
        field(name, "true".to_owned());
    }
    let instead = item.instead.as_ref().filter(|names| !names.is_empty()).or(item.replacement.as_ref());
    if let Some(names) = instead.filter(|names| !names.is_empty()) {
        field("alternatives", alternatives(facts, &item.name, names)?);
    }
    text.push_str(",..ITEM}");
    Ok(text)
}

/// `2.7-3.10 macro` as a pair of range and kind.
fn past(text: &str) -> Result<String, String> {
    let (when, what) = text.split_once(' ').ok_or_else(|| format!("{text:?} is not a range, a space and a kind"))?;
    Ok(format!("({},{})", range_expr(range(when)?), kind(what)?))
}

/// The one kind that decides how a name of several kinds is used.
fn kind(text: &str) -> Result<&'static str, String> {
    let known = [
        ("function", "K::Function"),
        ("inline", "K::InlineFunction"),
        ("macro", "K::FunctionMacro"),
        ("data", "K::Data"),
        ("struct", "K::Structure"),
        ("enum", "K::Enum"),
        ("typedef", "K::Typedef"),
        ("enumerator", "K::EnumConstant"),
        ("define", "K::ObjectMacro"),
    ];
    let parts: Vec<&str> = text.split('+').collect();
    if let Some(unknown) = parts.iter().find(|part| known.iter().all(|(word, _)| word != *part)) {
        return Err(format!("{unknown:?} is not a kind of item"));
    }
    known
        .iter()
        .find(|(word, _)| parts.contains(word))
        .map(|(_, kind)| *kind)
        .ok_or_else(|| format!("{text:?} is not a kind of item"))
}

/// `CHANGES`: items that left, changed or will.
pub(crate) fn changes(facts: &Facts) -> Result<String, String> {
    let mut entries = Vec::new();
    for item in &facts.items {
        let public = item.public.as_deref().map(range).transpose()?;
        let last = public.and_then(|range| range.last);
        let told = item.deprecated.is_some() || item.soft_deprecated.is_some() || item.will_remove.is_some();
        if last.is_none() && !told && item.replacement.is_none() && item.note.is_none() {
            continue;
        }
        let moved = item.internal.is_some() && item.gone.as_deref() != Some("removed");
        let how = last.map(|_| if moved { "Gone::Internal" } else { "Gone::Removed" });
        let soft = item.soft_deprecated.as_deref();
        entries.push(format!(
            "Change{{name:{:?},last:{},gone:{},deprecated:{},soft_deprecated:{},soft_deprecated_since:{},will_remove:{},replacement:{},replacement_is_guess:{},note:{}}}",
            item.name,
            option(last, |last| Ok(crate::ranges::version_expr(last)))?,
            option(how, |how| Ok(how.to_owned()))?,
            version_option(item.deprecated.as_deref())?,
            soft.is_some(),
            version_option(soft.filter(|text| *text != "?"))?,
            version_option(item.will_remove.as_deref())?,
            alternatives(facts, &item.name, item.replacement.as_deref().unwrap_or_default())?,
            item.replacement_is_guess,
            string_option(item.note.as_deref()),
        ));
    }
    Ok(table("CHANGES", "Change", &entries))
}

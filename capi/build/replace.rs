//! Alternatives: the data gives names only, the rest is looked up in the items.

use crate::facts::{Facts, Item};
use crate::ranges::{Version, range, ranges, version_expr};
use crate::write::{option, slice, version_option};

/// The slice of alternatives for `names`.
pub(crate) fn alternatives(facts: &Facts, of: &str, names: &[String]) -> Result<String, String> {
    let all = names.iter().map(|name| alternative(facts, of, name)).collect::<Result<Vec<_>, _>>()?;
    Ok(slice(all))
}

fn alternative(facts: &Facts, of: &str, name: &str) -> Result<String, String> {
    let item = facts.item(name).ok_or_else(|| format!("{of}: the alternative {name} is not an item"))?;
    let since = item.public.as_deref().map(range).transpose()?.map(|range| range.first);
    let compat = facts
        .compat
        .binary_search_by(|compat| compat.name.as_str().cmp(name))
        .ok()
        .and_then(|index| facts.compat[index].below.as_deref());
    Ok(format!(
        "A{{name:{name:?},since:{},limited_since:{},compat_below:{}}}",
        option(since, |version| Ok(version_expr(version)))?,
        option(lasting_level(item)?, |version| Ok(version_expr(version)))?,
        version_option(compat)?,
    ))
}

/// The lowest level from which limited mode keeps the item usable in every later one.
fn lasting_level(item: &Item) -> Result<Option<Version>, String> {
    let Some(limited) = item.limited.as_deref().map(range).transpose()? else {
        return Ok(None);
    };
    if limited.last.is_some() {
        return Ok(None);
    }
    let mut since = limited.first;
    for broken in item.broken.as_deref().map(ranges).transpose()?.unwrap_or_default() {
        let Some((major, minor)) = broken.last else {
            return Ok(None);
        };
        since = since.max((major, minor + 1));
    }
    Ok(Some(since))
}

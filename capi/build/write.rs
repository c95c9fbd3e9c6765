//! Rust expressions as text.

use crate::ranges::{range, range_expr, ranges, version, version_expr};

/// `Some(…)` around what `f` makes of the value, or `None`.
pub(crate) fn option<T>(value: Option<T>, f: impl FnOnce(T) -> Result<String, String>) -> Result<String, String> {
    value.map_or_else(|| Ok("None".to_owned()), |value| Ok(format!("Some({})", f(value)?)))
}

/// An optional version.
pub(crate) fn version_option(text: Option<&str>) -> Result<String, String> {
    option(text, |text| Ok(version_expr(version(text)?)))
}

/// An optional range.
pub(crate) fn range_option(text: Option<&str>) -> Result<String, String> {
    option(text, |text| Ok(range_expr(range(text)?)))
}

/// An optional string.
pub(crate) fn string_option(text: Option<&str>) -> String {
    text.map_or_else(|| "None".to_owned(), |text| format!("Some({text:?})"))
}

/// A slice of ranges from their comma-separated text.
pub(crate) fn range_slice(text: Option<&str>) -> Result<String, String> {
    let all = text.map_or_else(|| Ok(Vec::new()), ranges)?;
    Ok(slice(all.into_iter().map(range_expr)))
}

/// A slice of the given expressions.
pub(crate) fn slice(expressions: impl IntoIterator<Item = String>) -> String {
    format!("&[{}]", expressions.into_iter().collect::<Vec<_>>().join(","))
}

/// A slice of string literals.
pub(crate) fn strings(all: &[String]) -> String {
    slice(all.iter().map(|text| format!("{text:?}")))
}

//! Version ranges as the data writes them: `3.9-`, `3.2-3.12`, `2.7`, `<=3.6-`, several with commas.

use std::fmt::Write as _;

/// A version as (major, minor).
pub(crate) type Version = (u8, u8);

/// One range; no `last` means "and later".
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Range {
    pub(crate) first: Version,
    pub(crate) last: Option<Version>,
    /// The first version is the oldest looked at: the name may be older (`<=`).
    pub(crate) maybe_older: bool,
}

/// The version that `text` writes.
pub(crate) fn version(text: &str) -> Result<Version, String> {
    let wrong = || format!("{text:?} is not a version such as 3.11");
    let (major, minor) = text.split_once('.').ok_or_else(wrong)?;
    Ok((major.parse().map_err(|_| wrong())?, minor.parse().map_err(|_| wrong())?))
}

/// The range that `text` writes.
pub(crate) fn range(text: &str) -> Result<Range, String> {
    let (maybe_older, rest) = match text.strip_prefix("<=") {
        Some(rest) => (true, rest),
        None => (false, text),
    };
    let (first, last) = match rest.split_once('-') {
        None => (version(rest)?, Some(version(rest)?)),
        Some((first, "")) => (version(first)?, None),
        Some((first, last)) => (version(first)?, Some(version(last)?)),
    };
    if last.is_some_and(|last| last < first) {
        return Err(format!("{text:?} ends before it begins"));
    }
    Ok(Range { first, last, maybe_older })
}

/// The comma-separated ranges that `text` writes, each after the one before.
pub(crate) fn ranges(text: &str) -> Result<Vec<Range>, String> {
    let all = text.split(',').map(range).collect::<Result<Vec<_>, _>>()?;
    let apart = all.windows(2).all(|pair| pair[0].last.is_some_and(|last| last < pair[1].first));
    if apart { Ok(all) } else { Err(format!("the ranges of {text:?} overlap or are out of order")) }
}

/// The Rust expression for a version.
pub(crate) fn version_expr((major, minor): Version) -> String {
    format!("v({major},{minor})")
}

/// The Rust expression for a range.
pub(crate) fn range_expr(range: Range) -> String {
    let mut text = format!("r({},{}", range.first.0, range.first.1);
    match range.last {
        Some((major, minor)) => {
            let _ = write!(text, ",{major},{minor})");
        }
        None => text.push_str(",0,0)"),
    }
    text
}

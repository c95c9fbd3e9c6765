//! Words that items and members share.

use crate::{Gone, ItemKind, Version, VersionRange};

/// `macro`, `inline function`.
pub(super) const fn kind(kind: ItemKind) -> &'static str {
    match kind {
        ItemKind::Function => "function",
        ItemKind::InlineFunction => "inline function",
        ItemKind::FunctionMacro => "macro",
        ItemKind::ObjectMacro => "constant macro",
        ItemKind::Data => "variable",
        ItemKind::Typedef => "type",
        ItemKind::Structure => "structure",
        ItemKind::EnumConstant => "constant",
        ItemKind::Enum => "enumeration",
    }
}

/// `not limited`, `limited since 3.2`, `limited from 3.2 to 3.9`.
pub(super) fn limited(since: Option<Version>, last: Option<Version>) -> String {
    match (since, last) {
        (None, _) => "not limited".to_owned(),
        (Some(since), None) => format!("limited since {since}"),
        (Some(since), Some(last)) => format!("limited from {since} to {last}"),
    }
}

/// `in 3.6 and later`, `from 2.7 to 3.10`, `in 2.7`.
pub(super) fn versions(range: VersionRange) -> String {
    match range.last {
        None => format!("in {} and later", range.first),
        Some(last) if last == range.first => format!("in {last}"),
        Some(last) => format!("from {} to {last}", range.first),
    }
}

/// The version after.
pub(super) fn next(version: Version) -> Version {
    match version.major() {
        2 => Version::new(3, 0),
        major => Version::new(major, version.minor() + 1),
    }
}

/// What became of a name that `last` was the last version to have.
pub(super) fn gone(how: Gone, last: Option<Version>) -> String {
    let when = last.map(|last| format!(" in {}", next(last))).unwrap_or_default();
    match how {
        Gone::Removed => format!("It left the public headers{when}: code that uses it does not compile there."),
        Gone::Internal => format!("It moved to CPython's internal headers{when}: public code does not see it there."),
        Gone::StructureHidden => format!("Its structure became opaque{when}."),
    }
}

/// `a`, `a and b`, `a, b and c`, `a, b, c and 4 more`.
pub(super) fn listed(names: &[String]) -> String {
    const SHOWN: usize = 4;
    match names {
        [] => String::new(),
        [one] => one.clone(),
        [all @ .., last] if all.len() < SHOWN => format!("{} and {last}", all.join(", ")),
        _ => format!("{} and {} more", names[..SHOWN].join(", "), names.len() - SHOWN),
    }
}

/// As a sentence: ends with a full stop.
pub(super) fn sentence(text: &str) -> String {
    let mut text = text.to_owned();
    if let Some(first) = text.get(..1) {
        let first = first.to_ascii_uppercase();
        // A name keeps its case: only words begin with a letter that is followed by small ones.
        if text.split([' ', '_', '(']).next().is_some_and(|word| word.bytes().all(|b| b.is_ascii_lowercase())) {
            text.replace_range(..1, &first);
        }
    }
    if !text.ends_with('.') {
        text.push('.');
    }
    text
}

//! CPython's plans for a structure.

use crate::{Tracking, tracking};

/// A sentence for each issue about making one of `structures` opaque.
pub(super) fn plans(structures: &[&str]) -> Vec<String> {
    let about = |issue: &&Tracking| structures.iter().any(|structure| issue.structures.contains(structure));
    let say = |issue: &Tracking| {
        let link = issue.github.unwrap_or(issue.issue);
        format!("CPython's plan to make {} opaque: {link} ({}).", issue.structures.join(" and "), issue.status)
    };
    tracking().iter().filter(about).map(say).collect()
}

//! What has to be known about an answer to patterns.

use crate::Evidence;

/// Where was searched and how, what cannot be said of a pattern, and which searches are not what one would think.
pub(super) fn notes(evidence: &Evidence) -> Vec<String> {
    let Some(projects) = evidence.searched.iter().map(|searched| searched.projects).max() else { return Vec::new() };
    let mut notes = vec![format!(
        "Patterns were searched for in code, not in comments and literals, of the releases that stand for {projects} \
         project{}; what a version compiles is told by each file alone. Earlier releases are not searched: no project is \
         said to have been fixed for a pattern.",
        if projects == 1 { "" } else { "s" }
    )];
    for searched in &evidence.searched {
        let pattern = searched.pattern.as_str();
        if !searched.pattern.pattern().is_selective() {
            notes.push(format!(
                "No index helps with the pattern {pattern}: it has no three characters in a row that are always there, \
                 and every line was to be read."
            ));
        }
        if !searched.complete {
            notes.push(format!(
                "The search for the pattern {pattern} was cut short by its bounds: its counts are lower bounds, and \
                 projects may be missing."
            ));
        }
    }
    notes
}

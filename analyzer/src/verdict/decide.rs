//! The verdict for each target: live blockers first, then tools, then open questions (docs/CONTRACT.md, "Verdicts").

use std::borrow::Cow;

use capi::{Target, Version};

use crate::generated::Generated;
use crate::{Condition, Environment, Origin, Outcome, SourceTree, Tool, Use, Verdict};

use super::blockers;
use super::questions::{Sources, questions};

/// What verdicts follow from.
pub(crate) struct Facts<'a> {
    /// All findings.
    pub(crate) uses: &'a [Cow<'a, Use>],
    /// Uses of the package's own names where it has switched their definitions off.
    pub(crate) missing: &'a [Use],
    /// When an `#error` ends the build.
    pub(crate) errors: &'a [Condition],
    /// The tools that build the extension.
    pub(crate) tools: &'a [Tool],
    /// The files.
    pub(crate) tree: &'a SourceTree,
    /// Who wrote each of them.
    pub(crate) origins: &'a [Origin],
    /// What of them is there twice, as source and as the C made of it.
    pub(crate) generated: &'a Generated,
    /// Not everything was looked at.
    pub(crate) is_cut: bool,
    /// The build asked about: verdicts are about it.
    pub(crate) environment: Option<Environment>,
}

/// One verdict for each target.
pub(crate) fn verdicts(facts: &Facts<'_>) -> Vec<Verdict> {
    let sources = Sources::of(facts);
    Target::all().map(|target| verdict(facts, &sources, target)).collect()
}

/// The lowest abi3 target from which every later one has no blocker.
pub(crate) fn floor(verdicts: &[Verdict]) -> Option<Target> {
    let abi3 = verdicts.iter().rev().filter(|verdict| !verdict.target.is_free_threaded());
    let free = abi3.take_while(|verdict| verdict.verdict == Outcome::NoBlocker);
    free.last().map(|verdict| verdict.target)
}

fn verdict(facts: &Facts<'_>, sources: &Sources, target: Target) -> Verdict {
    let found = blockers::find(facts, target);
    let mut undecided = Vec::new();
    let outcome = if sources.are_pure(facts.tools) {
        Outcome::Pure
    } else if !found.is_empty() {
        Outcome::Blocked
    } else if facts.tools.iter().any(|tool| cannot(tool, target)) {
        Outcome::ToolBlocks
    } else {
        undecided = questions(facts, sources, target);
        if undecided.is_empty() { Outcome::NoBlocker } else { Outcome::Undecided }
    };
    Verdict {
        target,
        verdict: outcome,
        // What is no identifier of CPython's is named where nothing else is.
        blocking: if found.names.is_empty() { found.others } else { found.names }.into_iter().collect(),
        blocking_members: found.members.into_iter().collect(),
        blocking_types: found.types.into_iter().collect(),
        undecided,
    }
}

/// Whether code that the tool makes cannot be built for `target`, whatever the project writes.
pub(crate) fn cannot(tool: &Tool, target: Target) -> bool {
    match tool.name.as_str() {
        // nanobind's stable-ABI mode starts at 3.12.
        "nanobind" => tool.limited != Some(true) && target.version() < Version::new(3, 12),
        _ => tool.limited == Some(false),
    }
}

/// A path without the endings of its name.
pub(crate) fn stem(path: &str) -> &str {
    let name = path.rfind('/').map_or(0, |slash| slash + 1);
    path[name..].find('.').map_or(path, |dot| &path[..name + dot])
}

//! The verdict for each target: live blockers first, then tools, then open questions (docs/CONTRACT.md, "Verdicts").

use std::borrow::Cow;

use capi::{Target, Version};

use crate::report::Kind;
use crate::{
    Condition, Environment, Language, Origin, OriginClass, Outcome, SourceTree, Tool, Undecided, Use, Verdict,
    generated,
};

use super::blockers;

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
    let outcome = if sources.native == 0 {
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
fn cannot(tool: &Tool, target: Target) -> bool {
    match tool.name.as_str() {
        // nanobind's stable-ABI mode starts at 3.12.
        "nanobind" => tool.limited != Some(true) && target.version() < Version::new(3, 12),
        _ => tool.limited == Some(false),
    }
}

/// Open questions that could block.
fn questions(facts: &Facts<'_>, sources: &Sources, target: Target) -> Vec<Undecided> {
    let mut found = Vec::new();
    let mut ask = |reason: &str, count: u64| {
        if count > 0 {
            found.push(Undecided { reason: reason.to_owned(), count });
        }
    };
    ask("generated-at-build", sources.cython_without_c);
    let rust_without = facts.tools.iter().filter(|tool| tool.name == "pyo3" && tool.limited != Some(true));
    let rust_with = facts.tools.iter().any(|tool| tool.name == "pyo3" && tool.limited == Some(true));
    ask("pyo3-without-abi3", if rust_with { 0 } else { rust_without.count() as u64 });
    // A feature that says abi3 says nothing about abi3t, which PyO3 has features of its own for.
    ask("pyo3-abi3t-not-told", u64::from(rust_with && target.is_free_threaded()));
    ask("generated-by-swig-or-sip", sources.interfaces);
    found
}

/// What kinds of native source there are, without tests and documents.
#[derive(Debug, Default)]
struct Sources {
    /// Anything that ends up in a binary.
    native: u64,
    /// `.pyx` files whose C is not in the sdist; 1 where Cython is asked for and there is neither, because it then
    /// compiles Python files.
    cython_without_c: u64,
    /// SWIG and SIP interfaces, where no generated C or C++ uses the C API.
    interfaces: u64,
}

impl Sources {
    fn of(facts: &Facts<'_>) -> Self {
        let mut sources = Self::default();
        let stems = generated::stems(facts.tree);
        let mut cython_is_seen = false;
        let has_c = facts.uses.iter().any(|found| found.kind == Kind::Api);
        for (file, origin) in facts.tree.files.iter().zip(facts.origins) {
            let Some(language) = file.language().filter(|language| language.is_native()) else {
                continue;
            };
            if origin.class == OriginClass::TestOrDoc {
                continue;
            }
            sources.native += 1;
            cython_is_seen |=
                language == Language::Cython || origin.by.as_ref().is_some_and(|by| by.starts_with("cython"));
            match language {
                Language::Cython => sources.cython_without_c += u64::from(!stems.contains(stem(&file.path))),
                Language::Swig | Language::Sip => sources.interfaces += u64::from(!has_c),
                _ => {}
            }
        }
        if !cython_is_seen && facts.tools.iter().any(|tool| tool.name == "cython") {
            sources.cython_without_c = 1;
        }
        sources
    }
}

/// A path without the endings of its name.
pub(crate) fn stem(path: &str) -> &str {
    let name = path.rfind('/').map_or(0, |slash| slash + 1);
    path[name..].find('.').map_or(path, |dot| &path[..name + dot])
}

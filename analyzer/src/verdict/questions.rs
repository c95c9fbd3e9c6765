//! What stays open when nothing blocks: code that is not in the sdist, and tools of which nobody says what they do.
//!
//! Finding no C is never finding that no C API is used.

use std::collections::HashSet;

use capi::Target;

use crate::{Language, OriginClass, SourceFile, SourceTree, Tool, Undecided, origin};

use super::decide::Facts;

/// What kinds of native source there are, without tests and documents.
#[derive(Debug, Default)]
pub(super) struct Sources {
    /// Anything that ends up in a binary.
    native: u64,
    /// `.pyx` files whose C is not in the sdist; 1 where Cython, mypyc or another compiler of Python is asked for and
    /// there is neither, because it then compiles Python files.
    without_c: u64,
    /// SWIG's modules and SIP's files of which no C or C++ is in the sdist.
    interfaces: u64,
    /// C with gaps that the build fills.
    templates: u64,
    /// Files in languages that are not read.
    not_read: u64,
    /// Files that were left out: over a limit, or unreadable. The rest of a package that has too much counts as one.
    left_out: u64,
}

/// Tools that make extensions of Python files or of scripts.
const COMPILERS: [&str; 5] = ["cython", "mypyc", "pythran", "f2py", "cffi"];

impl Sources {
    pub(super) fn of(facts: &Facts<'_>) -> Self {
        let mut sources = Self::default();
        let mut made_by: HashSet<String> = HashSet::new();
        let (mut interfaces, mut specifications) = (0, 0);
        let mut cython_is_seen = false;
        for (file, origin) in facts.tree.files.iter().zip(facts.origins) {
            let Some(language) = file.language().filter(|language| language.is_native()) else {
                continue;
            };
            if origin.class == OriginClass::TestOrDoc {
                continue;
            }
            sources.native += 1;
            cython_is_seen |= language == Language::Cython;
            let maker = origin.by.as_deref().and_then(|by| by.split(' ').next());
            made_by.extend(maker.filter(|_| origin.class == OriginClass::Generated).map(str::to_owned));
            let has_c = || facts.generated.has(&file.path);
            match language {
                Language::Cython => sources.without_c += u64::from(!has_c()),
                Language::Swig if is_module(file) => interfaces += u64::from(!has_c()),
                Language::Sip => specifications += 1,
                Language::CTemplate => sources.templates += u64::from(is_code(file)),
                Language::Zig => sources.not_read += 1,
                _ => {}
            }
        }
        sources.left_out = u64::from(facts.is_cut) + left_out(facts.tree);
        let made = |by: &str| made_by.contains(by);
        sources.interfaces += if made("swig") { 0 } else { interfaces };
        sources.interfaces += if made("sip") { 0 } else { specifications };
        let is_open = |tool: &&Tool| match tool.name.as_str() {
            "cython" => !cython_is_seen && !made("cython"),
            // A script is read; one that is only named is not.
            "cffi" => tool.path == "setup.py" && tool.version.is_none() && !has_script(facts.tools) && !made("cffi"),
            name => ["mypyc", "pythran"].contains(&name) && !made(name),
        };
        sources.without_c += u64::from(facts.tools.iter().any(|tool| is_open(&tool)));
        sources
    }

    /// Whether there is nothing that is compiled, and nothing that would be made and compiled.
    pub(super) fn are_pure(&self, tools: &[Tool]) -> bool {
        let compiles = |tool: &Tool| COMPILERS.contains(&tool.name.as_str()) && tool.limited.is_some();
        self.native == 0 && self.left_out == 0 && self.without_c == 0 && !tools.iter().any(compiles)
    }
}

/// Native files that were skipped when the tree was read.
fn left_out(tree: &SourceTree) -> u64 {
    let counts = |path: &str| Language::of(path).is_some_and(Language::is_native) && !origin::is_test_or_doc(path);
    tree.skipped.iter().filter(|(path, _)| counts(path)).count() as u64
}

/// Whether a script of cffi is in the sdist that makes an extension.
fn has_script(tools: &[Tool]) -> bool {
    tools.iter().any(|tool| tool.name == "cffi" && tool.limited.is_some())
}

/// Whether an interface is a module of its own; others are included.
fn is_module(file: &SourceFile) -> bool {
    memchr::memmem::find(&file.bytes, b"%module").is_some()
}

/// Whether a template makes code that names the API; those of headers are mostly filled with answers about the system.
fn is_code(file: &SourceFile) -> bool {
    let name = file.path.rsplit('/').next().unwrap_or_default();
    let is_header = [".h.", ".hpp.", ".inc."].iter().any(|ending| name.contains(ending));
    !is_header && memchr::memmem::find(&file.bytes, b"Py").is_some()
}

/// Open questions that could block.
pub(super) fn questions(facts: &Facts<'_>, sources: &Sources, target: Target) -> Vec<Undecided> {
    let mut found = Vec::new();
    let mut ask = |reason: &str, count: u64| {
        if count > 0 {
            found.push(Undecided { reason: reason.to_owned(), count });
        }
    };
    ask("left-out", sources.left_out);
    ask("generated-at-build", sources.without_c);
    let crates = || facts.tools.iter().filter(|tool| is_crate(tool));
    let rust_without = crates().filter(|tool| tool.limited != Some(true));
    let rust_with = crates().any(|tool| tool.limited == Some(true));
    ask("pyo3-without-abi3", if rust_with { 0 } else { rust_without.count() as u64 });
    // A feature that says abi3 says nothing about abi3t, which PyO3 has features of its own for.
    let states_abi3t = crates().any(|tool| tool.version.as_deref().is_some_and(|version| version.ends_with("/abi3t")));
    ask("pyo3-abi3t-not-told", u64::from(rust_with && target.is_free_threaded() && !states_abi3t));
    ask("cffi-abi3t-not-told", u64::from(target.is_free_threaded() && has_script(facts.tools)));
    ask("generated-by-swig-or-sip", sources.interfaces);
    ask("template", sources.templates);
    ask("language-not-read", sources.not_read);
    found
}

/// Whether the tool is a crate that brings CPython's API to Rust.
fn is_crate(tool: &Tool) -> bool {
    matches!(tool.name.as_str(), "pyo3" | "pyo3-ffi" | "cpython" | "python3-sys")
}

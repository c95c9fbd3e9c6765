//! What the build files and the sources say about the tools that make the extension. Nothing is executed.
//!
//! Which stable ABI a project says it builds for, and where, is read in `declare`, one module for each build system.

mod ability;
mod calls;
mod cargo;
mod cmake;
mod declare;
mod facts;
mod meson;
mod native;
mod python;
mod remedy;
mod requirement;
mod setup;
mod setup_py;
mod text_files;

use std::collections::BTreeSet;

pub(crate) use declare::{InSource, declarations, macro_of_source, meant_version, metadata_read};
pub(crate) use facts::{BuildFacts, facts};
pub use remedy::{Remedy, remedies};

use crate::{Language, Origin, OriginClass, SourceFile, SourceTree, Tool};

/// The tools that the project builds its extension with, sorted; each statement once, with the first file that makes
/// it. Tests and documents do not count. `origins` are those of the tree's files.
pub(crate) fn tools(tree: &SourceTree, origins: &[Origin], build: &BuildFacts) -> Vec<Tool> {
    let mut found = BTreeSet::new();
    for (file, origin) in tree.files.iter().zip(origins) {
        if origin.class != OriginClass::TestOrDoc {
            tools_of(file, origin, tree, &mut found);
        }
    }
    limited_by_definition(tree, build, &mut found);
    // By name, then version, then path: the first path of each statement comes first.
    let mut stated = BTreeSet::new();
    let mut is_new = |tool: &Tool| stated.insert((tool.name.clone(), tool.version.clone(), tool.limited));
    found.into_iter().filter(|tool| is_new(tool)).collect()
}

/// A build that defines `Py_LIMITED_API` for everything says what it is made for. It is a statement and no more: verdicts
/// ask about each level by themselves.
fn limited_by_definition(tree: &SourceTree, build: &BuildFacts, found: &mut BTreeSet<Tool>) {
    if let (Some(level), Some((name, path))) = (build.macros.get("Py_LIMITED_API"), facts::system_of(tree)) {
        let version = Some(format!("Py_LIMITED_API={level}"));
        found.insert(Tool { name: name.to_owned(), version, path: path.to_owned(), limited: Some(true) });
    }
}

fn tools_of(file: &SourceFile, origin: &Origin, tree: &SourceTree, found: &mut BTreeSet<Tool>) {
    let name = file.path.rsplit('/').next().unwrap_or_default();
    // Build files further down belong to vendored projects, or to none; Rust's and CMake's really are nested.
    let at_top = name == file.path;
    match name {
        "pyproject.toml" if at_top => setup::pyproject(file, found),
        "setup.py" if at_top => setup::setup_py(file, found),
        "setup.cfg" if at_top => setup::setup_cfg(file, found),
        "Cargo.toml" => cargo::manifest(file, tree, found),
        "meson.build" | "CMakeLists.txt" => text_files::build_script(file, found),
        _ if file.language() == Some(Language::Python) => text_files::cffi_script(file, found),
        _ if file.language().is_some_and(Language::is_native) => native::source(file, origin, found),
        _ => {}
    }
}

/// A tool seen in a file.
fn tool(name: &str, version: Option<String>, file: &SourceFile, limited: Option<bool>) -> Tool {
    Tool { name: name.to_owned(), version, path: file.path.clone(), limited }
}

#[cfg(test)]
mod tests;

//! What the project says about the stable ABI, in whichever of its files: see [`crate::declared`].
//!
//! Each build system has a reader of its own; what files say in the same words is in `known`, what stands in texts of
//! any sort in `flags`. A reader sees one file and never another; what follows from several of them is added at the
//! end (`settle`).

mod automation;
mod blocks;
mod cargo;
mod cmake;
mod depends;
mod flags;
mod known;
mod meson;
mod page;
mod pyproject;
mod settle;
mod setup_cfg;
mod setup_py;
mod source;
mod value;

use std::collections::BTreeSet;

use crate::declared::Declaration;
use crate::language::is_automation;
use crate::{Language, Origin, OriginClass, SourceFile, SourceTree, Use};

use page::Page;
pub(crate) use settle::metadata_read;
pub(crate) use source::{InSource, macro_of_source};
pub(crate) use value::meant as meant_version;

/// Bytes of a build file that are read; real ones have some thousand.
const MAX_BYTES: usize = 2 << 20;

/// Bytes of a Cython file in which its comments for the build stand.
const MAX_HEAD: usize = 16 << 10;

/// Everything that `tree` declares, sorted by place. `in_source` is what its C says, `uses` are the findings.
pub(crate) fn declarations(
    tree: &SourceTree,
    origins: &[Origin],
    in_source: &[InSource],
    uses: &[Use],
    files: &[String],
) -> Vec<Declaration> {
    let asked = super::cargo::asked_for(tree);
    let mut found = Vec::new();
    for (file, origin) in tree.files.iter().zip(origins) {
        if origin.class != OriginClass::TestOrDoc {
            read(file, origin, tree, &asked, &mut found);
        }
    }
    found.extend(source::declared(in_source, tree, origins));
    found.extend(source::hooks(uses, files));
    settle::settle(&mut found, tree);
    found.sort();
    found.dedup();
    found
}

fn read(file: &SourceFile, origin: &Origin, tree: &SourceTree, asked: &BTreeSet<String>, found: &mut Vec<Declaration>) {
    let Some(reader) = reader(file, origin, tree) else { return };
    let limit = if reader == Reader::Cython { MAX_HEAD } else { MAX_BYTES };
    let bytes = &file.bytes[..file.bytes.len().min(limit)];
    if !may_say(reader, bytes) {
        return;
    }
    let text = String::from_utf8_lossy(bytes);
    let mut page = Page::new(&file.path, &text);
    match reader {
        Reader::Pyproject => pyproject::read(&mut page),
        Reader::Python => setup_py::read(&mut page),
        Reader::SetupCfg => setup_cfg::read(&mut page),
        Reader::Cargo => cargo::read(&mut page, asked),
        Reader::BuildRs => cargo::build_script(&mut page),
        Reader::Meson => meson::read(&mut page),
        Reader::Cmake => cmake::read(&mut page),
        Reader::Cython => setup_cfg::cython_comments(&mut page),
        Reader::Sip => setup_cfg::sip(&mut page),
        Reader::Recipe => automation::recipe(&mut page),
        Reader::Automation => automation::read(&mut page),
    }
    found.append(&mut page.found);
}

/// How a file is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Reader {
    Pyproject,
    Python,
    SetupCfg,
    Cargo,
    BuildRs,
    Meson,
    Cmake,
    Cython,
    Sip,
    Recipe,
    Automation,
}

fn reader(file: &SourceFile, origin: &Origin, tree: &SourceTree) -> Option<Reader> {
    let (folder, name) = file.path.rsplit_once('/').unwrap_or(("", &file.path));
    let at_top = folder.is_empty();
    // What is vendored has build files of its own, for builds of its own.
    let is_own = origin.class != OriginClass::Vendored;
    match name {
        "pyproject.toml" => at_top.then_some(Reader::Pyproject),
        "setup.py" | "hatch_build.py" => at_top.then_some(Reader::Python),
        "setup.cfg" => at_top.then_some(Reader::SetupCfg),
        "Cargo.toml" => is_own.then_some(Reader::Cargo),
        "build.rs" => is_own.then_some(Reader::BuildRs),
        "meson.build" => (is_own && is_reached(folder, name, tree)).then_some(Reader::Meson),
        "CMakeLists.txt" => is_own.then_some(Reader::Cmake),
        "recipe.yaml" | "meta.yaml" => Some(Reader::Recipe),
        _ if is_automation(file.path.as_bytes()) => {
            let is_workflow = file.path.starts_with(".github/workflows/") || file.path.starts_with(".circleci/");
            (at_top || is_workflow).then_some(Reader::Automation)
        }
        _ => match file.language()? {
            Language::Python => is_own.then_some(Reader::Python),
            Language::Cython => is_own.then_some(Reader::Cython),
            Language::Sip => is_own.then_some(Reader::Sip),
            Language::Build if name.as_bytes().ends_with(b".cmake") => is_own.then_some(Reader::Cmake),
            _ => None,
        },
    }
}

/// Whether the file above it is there too: a script that nothing leads to belongs to another project.
fn is_reached(folder: &str, name: &str, tree: &SourceTree) -> bool {
    let top = folder.split('/').next().filter(|top| !top.is_empty());
    top.is_none() || tree.files.iter().any(|file| file.path == name)
}

/// Whether it is worth reading.
fn may_say(reader: Reader, bytes: &[u8]) -> bool {
    let has = |parts: &[&[u8]]| parts.iter().any(|part| memchr::memmem::find(bytes, part).is_some());
    match reader {
        Reader::Python => setup_py::may_say(bytes),
        Reader::Cargo => has(&[b"abi3"]),
        Reader::BuildRs => has(&[b"Py_LIMITED_API", b"Py_TARGET_ABI3T"]),
        Reader::Meson => has(&[b"limited_api", b"Py_LIMITED_API", b"Py_TARGET_ABI3T"]),
        Reader::Cmake => has(&[b"SABI", b"abi3", b"LIMITED_API", b"STABLE_ABI", b"Py_TARGET_ABI3T"]),
        Reader::Cython => bytes.starts_with(b"#") && has(&[b"LIMITED_API"]),
        Reader::Sip => has(&[b"use_limited_api"]),
        _ => true,
    }
}

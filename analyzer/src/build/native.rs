//! Tools that native sources give away: by a generator's banner, or by what they include.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use memchr::memmem::Finder;

use super::ability::{limits, of_version};
use super::tool;
use crate::{Language, Origin, OriginClass, SourceFile, Tool};

/// Includes stand near the start; so much of a file is searched for them.
const SEARCHED: usize = 64 << 10;

/// Headers by the start of their name, and the tool they belong to.
const HEADERS: &[(&str, &str)] = &[
    ("pybind11/", "pybind11"),
    ("nanobind/", "nanobind"),
    ("boost/python", "boost.python"),
    ("numpy/arrayobject.h", "numpy"),
    ("numpy/ndarrayobject.h", "numpy"),
    ("numpy/ufuncobject.h", "numpy"),
    ("cppy/", "cppy"),
    ("CPy.h", "mypyc"),
    ("CXX/Objects.hxx", "pycxx"),
    ("CXX/Extensions.hxx", "pycxx"),
];

/// Generators whose banner is worth a row among the tools.
const GENERATORS: [&str; 7] = ["cython", "swig", "sip", "mypyc", "f2py", "cffi", "pyrex"];

pub(super) fn source(file: &SourceFile, origin: &Origin, found: &mut BTreeSet<Tool>) {
    if let (OriginClass::Generated, Some(by)) = (origin.class, &origin.by) {
        generated(by, file, found);
    }
    match file.language() {
        Some(Language::Cython) => {
            found.insert(tool("cython", None, file, None));
        }
        Some(Language::Swig) => {
            found.insert(tool("swig", None, file, None));
        }
        Some(Language::F2py) => {
            found.insert(tool("f2py", None, file, limits("f2py")));
        }
        Some(Language::Zig) => {
            found.insert(tool("zig", None, file, None));
        }
        Some(Language::Sip) => sip_module(file, found),
        Some(language) if language.is_c_family() => included(file, found),
        _ => {}
    }
}

fn generated(by: &str, file: &SourceFile, found: &mut BTreeSet<Tool>) {
    let (name, version) = match by.rsplit_once(' ') {
        Some((name, version)) => (name, Some(version)),
        None => (by, None),
    };
    if !GENERATORS.contains(&name) {
        return;
    }
    found.insert(tool(name, version.map(str::to_owned), file, of_version(name, version)));
}

fn included(file: &SourceFile, found: &mut BTreeSet<Tool>) {
    for header in includes(&file.bytes[..file.bytes.len().min(SEARCHED)]) {
        if let Some((_, name)) = HEADERS.iter().find(|(start, _)| header.starts_with(start.as_bytes())) {
            found.insert(tool(name, None, file, limits(name)));
        }
    }
}

/// `%Module(name=a.b, use_limited_api=True)`.
fn sip_module(file: &SourceFile, found: &mut BTreeSet<Tool>) {
    let text: String = String::from_utf8_lossy(&file.bytes)
        .lines()
        .filter(|line| !line.trim_start().starts_with("//"))
        .flat_map(str::chars)
        .filter(|c| !c.is_whitespace())
        .collect();
    let stated = text.contains("use_limited_api=True");
    found.insert(tool("sip", None, file, stated.then_some(true)));
}

/// The names in `#include <x>` and `#include "x"`. Comments are not told apart: a whole directive on a line of its
/// own inside one counts.
fn includes(bytes: &[u8]) -> impl Iterator<Item = &[u8]> {
    INCLUDE.find_iter(bytes).filter_map(|at| {
        let line = memchr::memrchr(b'\n', &bytes[..at]).map_or(0, |newline| newline + 1);
        let between = bytes[line..at].trim_ascii_start().strip_prefix(b"#")?;
        let rest = &bytes[at + INCLUDE.needle().len()..];
        let blanks = rest.iter().take_while(|byte| matches!(byte, b' ' | b'\t')).count();
        let rest = &rest[blanks..];
        let close = match rest.first()? {
            b'<' => b'>',
            b'"' => b'"',
            _ => return None,
        };
        let name = &rest[1..];
        let end = memchr::memchr2(close, b'\n', name).filter(|end| name[*end] == close)?;
        between.trim_ascii().is_empty().then_some(&name[..end])
    })
}

static INCLUDE: LazyLock<Finder<'static>> = LazyLock::new(|| Finder::new("include"));

//! `meson.build`, `CMakeLists.txt`, and the Python scripts of cffi.

use std::collections::BTreeSet;

use super::python::PythonText;
use super::tool;
use crate::{SourceFile, Tool};

/// Words of build scripts that call a tool, its name, and the word in the same call that asks for the limited API.
const CALLS: &[(&str, &str, &str)] = &[
    ("nanobind_add_module", "nanobind", "STABLE_ABI"),
    ("pybind11_add_module", "pybind11", ""),
    ("Python_add_library", "cmake", "USE_SABI"),
    ("Python3_add_library", "cmake", "USE_SABI"),
    ("extension_module", "meson", "limited_api"),
];

/// Meson and CMake, both with `#` comments and calls in parentheses.
pub(super) fn build_script(file: &SourceFile, found: &mut BTreeSet<Tool>) {
    let text = String::from_utf8_lossy(&file.bytes);
    let code: Vec<_> = text.lines().map(|line| line.split_once('#').map_or(line, |(code, _)| code)).collect();
    let code = code.join("\n");
    for (word, name, limited_word) in CALLS {
        for (at, _) in code.match_indices(word) {
            let Some(arguments) = arguments(&code[at + word.len()..]) else {
                continue;
            };
            let stated = !limited_word.is_empty() && arguments.contains(limited_word);
            let limited = stated.then_some(true).or(super::ability::limits(name));
            found.insert(tool(name, None, file, limited));
        }
    }
}

/// What stands in the parentheses that follow.
fn arguments(text: &str) -> Option<&str> {
    let inside = text.trim_start().strip_prefix('(')?;
    let mut depth = 1;
    let end = inside.find(|c| {
        match c {
            '(' => depth += 1,
            ')' => depth -= 1,
            _ => {}
        }
        depth == 0
    })?;
    Some(&inside[..end])
}

/// A script that calls `set_source` makes a module of the limited API unless it says otherwise (cffi's documentation,
/// "set_source").
pub(super) fn cffi_script(file: &SourceFile, found: &mut BTreeSet<Tool>) {
    let text = PythonText::read(&String::from_utf8_lossy(&file.bytes));
    if !text.uses("set_source") {
        return;
    }
    let code: String = text.code.split_whitespace().collect();
    // Without a source nothing is compiled.
    if code.matches("set_source(").count() == code.matches("set_source(\"\",None").count() {
        return;
    }
    let opted_out = code.contains("py_limited_api=False");
    found.insert(tool("cffi", None, file, Some(!opted_out)));
}

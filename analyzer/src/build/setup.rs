//! `pyproject.toml`, `setup.py` and `setup.cfg`.

use std::collections::BTreeSet;

use toml::{Table, Value};

use super::ability::{limits, since};
use super::python::PythonText;
use super::requirement::Requirement;
use super::tool;
use crate::{SourceFile, Tool};

/// Requirements that are tools for making extensions, and what they are called in a report.
const TOOLS: &[(&str, &str)] = &[
    ("cython", "cython"),
    ("pybind11", "pybind11"),
    ("pybind11-global", "pybind11"),
    ("nanobind", "nanobind"),
    ("cffi", "cffi"),
    ("swig", "swig"),
    ("sip", "sip"),
    ("pyqt-builder", "sip"),
    ("mypy", "mypyc"),
    ("hatch-mypyc", "mypyc"),
    ("pythran", "pythran"),
    ("cppy", "cppy"),
    ("maturin", "maturin"),
    ("setuptools-rust", "setuptools-rust"),
    ("scikit-build-core", "scikit-build-core"),
    ("scikit-build", "scikit-build"),
    ("meson-python", "meson-python"),
    ("cmake", "cmake"),
    ("extension-helpers", "extension-helpers"),
    ("py-build-cmake", "py-build-cmake"),
    ("numpy", "numpy"),
    ("oldest-supported-numpy", "numpy"),
];

/// Names whose use in `setup.py` says which tool works there.
const CALLS: &[(&str, &str)] = &[
    ("cythonize", "cython"),
    ("Cython", "cython"),
    ("Pybind11Extension", "pybind11"),
    ("mypycify", "mypyc"),
    ("cffi_modules", "cffi"),
    ("RustExtension", "setuptools-rust"),
    ("setuptools_rust", "setuptools-rust"),
    ("skbuild", "scikit-build"),
    ("swig_opts", "swig"),
];

pub(super) fn pyproject(file: &SourceFile, found: &mut BTreeSet<Tool>) {
    let Ok(table) = String::from_utf8_lossy(&file.bytes).parse::<Table>() else {
        return;
    };
    let requires = table.get("build-system").and_then(|system| system.get("requires"));
    for text in requires.and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str) {
        required(text, file, found);
    }
    if let Some(maturin) = table.get("tool").and_then(|tools| tools.get("maturin")) {
        let features = maturin.get("features").and_then(Value::as_array);
        let abi3 =
            features.into_iter().flatten().filter_map(Value::as_str).find(|feature| feature.starts_with("pyo3/abi3"));
        if let Some(feature) = abi3 {
            found.insert(tool("pyo3", Some(feature.to_owned()), file, Some(true)));
        }
    }
}

/// Nothing is run: requirements are strings that read like one, tools are names that the code uses.
pub(super) fn setup_py(file: &SourceFile, found: &mut BTreeSet<Tool>) {
    let text = PythonText::read(&String::from_utf8_lossy(&file.bytes));
    for string in &text.strings {
        // A bare word may be anything (`"numpy"` the package's own key); with a version it is a requirement.
        if string.contains(['<', '>', '=', '~', '!']) {
            required(string, file, found);
        }
    }
    let code: String = text.code.split_whitespace().collect();
    if code.contains("py_limited_api=True") {
        found.insert(tool("setuptools", None, file, Some(true)));
    }
    for (_, called) in CALLS.iter().filter(|(name, _)| text.uses(name)) {
        found.insert(tool(called, None, file, limits(called)));
    }
}

/// The lists `setup_requires` and `install_requires`, one requirement on a line.
pub(super) fn setup_cfg(file: &SourceFile, found: &mut BTreeSet<Tool>) {
    let mut inside = false;
    for line in String::from_utf8_lossy(&file.bytes).lines() {
        let value = match line.split_once('=') {
            Some((key, value)) if !line.starts_with([' ', '\t']) => {
                inside = matches!(key.trim(), "setup_requires" | "setup-requires");
                value
            }
            _ if line.starts_with([' ', '\t']) => line,
            _ => {
                inside = false;
                continue;
            }
        };
        if inside {
            required(value, file, found);
        }
    }
}

fn required(text: &str, file: &SourceFile, found: &mut BTreeSet<Tool>) {
    let Some(requirement) = Requirement::parse(text) else {
        return;
    };
    let Some((_, name)) = TOOLS.iter().find(|(known, _)| *known == requirement.name) else {
        return;
    };
    // To require pybind11 is not to use it: its helpers for compiling serve plain C too.
    let limited = since(name).is_some_and(|first| requirement.ends_below(first)).then_some(false);
    let version = Some(requirement.versions).filter(|versions| !versions.is_empty());
    found.insert(tool(name, version, file, limited));
}

//! `Cargo.toml`: PyO3 and its features.

use std::collections::BTreeSet;

use toml::{Table, Value};

use super::tool;
use crate::{SourceFile, Tool};

/// Crates that bring CPython's API to Rust.
const CRATES: [&str; 4] = ["pyo3", "pyo3-ffi", "cpython", "python3-sys"];

pub(super) fn manifest(file: &SourceFile, found: &mut BTreeSet<Tool>) {
    let Ok(table) = String::from_utf8_lossy(&file.bytes).parse::<Table>() else {
        return;
    };
    for dependencies in dependency_tables(&table) {
        for name in CRATES {
            if let Some(dependency) = dependencies.get(name) {
                let stated = has_abi3(dependency) || default_features_forward(&table, name);
                let version = version(dependency).map(str::to_owned);
                found.insert(tool(name, version, file, stated.then_some(true)));
            }
        }
    }
}

/// `[dependencies]`, the workspace's, and those of platforms.
fn dependency_tables(table: &Table) -> Vec<&Table> {
    let workspace = table.get("workspace").and_then(|workspace| workspace.get("dependencies"));
    let platforms = table.get("target").and_then(Value::as_table);
    platforms
        .into_iter()
        .flat_map(Table::values)
        .map(|target| target.get("dependencies"))
        .chain([table.get("dependencies"), workspace])
        .filter_map(|dependencies| dependencies?.as_table())
        .collect()
}

fn version(dependency: &Value) -> Option<&str> {
    dependency.as_str().or_else(|| dependency.get("version")?.as_str())
}

/// `features = ["abi3-py38"]`.
fn has_abi3(dependency: &Value) -> bool {
    let features = dependency.get("features").and_then(Value::as_array);
    features.into_iter().flatten().filter_map(Value::as_str).any(|feature| feature.starts_with("abi3"))
}

/// `default = ["x"]` where `x = ["pyo3/abi3-py38"]`, to any depth.
fn default_features_forward(table: &Table, name: &str) -> bool {
    let Some(features) = table.get("features").and_then(Value::as_table) else {
        return false;
    };
    let wanted = format!("{name}/abi3");
    let mut seen = BTreeSet::new();
    let mut open = vec!["default"];
    while let Some(feature) = open.pop() {
        if feature.starts_with(&wanted) {
            return true;
        }
        if seen.insert(feature) {
            let next = features.get(feature).and_then(Value::as_array);
            open.extend(next.into_iter().flatten().filter_map(Value::as_str));
        }
    }
    false
}

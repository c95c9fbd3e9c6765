//! `Cargo.toml`: PyO3 and its features, those that a workspace gives and those that the build asks for included.

use std::collections::BTreeSet;

use toml::{Table, Value};

use super::tool;
use crate::{SourceFile, SourceTree, Tool};

/// Crates that bring CPython's API to Rust.
const CRATES: [&str; 4] = ["pyo3", "pyo3-ffi", "cpython", "python3-sys"];

/// What a manifest says of one crate.
struct Dependency<'a> {
    /// What it is called in the manifest.
    key: &'a str,
    /// Its own name.
    name: &'static str,
    value: &'a Value,
}

pub(super) fn manifest(file: &SourceFile, tree: &SourceTree, found: &mut BTreeSet<Tool>) {
    let Some(table) = parsed(file) else { return };
    let asked = asked_for(tree);
    for dependency in dependency_tables(&table).into_iter().flat_map(dependencies) {
        let inherited = inherits(dependency.value).then(|| inherited(file, tree, dependency.key)).flatten();
        let mut features = features_of(dependency.value);
        features.extend(inherited.as_ref().map(features_of).unwrap_or_default());
        features.extend(forwarded(&table, dependency.key, &asked));
        let version = version(dependency.value).or_else(|| inherited.as_ref().and_then(version));
        let is_limited = features.iter().any(|feature| feature.starts_with("abi3"));
        found.insert(tool(dependency.name, version.map(str::to_owned), file, is_limited.then_some(true)));
        if features.iter().any(|feature| feature.starts_with("abi3t")) {
            let stated = format!("{}/abi3t", dependency.name);
            found.insert(tool(dependency.name, Some(stated), file, Some(true)));
        }
    }
}

fn parsed(file: &SourceFile) -> Option<Table> {
    String::from_utf8_lossy(&file.bytes).parse::<Table>().ok()
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

/// The crates for CPython in one table, also under another name: `py = { package = "pyo3" }`.
fn dependencies(table: &Table) -> Vec<Dependency<'_>> {
    let named = table.iter().filter_map(|(key, value)| {
        let name = value.get("package").and_then(Value::as_str).unwrap_or(key);
        let name = CRATES.into_iter().find(|known| *known == name)?;
        Some(Dependency { key, name, value })
    });
    named.collect()
}

fn version(dependency: &Value) -> Option<&str> {
    dependency.as_str().or_else(|| dependency.get("version")?.as_str())
}

/// `features = ["abi3-py38"]`.
fn features_of(dependency: &Value) -> BTreeSet<String> {
    texts(dependency.get("features")).map(str::to_owned).collect()
}

fn texts(list: Option<&Value>) -> impl Iterator<Item = &str> {
    list.and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str)
}

/// `pyo3.workspace = true`
fn inherits(dependency: &Value) -> bool {
    dependency.get("workspace").and_then(Value::as_bool) == Some(true)
}

/// What the workspace around `file` says of the dependency `key`.
fn inherited(file: &SourceFile, tree: &SourceTree, key: &str) -> Option<Value> {
    let mut folder = file.path.rsplit_once('/').map_or("", |(folder, _)| folder);
    for _ in 0..32 {
        let path = if folder.is_empty() { "Cargo.toml".to_owned() } else { format!("{folder}/Cargo.toml") };
        let table = tree.files.iter().find(|file| file.path == path).and_then(parsed);
        if let Some(workspace) = table.as_ref().and_then(|table| table.get("workspace")) {
            return workspace.get("dependencies")?.get(key).cloned();
        }
        if folder.is_empty() {
            return None;
        }
        folder = folder.rsplit_once('/').map_or("", |(outer, _)| outer);
    }
    None
}

/// Features that the build of the Python package asks for: maturin's, and those of `RustExtension(features=[…])`.
pub(super) fn asked_for(tree: &SourceTree) -> BTreeSet<String> {
    let mut asked = BTreeSet::from(["default".to_owned()]);
    for file in &tree.files {
        if file.path == "pyproject.toml"
            && let Some(table) = parsed(file)
        {
            let tools = table.get("tool");
            asked.extend(texts(tools.and_then(|tools| tools.get("maturin")?.get("features"))).map(str::to_owned));
            let rust =
                tools.and_then(|tools| tools.get("setuptools-rust")?.get("ext-modules")).and_then(Value::as_array);
            for module in rust.into_iter().flatten() {
                asked.extend(texts(module.get("features")).map(str::to_owned));
            }
        }
        if file.path == "setup.py" {
            asked.extend(super::setup_py::rust_features(file));
        }
    }
    asked
}

/// Features of the dependency `key` that follow from those asked for: `default = ["x"]` where
/// `x = ["pyo3/abi3-py38"]`, to any depth.
fn forwarded(table: &Table, key: &str, asked: &BTreeSet<String>) -> BTreeSet<String> {
    let features = table.get("features").and_then(Value::as_table);
    let mut seen = BTreeSet::new();
    let mut open: Vec<&str> = asked.iter().map(String::as_str).collect();
    let mut forwarded = BTreeSet::new();
    while let Some(feature) = open.pop() {
        if let Some((to, inner)) = feature.split_once('/') {
            if to.trim_end_matches('?') == key {
                forwarded.insert(inner.to_owned());
            }
        } else if seen.insert(feature) {
            open.extend(texts(features.and_then(|features| features.get(feature))));
        }
    }
    forwarded
}

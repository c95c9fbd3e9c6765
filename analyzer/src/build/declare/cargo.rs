//! `Cargo.toml`: the features of `PyO3`, where they stand and whether they have to be asked for. And `build.rs`.

use std::collections::BTreeSet;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use crate::declared::{Dependence, Form, Knobs};

use super::known;
use super::page::{Page, When};
use super::value;

/// The crates whose features count.
const CRATES: [&str; 2] = ["pyo3", "pyo3-ffi"];

/// Reads the file. `asked` are the features that the build of the Python package asks for.
pub(super) fn read(page: &mut Page<'_>, asked: &BTreeSet<String>) {
    let Ok(table) = DeTable::parse(page.text) else { return };
    let table = table.get_ref();
    if let Some(dependencies) = get(table, "dependencies") {
        listed(page, dependencies, &When::always());
    }
    if let Some(dependencies) = get(table, "workspace").and_then(|workspace| get(workspace, "dependencies")) {
        listed(page, dependencies, &When::always());
    }
    for (platform, target) in get(table, "target").into_iter().flatten() {
        if let Some(dependencies) = target.get_ref().as_table().and_then(|target| get(target, "dependencies")) {
            listed(page, dependencies, &When::only(platform.get_ref(), &[Dependence::Platform]));
        }
    }
    if let Some(own) = get(table, "features") {
        forwarded(page, own, asked);
    }
}

fn get<'t, 'i>(table: &'t DeTable<'i>, key: &str) -> Option<&'t DeTable<'i>> {
    table.iter().find(|(name, _)| name.get_ref().as_ref() == key)?.1.get_ref().as_table()
}

/// `pyo3 = { version = "0.29", features = ["abi3-py39"] }`, perhaps under another name.
fn listed(page: &mut Page<'_>, dependencies: &DeTable<'_>, when: &When) {
    for (key, value) in dependencies {
        let Some(dependency) = value.get_ref().as_table() else { continue };
        let field = |name: &str| dependency.iter().find(|(key, _)| key.get_ref().as_ref() == name).map(|(_, v)| v);
        let package = field("package").and_then(|name| name.get_ref().as_str());
        if CRATES.contains(&package.unwrap_or(key.get_ref())) {
            for (at, feature) in field("features").into_iter().flat_map(texts) {
                add(page, at, feature, feature, when);
            }
        }
    }
}

/// `[features] stable = ["pyo3/abi3-py39"]`: conditional unless it is on by default or asked for.
fn forwarded(page: &mut Page<'_>, own: &DeTable<'_>, asked: &BTreeSet<String>) {
    let active = active(own, asked);
    for (name, value) in own {
        for (at, text) in texts(value) {
            let Some((of, feature)) = text.split_once('/') else { continue };
            if !CRATES.contains(&of.trim_end_matches('?')) {
                continue;
            }
            let when = if active.contains(name.get_ref().as_ref()) {
                When::always()
            } else {
                When::only(&format!("feature \"{}\"", name.get_ref()), &[Dependence::Option])
            };
            add(page, at, feature, text, &when);
        }
    }
}

/// The features that are on: those asked for and what they ask for in turn.
fn active(own: &DeTable<'_>, asked: &BTreeSet<String>) -> BTreeSet<String> {
    let mut open: Vec<String> = asked.iter().cloned().collect();
    let mut active = BTreeSet::new();
    while let Some(feature) = open.pop() {
        if let Some((_, value)) = own.iter().find(|(name, _)| name.get_ref().as_ref() == feature)
            && active.insert(feature)
        {
            open.extend(texts(value).map(|(_, text)| text.to_owned()));
        }
    }
    active
}

fn add(page: &mut Page<'_>, at: usize, feature: &str, written: &str, when: &When) {
    if let Some(reading) = value::feature(feature) {
        page.add(at, Form::Pyo3Feature, written, Knobs::MACRO, reading, when);
    }
}

fn texts<'t>(value: &'t Spanned<DeValue<'_>>) -> impl Iterator<Item = (usize, &'t str)> {
    let elements = value.get_ref().as_array().into_iter().flatten();
    elements.filter_map(|element| Some((element.span().start, element.get_ref().as_str()?)))
}

/// `build.rs`, which compiles C: `build.define("Py_LIMITED_API", "0x03090000")`.
pub(super) fn build_script(page: &mut Page<'_>) {
    for name in ["Py_LIMITED_API", "Py_TARGET_ABI3T"] {
        let quoted = format!("\"{name}\"");
        for at in memchr::memmem::find_iter(page.text.as_bytes(), quoted.as_bytes()) {
            if !page.text[..at].trim_end().ends_with('(') {
                continue;
            }
            let rest = page.text[at + quoted.len()..].trim_start();
            let Some(value) = rest.strip_prefix(',').map(str::trim_start) else { continue };
            let value = value.strip_prefix("Some(").unwrap_or(value);
            let quoted = value.strip_prefix('"').and_then(|value| value.split('"').next());
            // What it depends on is code, which is not followed.
            let when = When::only("build.rs decides so", &[Dependence::Other]);
            let written = quoted.unwrap_or_else(|| value.split(')').next().unwrap_or_default());
            let written = if written == "None" { "" } else { written };
            known::defined(page, at, Form::RustBuildScript, name, written, &when);
        }
    }
}

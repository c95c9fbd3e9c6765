//! `pyproject.toml`: every key that is about the limited API, for whichever tool, and those that stand where no tool
//! looks for them.

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use crate::declared::{Dependence, Form, Knobs, Says};

use super::page::{Page, When};
use super::value::{self, Reading};
use super::{flags, known};

/// Tables inside each other that are followed.
const MAX_DEPTH: usize = 24;

/// Reads the file.
pub(super) fn read(page: &mut Page<'_>) {
    let Ok(table) = DeTable::parse(page.text) else { return };
    let mut walk = Walk { page, path: Vec::new() };
    walk.table(table.get_ref(), &When::always());
}

/// A walk over all keys.
struct Walk<'p, 'a> {
    page: &'p mut Page<'a>,
    /// The keys down to here; `[]` for an element of a list.
    path: Vec<String>,
}

impl Walk<'_, '_> {
    fn table(&mut self, table: &DeTable<'_>, when: &When) {
        let when = match self.path.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
            ["tool", "scikit-build", "overrides", "[]"] => selected(table, "if", when),
            ["tool", "cibuildwheel", "overrides", "[]"] => selected(table, "select", when),
            ["tool", "cibuildwheel"] => when.clone().and("cibuildwheel builds it", &[Dependence::Automation]),
            _ => when.clone(),
        };
        for (key, value) in table {
            self.path.push(key.get_ref().to_string());
            self.value(key.span().start, value, &when);
            self.path.pop();
        }
    }

    fn value(&mut self, key_at: usize, value: &Spanned<DeValue<'_>>, when: &When) {
        if self.path.len() > MAX_DEPTH {
            return;
        }
        self.key(key_at, value, when);
        match value.get_ref() {
            DeValue::Table(table) => self.table(table, when),
            DeValue::Array(array) => {
                self.path.push("[]".to_owned());
                for element in array {
                    if let DeValue::Table(table) = element.get_ref() {
                        self.table(table, when);
                    }
                }
                self.path.pop();
            }
            _ => {}
        }
    }

    /// What a key at a known place says.
    fn key(&mut self, at: usize, value: &Spanned<DeValue<'_>>, when: &When) {
        let path = std::mem::take(&mut self.path);
        let keys: Vec<&str> = path.iter().map(String::as_str).collect();
        let text = value.get_ref().as_str().unwrap_or_default();
        let raw = self.page.slice(value.span());
        let page = &mut *self.page;
        match keys.as_slice() {
            ["build-system", "build-backend"] => page.add_context(at, Form::BuildBackend, text, when),
            ["project", "requires-python"] => known::requires_python(page, at, text, when),
            ["project", "classifiers"] => each(value, |at, text| known::classifier(page, at, text)),
            ["tool", "distutils", "bdist_wheel", "py-limited-api" | "py_limited_api"] => {
                let reading = if text.is_empty() { Reading::of(Says::Mistake) } else { value::tag(text) };
                page.add(at, Form::SetuptoolsWheel, raw, Knobs::TAG, reading, when);
            }
            ["tool", "setuptools", "ext-modules", "[]", "py-limited-api"] => {
                switch(page, at, Form::SetuptoolsExtModules, value, Knobs::SUFFIX, when);
            }
            ["tool", "setuptools", "ext-modules", "[]", "define-macros"] => pairs(page, value, when),
            ["tool", "setuptools", "ext-modules", "[]", "extra-compile-args"] => {
                each(value, |at, text| flags::scan(page, text, at, when));
            }
            ["tool", "setuptools-rust", "ext-modules", "[]", "py-limited-api"] => rust(page, at, value, when),
            ["tool", "setuptools-rust", "ext-modules", "[]", "features"] | ["tool", "maturin", "features"] => {
                each(value, |at, text| known::maturin_feature(page, at, text, when));
            }
            ["tool", "meson-python", "limited-api"] => switch(page, at, Form::MesonPython, value, Knobs::TAG, when),
            ["tool", "meson-python", "args", "setup"] => each(value, |at, text| flags::scan(page, text, at, when)),
            ["tool", "scikit-build", "wheel", "py-api"]
            | ["tool", "scikit-build", "overrides", "[]", "wheel", "py-api"] => known::py_api(page, at, text, when),
            ["tool", "scikit-build", "cmake", "define" | "args", ..] => {
                defined(page, at, keys[keys.len() - 1], value, when);
            }
            ["tool", "py-build-cmake", .., "python_abi"] if text == "abi3" => {
                page.add(at, Form::PyBuildCmake, raw, Knobs::TAG, Reading::from(minimum_of(page.text)), when);
            }
            ["tool", "pydust", "ext_module", "[]", "limited_api"] => {
                switch(page, at, Form::Pydust, value, Knobs::ALL, when);
            }
            ["tool", "extension-helpers", "use_extension_helpers"] if raw == "true" => {
                page.add_context(at, Form::ExtensionHelpers, raw, when);
            }
            ["tool", "cibuildwheel", .., key] => cibuildwheel(page, at, key, value, when),
            keys if is_misplaced(keys) => {
                let reading = Reading { says: Says::Misplaced, ..value::tag(text) };
                let reading = Reading { floor: reading.floor.filter(|_| !text.is_empty()), ..reading };
                let written = format!("[{}] {} = {raw}", keys[..keys.len() - 1].join("."), keys[keys.len() - 1]);
                page.add(at, Form::MisplacedKey, &written, Knobs::NONE, reading, when);
            }
            _ => {}
        }
        self.path = path;
    }
}

/// Tables, below `tool` or at the top, in which people look for the key and tools do not.
const TABLES: &[&str] = &[
    "project",
    "build-system",
    "bdist-wheel",
    "wheel",
    "setuptools",
    "distutils",
    "scikit-build-core",
    "scikit-build",
    "mesonpy",
    "meson-python",
    "maturin",
];

/// Places where people put the key and no tool reads it. Elsewhere it may be that of a tool that is not known here.
fn is_misplaced(keys: &[&str]) -> bool {
    let Some((key, place)) = keys.split_last() else { return false };
    let key = key.replace('_', "-");
    let is_key = matches!(key.as_str(), "py-limited-api" | "limited-api" | "py-api" | "wheel.py-api");
    let place = place.strip_prefix(&["tool"]).unwrap_or(place);
    let is_wrong = place.first().is_some_and(|table| TABLES.contains(&table.replace('_', "-").as_str()));
    is_key && is_wrong
}

/// Each text of a value that is one or a list of them, with its place.
fn each(value: &Spanned<DeValue<'_>>, mut with: impl FnMut(usize, &str)) {
    match value.get_ref() {
        DeValue::String(text) => with(value.span().start, text),
        DeValue::Array(array) => {
            for element in array {
                if let DeValue::String(text) = element.get_ref() {
                    with(element.span().start, text);
                }
            }
        }
        _ => {}
    }
}

/// A key that is true or false.
fn switch(page: &mut Page<'_>, at: usize, form: Form, value: &Spanned<DeValue<'_>>, sets: Knobs, when: &When) {
    let says = match value.get_ref().as_bool() {
        Some(true) => Says::On,
        Some(false) => Says::Off,
        None => Says::Mistake,
    };
    page.add(at, form, page.slice(value.span()), sets, Reading::of(says), when);
}

/// `"auto"` follows the wheel's option; `true` names the file whatever the wheel is called.
fn rust(page: &mut Page<'_>, at: usize, value: &Spanned<DeValue<'_>>, when: &When) {
    let written = page.slice(value.span());
    let (says, sets) = match (value.get_ref().as_str(), value.get_ref().as_bool()) {
        (Some("auto"), _) => (Says::Context, Knobs::NONE),
        (_, Some(true)) => (Says::On, Knobs::SUFFIX),
        (_, Some(false)) => (Says::Off, Knobs::SUFFIX),
        _ => (Says::Mistake, Knobs::SUFFIX),
    };
    page.add(at, Form::SetuptoolsRust, written, sets, Reading::of(says), when);
}

/// `define-macros = [["Py_LIMITED_API", "0x030A0000"]]`.
fn pairs(page: &mut Page<'_>, value: &Spanned<DeValue<'_>>, when: &When) {
    for pair in value.get_ref().as_array().into_iter().flatten() {
        let Some(pair) = pair.get_ref().as_array() else { continue };
        let mut texts = pair.iter().map(|text| (text.span().start, text.get_ref().as_str().unwrap_or_default()));
        if let Some((at, name)) = texts.next() {
            let value = texts.next().map_or("", |(_, value)| value);
            known::macro_of_setuptools(page, at, name, value, when);
        }
    }
}

/// `[tool.scikit-build.cmake.define]` with `FORCE_LIMITED_API = "yes"`, and arguments.
fn defined(page: &mut Page<'_>, at: usize, key: &str, value: &Spanned<DeValue<'_>>, when: &When) {
    each(value, |place, text| {
        if key == "args" {
            flags::scan(page, text, place, when);
        } else {
            flags::scan(page, &format!("{key}={text}"), at, when);
        }
    });
}

/// The settings of cibuildwheel: which Pythons, the settings of the build, its environment, the audit.
fn cibuildwheel(page: &mut Page<'_>, at: usize, key: &str, value: &Spanned<DeValue<'_>>, when: &When) {
    if key == "build" {
        let mut patterns = Vec::new();
        each(value, |_, text| patterns.extend(text.split_whitespace().map(str::to_owned)));
        known::one_python(page, at, &patterns.join(" "), when);
        return;
    }
    each(value, |_, text| flags::scan(page, &format!("{key}={text}"), at, when));
}

/// A condition that stands beside the keys of an override.
fn selected(table: &DeTable<'_>, key: &str, when: &When) -> When {
    let Some((_, value)) = table.iter().find(|(name, _)| name.get_ref().as_ref() == key) else { return when.clone() };
    let mut parts = Vec::new();
    flat(value.get_ref(), &mut Vec::new(), &mut parts);
    let text = parts.join(" and ");
    if text.is_empty() {
        return when.clone();
    }
    let depends: &[Dependence] = match key {
        "select" => &[Dependence::Version],
        _ => &super::depends::depends_on(&text),
    };
    when.clone().and(&format!("{key}: {text}"), depends)
}

/// `platform-system = linux`, for each key of a table.
fn flat(value: &DeValue<'_>, path: &mut Vec<String>, parts: &mut Vec<String>) {
    if path.len() > 4 || parts.len() > 8 {
        return;
    }
    match value {
        DeValue::Table(table) => {
            for (key, value) in table {
                path.push(key.get_ref().to_string());
                flat(value.get_ref(), path, parts);
                path.pop();
            }
        }
        DeValue::Array(array) => {
            let texts: Vec<_> = array.iter().filter_map(|text| text.get_ref().as_str()).collect();
            parts.push(named(path, &texts.join(" ")));
        }
        DeValue::Boolean(value) => parts.push(named(path, &value.to_string())),
        other => parts.extend(other.as_str().map(|text| named(path, text))),
    }
}

fn named(path: &[String], value: &str) -> String {
    if path.is_empty() { value.to_owned() } else { format!("{} = {value}", path.join(".")) }
}

/// `abi3_minimum_cpython_version = 310` of py-build-cmake; 32 unless it is there.
fn minimum_of(text: &str) -> capi::Version {
    let value = text.split_once("abi3_minimum_cpython_version").map_or("", |(_, rest)| rest);
    let digits: String = value.trim_start_matches([' ', '=']).chars().take_while(char::is_ascii_digit).collect();
    let minor = digits.strip_prefix('3').and_then(|minor| minor.parse().ok());
    minor.map_or(capi::Version::OLDEST_LIMITED, |minor| capi::Version::new(3, minor))
}

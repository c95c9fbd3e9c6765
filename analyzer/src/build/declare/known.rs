//! What several files say in the same words.

use capi::Version;

use crate::declared::{Dependence, Form, Knobs, Says};

use super::page::{Page, When};
use super::value::{self, Reading};

/// `requires-python`; the floor is the lowest version that it lets in.
pub(super) fn requires_python(page: &mut Page<'_>, at: usize, text: &str, when: &When) {
    let reading = Reading { floor: lower_bound(text), abi: None, ..Reading::of(Says::Context) };
    page.add(at, Form::RequiresPython, text, Knobs::NONE, reading, when);
}

/// `>=3.9, !=3.9.1`: the lowest version that it lets in.
fn lower_bound(text: &str) -> Option<Version> {
    let bounds = text.split(',').filter_map(|clause| {
        let clause = clause.trim();
        let at = clause.find(|c: char| !"<>=!~^ ".contains(c))?;
        let (operator, version) = clause.split_at(at);
        let operator = operator.trim();
        if !matches!(operator, ">=" | ">" | "==" | "~=" | "===" | "^") {
            return None;
        }
        let mut numbers = version.split('.').map(|part| part.trim_end_matches('*').trim().parse::<u8>());
        let major = numbers.next()?.ok()?;
        let minor = numbers.next().and_then(Result::ok);
        let is_whole = version.matches('.').count() < 2;
        match (operator, minor) {
            // `>3.8` leaves no patch release of 3.8 out but the first; `>3` lets 3.1 in.
            (_, Some(minor)) if operator == ">" && is_whole => Some(Version::new(major, minor)),
            (_, minor) => Some(Version::new(major, minor.unwrap_or(0))),
        }
    });
    bounds.max()
}

/// The classifier that says something about free-threaded builds.
pub(super) fn classifier(page: &mut Page<'_>, at: usize, text: &str) {
    if text.contains(":: Free Threading ::") {
        page.add_context(at, Form::FreeThreading, text, &When::always());
    }
}

/// `wheel.py-api` of scikit-build-core, as a key, in the environment or among its settings.
pub(super) fn py_api(page: &mut Page<'_>, at: usize, text: &str, when: &When) {
    // `py3` and `py2.py3` are for wheels without an extension.
    if text.starts_with("py") || text.is_empty() {
        return;
    }
    page.add(at, Form::ScikitBuildCore, text, Knobs::TAG, value::tag(text), when);
}

/// A feature that the build asks for: `pyo3/abi3-py39`. A feature of the crate's own is followed in `Cargo.toml`.
pub(super) fn maturin_feature(page: &mut Page<'_>, at: usize, text: &str, when: &When) {
    let Some((of, feature)) = text.split_once('/') else { return };
    if let Some(reading) = value::feature(feature)
        && matches!(of, "pyo3" | "pyo3-ffi")
    {
        page.add(at, Form::MaturinFeature, text, Knobs::MACRO, reading, when);
    }
}

/// A macro among `define_macros`; others are of no interest.
pub(super) fn macro_of_setuptools(page: &mut Page<'_>, at: usize, name: &str, value: &str, when: &When) {
    defined(page, at, Form::SetuptoolsMacro, name, value, when);
}

/// A macro that a build defines, if it is one of those that ask for a stable ABI.
pub(super) fn defined(page: &mut Page<'_>, at: usize, form: Form, name: &str, value: &str, when: &When) {
    match name {
        "Py_LIMITED_API" => {
            page.add(at, form, value, Knobs::MACRO, value::limited_api(value), when);
        }
        "Py_TARGET_ABI3T" => page.add(at, form, value, Knobs::MACRO, value::abi3t(value), when),
        "CYTHON_LIMITED_API" => {
            let says = if matches!(value.trim_matches('"'), "0") { Says::Off } else { Says::On };
            page.add(at, Form::CythonMacro, value, Knobs::NONE, Reading::of(says), when);
        }
        _ => {}
    }
}

/// Wheels are built with one version of CPython only, which is how wheels for the stable ABI are built.
pub(super) fn one_python(page: &mut Page<'_>, at: usize, patterns: &str, when: &When) {
    let mut versions: Vec<_> = patterns
        .split_whitespace()
        .map(|pattern| pattern.trim_matches(['"', '\'']))
        .map(|pattern| value::tag(pattern.split('-').next().unwrap_or_default()).floor)
        .collect();
    versions.dedup();
    // One that is chosen among several, and one for the browser, say nothing.
    let is_choice = when.depends_on.contains(&Dependence::Option) || patterns.contains("pyodide");
    if let [Some(version)] = versions.as_slice()
        && !is_choice
    {
        let reading = Reading { floor: Some(*version), abi: None, ..Reading::of(Says::Context) };
        page.add(at, Form::Cibuildwheel, patterns, Knobs::NONE, reading, when);
        page.doubt();
    }
}

/// In the project's own automation.
pub(super) fn automation() -> When {
    When::only("its own automation builds it", &[Dependence::Automation])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_lowest_python_is_read_from_its_specifier() {
        for (text, expected) in [
            (">=3.9", Some("3.9")),
            (">= 3.9, !=3.9.0, <4", Some("3.9")),
            (">3.8", Some("3.8")),
            ("~=3.10", Some("3.10")),
            ("==3.*", Some("3.0")),
            (">=3", Some("3.0")),
            (">=2.7, !=3.0.*", Some("2.7")),
            (">=3.8.1", Some("3.8")),
            ("<4", None),
            ("", None),
            ("\u{e4}", None),
        ] {
            assert_eq!(lower_bound(text).map(|version| version.to_string()).as_deref(), expected, "{text}");
        }
    }
}

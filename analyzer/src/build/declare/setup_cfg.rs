//! `setup.cfg`, and Cython's and SIP's own words in their sources.

use crate::declared::{Form, Knobs, Says};

use super::page::{Page, When};
use super::value::{self, Reading};
use super::{flags, known};

/// Reads the file.
pub(super) fn read(page: &mut Page<'_>) {
    let mut section = "";
    let mut key = "";
    let mut at = 0;
    for line in page.text.split_inclusive('\n') {
        let (start, text) = (at, line.trim());
        at += line.len();
        let is_continued = line.starts_with([' ', '\t']);
        if text.starts_with(['#', ';']) {
            continue;
        }
        if let Some(name) = text.strip_prefix('[').and_then(|rest| rest.split_once(']')).filter(|_| !is_continued) {
            section = name.0.trim();
            continue;
        }
        let value = match text.split_once(['=', ':']) {
            Some((name, value)) if !is_continued => {
                key = name.trim();
                value.trim()
            }
            _ => text,
        };
        entry(page, start, section, key, value);
    }
}

fn entry(page: &mut Page<'_>, at: usize, section: &str, key: &str, value: &str) {
    let when = When::always();
    match (section, key) {
        ("bdist_wheel", "py_limited_api" | "py-limited-api") if !value.is_empty() => {
            page.add(at, Form::SetuptoolsWheel, value, Knobs::TAG, value::tag(value), &when);
        }
        ("build_ext", "define") => {
            for definition in value.split(',') {
                let (name, value) = definition.trim().split_once('=').unwrap_or((definition.trim(), ""));
                known::macro_of_setuptools(page, at, name, value, &when);
            }
        }
        ("options", "python_requires" | "python-requires") => known::requires_python(page, at, value, &when),
        ("metadata", "classifiers" | "classifier") => known::classifier(page, at, value),
        ("extension-helpers", "use_extension_helpers") if value.eq_ignore_ascii_case("true") => {
            page.add_context(at, Form::ExtensionHelpers, value, &when);
        }
        (_, "py_limited_api" | "py-limited-api" | "limited_api" | "limited-api") if is_misplaced(section) => {
            let floor = value::tag(value).floor;
            let reading = Reading { floor, ..Reading::of(Says::Misplaced) };
            let written = format!("[{section}] {key} = {value}");
            page.add(at, Form::MisplacedKey, &written, Knobs::NONE, reading, &when);
        }
        _ => {}
    }
}

/// Sections in which setuptools does not look for it.
fn is_misplaced(section: &str) -> bool {
    matches!(section, "metadata" | "options" | "wheel" | "build_ext" | "build" | "sdist" | "global")
}

/// `# distutils: define_macros = Py_LIMITED_API=0x030A0000` at the top of a Cython module.
pub(super) fn cython_comments(page: &mut Page<'_>) {
    let mut at = 0;
    for line in page.text.split_inclusive('\n') {
        let text = line.trim();
        if !text.is_empty() && !text.starts_with('#') {
            return;
        }
        let comment = text.trim_start_matches(['#', ' ']);
        if let Some(setting) = comment.strip_prefix("distutils:") {
            let from = page.found.len();
            let (key, value) = setting.split_once('=').unwrap_or((setting, ""));
            if key.trim() == "define_macros" {
                for definition in value.split([',', ' ']).filter(|text| !text.is_empty()) {
                    let (name, value) = definition.split_once('=').unwrap_or((definition, ""));
                    known::defined(page, at, Form::CythonDirective, name, value, &When::always());
                }
            } else {
                flags::scan(page, setting, at, &When::always());
            }
            page.found[from..].iter_mut().for_each(|found| found.form = Form::CythonDirective);
        }
        at += line.len();
    }
}

/// `%Module(name=a, use_limited_api=True)` of SIP, whose level is that of the tool.
pub(super) fn sip(page: &mut Page<'_>) {
    for at in memchr::memmem::find_iter(page.text.as_bytes(), b"use_limited_api") {
        let start = page.text[..at].rfind('\n').map_or(0, |end| end + 1);
        let value = page.text[at + "use_limited_api".len()..].trim_start();
        let Some(value) = value.strip_prefix('=').map(str::trim_start) else { continue };
        let (says, written) = if value.starts_with("True") { (Says::On, "True") } else { (Says::Off, "False") };
        if !page.text[start..at].trim_start().starts_with("//") {
            let sets = Knobs::MACRO.and(Knobs::SUFFIX);
            page.add(at, Form::Sip, written, sets, Reading::of(says), &When::always());
        }
    }
}

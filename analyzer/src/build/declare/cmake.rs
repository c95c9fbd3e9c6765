//! `CMakeLists.txt`: `USE_SABI`, the component it needs, definitions, suffixes, nanobind's `STABLE_ABI`.

use capi::Version;

use crate::declared::{Abi, Form, Knobs, Says};

use super::blocks::{Placed, blocks, code, placed};
use super::page::{Page, When};
use super::value::{self, Reading};
use super::{flags, known};

/// nanobind's documentation: `STABLE_ABI` has an effect from this version on.
pub(super) const NANOBIND: Version = Version::new(3, 12);

/// Reads the file.
pub(super) fn read(page: &mut Page<'_>) {
    let text = code(page.text);
    let blocks = blocks(&text);
    for call in &placed(&text, &blocks) {
        if page.is_full() {
            return;
        }
        let name = call.name.to_ascii_lowercase();
        match name.as_str() {
            "find_package" => component(page, call),
            "nanobind_add_module" => nanobind(page, call),
            "target_compile_definitions" | "add_compile_definitions" | "set_source_files_properties" => {
                definitions(page, call);
            }
            "add_definitions" | "add_compile_options" | "target_compile_options" => {
                flags::scan(page, call.arguments, call.at, &call.when);
            }
            "set_target_properties" | "set_property" => {
                definitions(page, call);
                suffix(page, call);
            }
            "set" | "option" => {
                variable(page, call);
                use_sabi(page, call);
            }
            name if name.ends_with("add_library") || name == "list" => use_sabi(page, call),
            _ => {}
        }
    }
}

fn component(page: &mut Page<'_>, call: &Placed<'_>) {
    let is_python = call.arguments.trim_start().starts_with("Python");
    for needle in ["Development.SABIModule", "${SKBUILD_SABI_COMPONENT}"] {
        if is_python && let Some(at) = call.arguments.find(needle) {
            page.add_context(call.at + at, Form::CmakeComponent, needle, &call.when);
        }
    }
}

fn nanobind(page: &mut Page<'_>, call: &Placed<'_>) {
    if let Some(at) = word(call.arguments, "STABLE_ABI") {
        let sets = Knobs::MACRO.and(Knobs::SUFFIX);
        page.add(call.at + at, Form::Nanobind, "STABLE_ABI", sets, Reading::from(NANOBIND), &call.when);
    }
}

/// `USE_SABI 3.11`, in a call or in a list that is handed to one.
fn use_sabi(page: &mut Page<'_>, call: &Placed<'_>) {
    let Some(at) = word(call.arguments, "USE_SABI") else { return };
    let rest = call.arguments[at + "USE_SABI".len()..].trim_start_matches([' ', '\t', '\n', ';', '"']);
    let end = rest.find(|c: char| c.is_whitespace() || matches!(c, '"' | ')' | ';')).unwrap_or(rest.len());
    let value = &rest[..end];
    let reading = value::version(value);
    let sets = Knobs::MACRO.and(Knobs::SUFFIX);
    page.add(call.at + at, Form::CmakeUseSabi, value, sets, reading, &call.when);
}

/// `Py_LIMITED_API=0x030A0000` among definitions.
fn definitions(page: &mut Page<'_>, call: &Placed<'_>) {
    for name in ["Py_LIMITED_API", "Py_TARGET_ABI3T", "CYTHON_LIMITED_API"] {
        if let Some(at) = word(call.arguments, name) {
            let rest = &call.arguments[at + name.len()..];
            let value = rest.strip_prefix('=').unwrap_or_default();
            let end = value.find(|c: char| c.is_whitespace() || matches!(c, '"' | ')' | ';')).unwrap_or(value.len());
            let value = &value[..end];
            if value.contains("PY_BUILD_CMAKE_PACKAGE_LIMITED_API") {
                // py-build-cmake makes it of the level of the wheel.
                let reading = Reading::of(Says::Varies);
                page.add(call.at + at, Form::CmakeMacro, value, Knobs::MACRO, reading, &call.when);
            } else {
                known::defined(page, call.at + at, Form::CmakeMacro, name, value, &call.when);
            }
        }
    }
}

fn suffix(page: &mut Page<'_>, call: &Placed<'_>) {
    if !call.arguments.contains("SUFFIX") {
        return;
    }
    for (needle, abi) in [(".abi3t.", Abi::Abi3t), (".abi3.", Abi::Abi3)] {
        if let Some(at) = call.arguments.find(needle) {
            let reading = Reading { abi: Some(abi), ..Reading::of(Says::On) };
            page.add(call.at + at, Form::CmakeSuffix, needle, Knobs::SUFFIX, reading, &call.when);
        }
    }
}

/// `set(FORCE_LIMITED_API yes)`.
fn variable(page: &mut Page<'_>, call: &Placed<'_>) {
    let mut words = call.arguments.split_whitespace();
    if words.next() == Some("FORCE_LIMITED_API")
        && let Some(value) = words.next()
    {
        flags::scan(page, &format!("FORCE_LIMITED_API={value}"), call.at, &When::always().both(&call.when));
    }
}

/// The place of a whole word.
fn word(text: &str, wanted: &str) -> Option<usize> {
    let is_word = |c: char| c.is_ascii_alphanumeric() || c == '_';
    memchr::memmem::find_iter(text.as_bytes(), wanted.as_bytes()).find(|at| {
        let before = &text[..*at];
        let is_flag = before.ends_with("-D") || before.ends_with("/D");
        (is_flag || !before.ends_with(is_word)) && !text[at + wanted.len()..].starts_with(is_word)
    })
}

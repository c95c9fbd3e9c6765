//! `meson.build`: `limited_api` of extension modules, and flags.

use crate::declared::{Form, Knobs, Says};
use crate::scan::FastMap;

use super::blocks::{Placed, blocks, code, placed};
use super::flags;
use super::page::{Page, When};
use super::value::{self, Reading};

/// The texts that are assigned to each name; of one name a few are enough.
type Assigned<'a> = FastMap<&'a str, Vec<&'a str>>;

/// Reads the file.
pub(super) fn read(page: &mut Page<'_>) {
    let text = code(page.text);
    let blocks = blocks(&text);
    let assigned = assignments(&text);
    for call in placed(&text, &blocks) {
        if page.is_full() {
            return;
        }
        if call.name == "extension_module" {
            module(page, &assigned, &call);
        }
        let has_flags = matches!(
            call.name,
            "extension_module" | "project" | "add_project_arguments" | "add_global_arguments" | "shared_module"
        );
        if has_flags {
            flags::scan(page, call.arguments, call.at, &call.when);
        }
    }
    // Settings of all modules, in a dictionary: `{'limited_api': '3.10'}`.
    for at in memchr::memmem::find_iter(text.as_bytes(), b"'limited_api'") {
        let rest = text[at + "'limited_api'".len()..].trim_start();
        if let Some(value) = rest.strip_prefix(':') {
            add(page, &assigned, at, first_word(value), &When::always());
        }
    }
}

fn module(page: &mut Page<'_>, assigned: &Assigned<'_>, call: &Placed<'_>) {
    let Some(at) = keyword(call.arguments) else { return };
    let rest = call.arguments[at..].split_once(':').map_or("", |(_, rest)| rest);
    add(page, assigned, call.at + at, first_word(rest), &call.when);
}

/// The keyword itself, not a name that ends like it.
fn keyword(arguments: &str) -> Option<usize> {
    let is_word = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '\'';
    memchr::memmem::find_iter(arguments.as_bytes(), b"limited_api").find(|at| {
        let after = arguments[at + "limited_api".len()..].trim_start();
        !arguments[..*at].ends_with(is_word) && after.starts_with(':')
    })
}

fn first_word(text: &str) -> &str {
    let text = text.trim_start();
    let end = text.find([',', ')', '\n', '}']).unwrap_or(text.len());
    text[..end].trim()
}

fn add(page: &mut Page<'_>, assigned: &Assigned<'_>, at: usize, written: &str, when: &When) {
    let sets = Knobs::MACRO.and(Knobs::SUFFIX);
    if written.starts_with('\'') {
        let reading = if written == "''" { Reading::of(Says::Off) } else { value::version(written) };
        page.add(at, Form::Meson, written, sets, reading, when);
        return;
    }
    // A variable with one value.
    if let Some([value]) = assigned.get(written).map(Vec::as_slice) {
        page.add(at, Form::Meson, &format!("{written} = {value}"), sets, value::version(value), when);
        return;
    }
    page.add(at, Form::Meson, written, sets, Reading::of(Says::Varies), when);
}

fn assignments(text: &str) -> Assigned<'_> {
    let mut assigned = Assigned::default();
    for (name, value) in text.lines().filter_map(|line| line.split_once('=')) {
        let values = assigned.entry(name.trim()).or_default();
        if values.len() < 2 {
            values.push(value.trim());
        }
    }
    assigned
}

//! Flags and settings in texts of any sort: command lines, environments, workflows.

use crate::declared::{Form, Knobs, Says};

use super::known;
use super::page::{Page, When};
use super::value::{self, Reading};

/// What is looked for.
#[derive(Debug, Clone, Copy)]
enum Sort {
    /// A macro, `-DNAME=VALUE`.
    Macro(&'static str),
    /// `--py-limited-api=cp310` on a command line, or the same as a setting.
    WheelOption,
    PyApi,
    ExtensionHelpers,
    ExtraConfig,
    AllowLimited,
    Shiboken,
    Feature,
    Audit,
    BuildSelector,
}

/// Texts, and what they are.
const NEEDLES: &[(&str, Sort)] = &[
    ("Py_LIMITED_API", Sort::Macro("Py_LIMITED_API")),
    ("Py_TARGET_ABI3T", Sort::Macro("Py_TARGET_ABI3T")),
    ("CYTHON_LIMITED_API", Sort::Macro("CYTHON_LIMITED_API")),
    ("py-limited-api", Sort::WheelOption),
    ("py_limited_api", Sort::WheelOption),
    ("SKBUILD_WHEEL_PY_API", Sort::PyApi),
    ("wheel.py-api", Sort::PyApi),
    ("EXTENSION_HELPERS_PY_LIMITED_API", Sort::ExtensionHelpers),
    ("DIST_EXTRA_CONFIG", Sort::ExtraConfig),
    ("python.allow_limited_api", Sort::AllowLimited),
    ("FORCE_LIMITED_API", Sort::Shiboken),
    ("--limited-api", Sort::Shiboken),
    ("pyo3/abi3", Sort::Feature),
    ("abi3audit", Sort::Audit),
    ("CIBW_BUILD", Sort::BuildSelector),
];

/// Characters of a value that are looked at.
const MAX_WORD: usize = 200;

/// Looks through one text, which stands at `base` in the page.
pub(super) fn scan(page: &mut Page<'_>, text: &str, base: usize, when: &When) {
    for (needle, sort) in NEEDLES {
        for at in memchr::memmem::find_iter(text.as_bytes(), needle.as_bytes()) {
            let (before, rest) = (&text[..at], &text[at + needle.len()..]);
            let whole = |c: char| c.is_ascii_alphanumeric() || c == '_';
            // `XPy_LIMITED_API` is another word, `-DPy_LIMITED_API` is not.
            let is_inside =
                before.ends_with(whole) && !["-D", "/D", "-C", "-U"].iter().any(|flag| before.ends_with(flag));
            if is_inside || rest.starts_with(whole) && !matches!(sort, Sort::Feature) {
                continue;
            }
            if page.is_full() {
                return;
            }
            found(page, base + at, *sort, before, rest, when);
        }
    }
}

fn found(page: &mut Page<'_>, at: usize, sort: Sort, before: &str, rest: &str, when: &When) {
    match sort {
        Sort::Macro(name) => a_macro(page, at, name, before, rest, when),
        Sort::WheelOption => wheel_option(page, at, before, rest, when),
        Sort::PyApi => {
            if let Some(text) = setting(rest) {
                known::py_api(page, at, text, when);
            }
        }
        Sort::ExtensionHelpers => {
            let Some(text) = setting(rest) else { return };
            // Empty opts out.
            let reading = if text.is_empty() { Reading::of(Says::Off) } else { value::tag(text) };
            page.add(at, Form::ExtensionHelpers, text, Knobs::ALL, reading, when);
        }
        Sort::ExtraConfig => {
            if let Some(text) = setting(rest) {
                page.add_context(at, Form::DistExtraConfig, text, when);
            }
        }
        Sort::AllowLimited => {
            let Some(text) = setting(rest) else { return };
            let says = if text == "false" { Says::Off } else { Says::Context };
            let sets = Knobs::MACRO.and(Knobs::SUFFIX);
            page.add(at, Form::MesonAllow, text, sets, Reading::of(says), when);
        }
        Sort::Shiboken => {
            let Some(text) = setting(rest) else { return };
            let says = if ["no", "off", "0", "false"].iter().any(|no| text.eq_ignore_ascii_case(no)) {
                Says::Off
            } else {
                Says::On
            };
            page.add(at, Form::Shiboken, text, Knobs::MACRO, Reading::of(says), when);
        }
        Sort::Feature => {
            let end = rest.find(|c: char| !c.is_ascii_alphanumeric() && c != '-').unwrap_or(rest.len());
            known::maturin_feature(page, at, &format!("pyo3/abi3{}", &rest[..end]), when);
        }
        Sort::Audit => page.add_context(at, Form::Abi3audit, "abi3audit", when),
        Sort::BuildSelector => {
            let value = rest.trim_start_matches([':', '=', ' ']);
            known::one_python(page, at, value.trim_matches(['"', '\'', ' ']), when);
        }
    }
}

/// `-DPy_LIMITED_API=0x030A0000`, `/DPy_LIMITED_API=…`, `Py_LIMITED_API=…`.
fn a_macro(page: &mut Page<'_>, at: usize, name: &str, before: &str, rest: &str, when: &When) {
    let is_flag = before.ends_with("-D") || before.ends_with("/D");
    if before.ends_with("-U") {
        page.add(at, Form::CompilerFlag, name, Knobs::MACRO, Reading::of(Says::Off), when);
        return;
    }
    let value = match rest.strip_prefix('=') {
        Some(value) => word(value),
        // A bare flag is a definition as 1.
        None if is_flag && !rest.starts_with(['[', ':']) => "",
        None => return,
    };
    known::defined(page, at, Form::CompilerFlag, name, value, when);
}

/// `--py-limited-api=cp310`, `py_limited_api = cp310`, and nanobind's flag for Bazel.
fn wheel_option(page: &mut Page<'_>, at: usize, before: &str, rest: &str, when: &When) {
    let is_bazel = before.ends_with("nanobind_bazel//:");
    let is_option = before.ends_with("--");
    let Some(text) = tag_behind(rest) else { return };
    let (form, sets) = match (is_bazel, is_option) {
        (true, _) => (Form::NanobindBazel, Knobs::MACRO.and(Knobs::SUFFIX)),
        (_, true) => (Form::SetuptoolsCommand, Knobs::TAG),
        _ => (Form::SetuptoolsWheel, Knobs::TAG),
    };
    page.add(at, form, text, sets, value::tag(text), when);
    if form == Form::SetuptoolsWheel {
        page.doubt();
    }
}

/// The tag that follows on the same line, with whatever a shell needs between: `=`, quotes, another `-C`.
fn tag_behind(rest: &str) -> Option<&str> {
    let line = rest.lines().next().unwrap_or_default();
    let line = &line[..line.char_indices().nth(60).map_or(line.len(), |(at, _)| at)];
    let at = line.find("cp3").or_else(|| line.find("${"))?;
    let between = &line[..at];
    let is_near = between.contains(['=', ' ', ':']) && !between.contains([';', '&', '|']);
    is_near.then(|| word(&line[at..]))
}

/// `: cp312`, `="cp312"`, ` = cp312`: the value of a setting; an empty one counts.
fn setting(rest: &str) -> Option<&str> {
    let rest = rest.trim_start_matches(['"', '\'']).trim_start_matches([' ', '\t']);
    let rest = rest.strip_prefix(['=', ':'])?;
    Some(word(rest.trim_start_matches([' ', '\t'])))
}

/// Up to the end of a word of a shell, without quotes; `${{ … }}` is one.
fn word(text: &str) -> &str {
    let text = text.trim_start_matches(['"', '\'', '\\']);
    let text = &text[..text.char_indices().nth(MAX_WORD).map_or(text.len(), |(at, _)| at)];
    if text.starts_with("${{") {
        return text.find("}}").map_or(text, |end| &text[..end + 2]);
    }
    let mut depth = 0_usize;
    let end = text.find(|c: char| {
        match c {
            '(' => depth += 1,
            ')' if depth > 0 => {
                depth -= 1;
                return false;
            }
            _ => {}
        }
        depth == 0 && (c.is_whitespace() || matches!(c, '"' | '\'' | ',' | ';' | ')' | ']' | '}' | '\\' | '>'))
    });
    &text[..end.unwrap_or(text.len())]
}

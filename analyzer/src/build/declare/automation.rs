//! Workflows, makefiles and the like: what the project's own builds pass on, which the sdist alone does not.

use super::flags;
use super::known;
use super::page::{Page, When};
use crate::declared::{Dependence, Form};

/// Lines above one that are looked at for the condition of its step.
const MAX_ABOVE: usize = 40;

/// Reads the file line by line.
pub(super) fn read(page: &mut Page<'_>) {
    let lines: Vec<&str> = page.text.split('\n').collect();
    let mut start = 0;
    for (number, line) in lines.iter().enumerate() {
        let code = without_comment(line);
        if may_say(code) && !page.is_full() {
            let when = match condition(&lines[..number], line) {
                Some(condition) => known::automation().and(condition, &[Dependence::Option]),
                None => known::automation(),
            };
            flags::scan(page, code, start, &when);
        }
        start += line.len() + 1;
    }
}

/// A recipe for conda: which Python it is built for (CEP 20).
pub(super) fn recipe(page: &mut Page<'_>) {
    for needle in ["python-abi3", "version_independent: true", "python_version_independent: true"] {
        if let Some(at) = memchr::memmem::find(page.text.as_bytes(), needle.as_bytes()) {
            page.add_context(at, Form::Conda, needle, &When::always());
            return;
        }
    }
}

/// A quick look at a line.
fn may_say(line: &str) -> bool {
    let bytes = line.as_bytes();
    [&b"imited"[..], b"LIMITED", b"abi3", b"ABI3T", b"py-api", b"PY_API", b"DIST_EXTRA", b"CIBW_BUILD"]
        .iter()
        .any(|part| memchr::memmem::find(bytes, part).is_some())
}

/// A `#` after white space starts a comment, in YAML as in a shell.
fn without_comment(line: &str) -> &str {
    let starts = memchr::memchr_iter(b'#', line.as_bytes());
    let comment = starts.into_iter().find(|&at| line[..at].trim_end().len() < at || at == 0);
    comment.map_or(line, |at| &line[..at])
}

/// The `if:` of the step that `line` is in.
fn condition<'a>(above: &[&'a str], line: &str) -> Option<&'a str> {
    let mut inner = indent(line);
    for line in above.iter().rev().take(MAX_ABOVE) {
        let key = line.trim_start();
        if key.is_empty() || indent(line) > inner {
            continue;
        }
        inner = indent(line);
        let opens = key.strip_prefix("- ").map(str::trim_start);
        if let Some(condition) = opens.unwrap_or(key).strip_prefix("if:") {
            return Some(condition.trim());
        }
        if opens.is_some() {
            return None;
        }
    }
    None
}

fn indent(line: &str) -> usize {
    line.len() - line.trim_start().len()
}

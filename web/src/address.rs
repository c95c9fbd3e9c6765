//! Addresses of pages: the one place that knows how they are written.

use capi::Target;
use packaging::ProjectName;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use crate::app::DEFAULT_TARGET;

/// All but RFC 3986's unreserved characters: safe in a path segment and in a query.
const ESCAPED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'_').remove(b'.').remove(b'~');

/// `text` as one path segment or query value.
pub(crate) fn escape(text: &str) -> String {
    // A segment of dots alone would be taken for a way up.
    if !text.is_empty() && text.bytes().all(|byte| byte == b'.') {
        return "%2E".repeat(text.len());
    }
    utf8_percent_encode(text, ESCAPED).to_string()
}

/// `path` with those of `pairs` that have a value.
pub(crate) fn with_query(path: &str, pairs: &[(&str, &str)]) -> String {
    let mut address = path.to_owned();
    let mut mark = '?';
    for (name, value) in pairs.iter().filter(|(_, value)| !value.is_empty()) {
        address.push(mark);
        address.push_str(name);
        address.push('=');
        address.push_str(&escape(value));
        mark = '&';
    }
    address
}

/// The value of `target=`, empty for the default.
pub(crate) fn target_value(target: Target) -> String {
    if target == DEFAULT_TARGET { String::new() } else { target.to_string() }
}

/// The value of `page=`, empty for the first.
pub(crate) fn page_value(page: u32) -> String {
    if page <= 1 { String::new() } else { page.to_string() }
}

pub(crate) fn project(name: &ProjectName) -> String {
    format!("/projects/{name}")
}

pub(crate) fn release(name: &ProjectName, version: &str) -> String {
    format!("/projects/{name}/{}", escape(version))
}

pub(crate) fn sites(name: &ProjectName, version: &str, item: &str) -> String {
    with_query(&format!("{}/sites", release(name, version)), &[("item", item)])
}

pub(crate) fn source(name: &ProjectName, version: &str, path: &str, line: u32) -> String {
    site(name, version, "", path, line)
}

/// A line of source as a site of `item`, to which its page leads.
pub(crate) fn site(name: &ProjectName, version: &str, item: &str, path: &str, line: u32) -> String {
    let pairs = [("path", path), ("line", &line.to_string()), ("item", item)];
    with_query(&format!("{}/source", release(name, version)), &pairs)
}

pub(crate) fn item(item: &str, kind: Option<&str>) -> String {
    let path = format!("/items/{}", escape(item));
    with_query(&path, &[("kind", kind.unwrap_or(""))])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn foreign_text_cannot_leave_its_segment() {
        assert_eq!(escape("../a?b#c d"), "..%2Fa%3Fb%23c%20d");
        assert_eq!(escape(".."), "%2E%2E");
        assert_eq!(item("internal/pycore_frame.h", None), "/items/internal%2Fpycore_frame.h");
    }

    #[test]
    fn empty_values_leave_no_trace() {
        assert_eq!(
            with_query("/projects", &[("q", ""), ("page", "2"), ("sort", "a&b")]),
            "/projects?page=2&sort=a%26b"
        );
        assert_eq!(with_query("/projects", &[("q", "")]), "/projects");
    }
}

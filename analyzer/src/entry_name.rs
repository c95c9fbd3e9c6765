//! Names of entries, which are bytes of a stranger and never joined to a path.

/// The name without empty and `.` components; `..` stays, as a word without power.
pub(crate) fn clean(raw: &[u8]) -> Vec<u8> {
    let mut name = Vec::with_capacity(raw.len());
    for component in components(raw) {
        if !name.is_empty() {
            name.push(b'/');
        }
        name.extend_from_slice(component);
    }
    name
}

/// Whether the name leaves its folder, is absolute (on Windows too), is empty, or holds bytes that some system refuses.
pub(crate) fn is_odd(raw: &[u8]) -> bool {
    raw.first().is_none_or(|byte| *byte == b'/')
        || raw.contains(&b'\\')
        || raw.iter().any(u8::is_ascii_control)
        || (raw.len() > 1 && raw[0].is_ascii_alphabetic() && raw[1] == b':')
        || std::str::from_utf8(raw).is_err()
        || components(raw).any(|component| component == b"..")
}

/// Whether it is one of the `._x` files that macOS puts beside each `x`, with the ending of `x` and other content.
pub(crate) fn is_apple_double(name: &[u8]) -> bool {
    name.rsplit(|byte| *byte == b'/').next().is_some_and(|last| last.starts_with(b"._"))
}

fn components(raw: &[u8]) -> impl Iterator<Item = &[u8]> {
    raw.split(|byte| *byte == b'/').filter(|component| !component.is_empty() && *component != b".")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn clean_names_have_no_empty_components() {
        assert_eq!(clean(b"./a//b/./c.c"), b"a/b/c.c");
        assert_eq!(clean(b"/etc/passwd"), b"etc/passwd");
        assert_eq!(clean(b"../x"), b"../x");
        assert_eq!(clean(b"./"), b"");
    }

    #[test]
    fn names_that_some_system_would_misread_are_odd() {
        for name in [&b"a/../../x.c"[..], b"/x.c", b"C:/x.c", b"a\\x.c", b"a\0.c", b"\xff.c", b"a\n.c", b""] {
            assert!(is_odd(name), "{}", crate::escape::bytes(name));
        }
        for name in [&b"a-1.0/x.c"[..], b"./a/x.c", b"a/..x.c", b"a/x..c", "a/\u{e4}.c".as_bytes(), b"ab:c"] {
            assert!(!is_odd(name), "{}", crate::escape::bytes(name));
        }
    }
}

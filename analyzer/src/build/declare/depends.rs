//! What a condition asks about, by the words in it.

use crate::declared::Dependence;

/// Parts of words in small letters, and what they are about; the first that fits counts.
const PARTS: &[(&str, Dependence)] = &[
    ("gil", Dependence::FreeThreaded),
    ("freethread", Dependence::FreeThreaded),
    ("free_thread", Dependence::FreeThreaded),
    ("abiflags", Dependence::FreeThreaded),
    ("pypy", Dependence::Implementation),
    ("cpython", Dependence::Implementation),
    ("graal", Dependence::Implementation),
    ("implementation", Dependence::Implementation),
    ("version", Dependence::Version),
    ("hexversion", Dependence::Version),
    ("platform", Dependence::Platform),
    ("windows", Dependence::Platform),
    ("win32", Dependence::Platform),
    ("linux", Dependence::Platform),
    ("macos", Dependence::Platform),
    ("darwin", Dependence::Platform),
    ("apple", Dependence::Platform),
    ("posix", Dependence::Platform),
    ("msvc", Dependence::Platform),
    ("unix", Dependence::Platform),
    ("environ", Dependence::Environment),
    ("getenv", Dependence::Environment),
    ("argv", Dependence::Environment),
];

/// What `condition` asks about, sorted; never nothing.
pub(super) fn depends_on(condition: &str) -> Vec<Dependence> {
    let mut found: Vec<_> = words(condition).filter_map(dependence).collect();
    if found.is_empty() {
        found.push(Dependence::Other);
    }
    found.sort_unstable();
    found.dedup();
    found
}

/// The names in a text.
pub(super) fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !(c.is_ascii_alphanumeric() || c == '_')).filter(|word| !word.is_empty())
}

fn dependence(word: &str) -> Option<Dependence> {
    let word = word.to_ascii_lowercase();
    // `PY36_PLUS`, `CP39`.
    let is_version = ["py3", "cp3"].iter().any(|start| word.starts_with(start))
        && word.as_bytes().get(3).is_some_and(u8::is_ascii_digit);
    let known = PARTS.iter().find(|(part, _)| word.contains(part)).map(|(_, dependence)| *dependence);
    known.or_else(|| is_version.then_some(Dependence::Version))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn conditions_are_told_apart_by_their_words() {
        use Dependence::{Environment, FreeThreaded, Implementation, Other, Platform, Version};
        for (text, expected) in [
            ("not sysconfig.get_config_var(\"Py_GIL_DISABLED\")", vec![FreeThreaded]),
            ("CP36_PLUS and (MACOS or LINUX)", vec![Version, Platform]),
            ("sys.implementation.name == 'cpython'", vec![Implementation]),
            ("os.environ.get('LIMITED')", vec![Environment]),
            ("WANTED", vec![Other]),
            ("", vec![Other]),
        ] {
            assert_eq!(depends_on(text), expected, "{text}");
        }
    }
}

//! What is known about one name, in plain words: for `abiscope explain`, code-scanning rules and item pages.

mod item;
mod member;
mod suggest;
mod tracked;
mod words;

use crate::{Alternative, Tier, Version};

pub use suggest::similar;

/// One item, member or structure in words. All sentences are complete and plain; names stand as they are written in C.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Explanation {
    /// As asked, with a member's whole path: `PyLongObject.long_value.lv_tag`.
    pub name: String,
    /// What it is: `macro`, `member of PyTypeObject, of type const char *`.
    pub what: String,
    /// The header that shows it, relative to CPython's `Include`; of a member, that of its structure.
    pub header: &'static str,
    /// `not limited`, `limited since 3.2`, `limited from 3.2 to 3.9`.
    pub limited: String,
    /// The tier in each CPython version of the data, oldest first.
    pub tiers: Vec<(Version, Tier)>,
    /// Why it matters: what it does to a build for the stable ABI, and to CPython's plans. The weightiest first.
    pub why: Vec<String>,
    /// What limited-API code writes instead, best first; empty where nothing is known.
    pub instead: Vec<Alternative>,
    /// What else there is to say about replacing it.
    pub hints: Vec<String>,
}

/// Explains an item (`Py_SIZE`), a member (`PyTypeObject.tp_name`) or a structure; `None` if the data has no such name.
pub fn explain(name: &str) -> Option<Explanation> {
    match name.split_once('.') {
        Some((structure, member)) => {
            let structure = crate::structure(structure)?;
            Some(member::explain(structure, structure.member(member)?))
        }
        None => match crate::item(name) {
            Some(known) => Some(item::explain(known)),
            None => crate::structure(name).map(member::explain_structure),
        },
    }
}

/// The versions that the data has columns for, oldest first.
fn versions() -> impl Iterator<Item = Version> {
    [Version::new(2, 7)].into_iter().chain((6..=Version::NEWEST.minor()).map(|minor| Version::new(3, minor)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn known(name: &str) -> Explanation {
        explain(name).unwrap_or_else(|| panic!("{name} is known"))
    }

    fn all_words(name: &str) -> String {
        let explained = known(name);
        explained.why.join(" ") + " " + &explained.hints.join(" ")
    }

    #[test]
    fn a_macro_that_reads_a_structure_says_which_member_and_since_when_it_is_a_function() {
        let words = all_words("Py_SIZE");
        assert!(words.contains("PyVarObject.ob_size"), "{words}");
        assert!(words.contains("3.15"), "{words}");
        assert_eq!(known("Py_SIZE").limited, "limited since 3.2");
        assert!(all_words("PyTuple_GET_ITEM").contains("PyTupleObject.ob_item"));
    }

    #[test]
    fn a_member_says_what_to_call_instead() {
        let explained = known("PyTypeObject.tp_name");
        assert_eq!(explained.what, "member of PyTypeObject, of type const char *");
        assert!(explained.instead.iter().any(|one| one.name == "PyType_GetName"));
        assert_eq!(explained.limited, "not limited");
        assert_eq!(known("PyLongObject.lv_tag").name, "PyLongObject.long_value.lv_tag");
    }

    #[test]
    fn what_left_the_headers_says_when() {
        assert!(all_words("PyUnicode_WCHAR_KIND").contains("3.12"));
        assert!(all_words("_PyUnicode_AsString").contains("3.18"));
    }

    #[test]
    fn every_item_structure_and_member_can_be_explained_and_says_why() {
        for item in crate::items() {
            let explained = known(item.name);
            assert!(!explained.why.is_empty(), "{}", item.name);
            assert!(explained.why.iter().chain(&explained.hints).all(|s| s.ends_with('.')), "{explained:?}");
        }
        for structure in crate::structures() {
            assert!(!known(structure.name).why.is_empty(), "{}", structure.name);
            for member in structure.members {
                let name = format!("{}.{}", structure.name, member.name);
                assert!(!known(&name).why.is_empty(), "{name}");
            }
        }
    }

    #[test]
    fn unknown_names_are_not_explained_but_close_ones_are_suggested() {
        assert!(explain("PyTuple_GETITEM").is_none());
        assert_eq!(similar("PyTuple_GETITEM", 3).first().map(String::as_str), Some("PyTuple_GET_ITEM"));
        assert_eq!(similar("PyTypeObject.tpname", 1), ["PyTypeObject.tp_name"]);
        assert_eq!(similar("tp_name", 1), ["PyTypeObject.tp_name"]);
        assert!(similar("completely_other_thing", 3).is_empty());
    }
}

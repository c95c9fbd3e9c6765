//! A proposal, and its one canonical spelling.

use std::collections::BTreeSet;

use capi::Version;

use crate::Rule;
use crate::read::{self, FIELDS, ProposalError, SOURCE};

/// What CPython might change, in one version. Equal proposals are written in one way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Proposal {
    /// For people; no part of what is asked.
    pub title: String,
    /// The CPython that would make the change: code that it does not compile is guarded.
    pub python: Version,
    /// What would change; never empty.
    pub rules: BTreeSet<Rule>,
}

impl Proposal {
    /// Reads a TOML file. Wrong names are all told at once, each with what comes close.
    pub fn from_toml(text: &str) -> Result<Self, ProposalError> {
        read::toml(text)
    }

    /// Reads the fields of a form or an address: the same names as in TOML, several names separated by commas or spaces,
    /// several patterns by the ends of lines. A field may come several times.
    /// Fields that are no proposal's are passed over.
    pub fn from_fields<'a>(fields: impl IntoIterator<Item = (&'a str, &'a str)>) -> Result<Self, ProposalError> {
        read::fields(fields)
    }

    /// Its fields in one order and spelling, without the title: reading them gives the same rules. Each pattern is a field
    /// of its own.
    pub fn fields(&self) -> Vec<(&'static str, String)> {
        let mut fields = vec![("python", self.python.to_string())];
        for field in &FIELDS {
            let of_it =
                |rule: &Rule| Some(rule.field()).filter(|(name, _)| *name == field.name).map(|(_, value)| value);
            let values: Vec<String> = self.rules.iter().filter_map(of_it).collect();
            match values.as_slice() {
                [] => {}
                // Patterns have commas and spaces of their own.
                _ if field.name == SOURCE => fields.extend(values.into_iter().map(|value| (SOURCE, value))),
                _ => fields.push((field.name, values.join(","))),
            }
        }
        fields
    }

    /// Whether sources have to be searched for its answer.
    pub fn has_patterns(&self) -> bool {
        self.rules.iter().any(|rule| matches!(rule, Rule::Source(_)))
    }

    /// The canonical spelling, for hashing: one line a field. No value has lines.
    pub fn canonical(&self) -> String {
        let lines: Vec<String> = self.fields().into_iter().map(|(name, value)| format!("{name}={value}")).collect();
        lines.join("\n")
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::Level;

    fn rules() -> impl Strategy<Value = BTreeSet<Rule>> {
        let item = prop::sample::select(vec!["Py_TYPE", "PyTuple_GET_ITEM", "PyUnicode_READY"]);
        // Whatever an address has to escape.
        let pattern =
            r"[a-z=&%#]([a-z=,. &%#+\[|é]{0,8}[a-z])?".prop_map(|text| text.replace('[', r"\[").replace('+', r"\+"));
        let rule = (item, pattern, 0..7_u8).prop_map(|(item, pattern, kind)| match kind {
            6 => Rule::Source(pattern.parse().expect("a pattern")),
            0 => Rule::Remove(item.to_owned()),
            1 => Rule::Hide("PyFrameObject.f_code".to_owned()),
            2 => Rule::Opaque("PyTypeObject".to_owned(), Level::Api),
            3 => Rule::Opaque("PyObject".to_owned(), Level::Abi),
            4 => Rule::Unlimit("PyType_Ready".to_owned()),
            _ => Rule::MinimumLimited(Version::new(3, 8)),
        });
        prop::collection::btree_set(rule, 1..6)
    }

    proptest! {
        #[test]
        fn what_is_written_reads_back(rules in rules(), minor in 6..=15_u8) {
            let proposal = Proposal { title: String::new(), python: Version::new(3, minor), rules };
            let fields = proposal.fields();
            let again = Proposal::from_fields(fields.iter().map(|(name, value)| (*name, value.as_str())));
            prop_assert_eq!(again.as_ref(), Ok(&proposal));
            prop_assert_eq!(again.unwrap().canonical(), proposal.canonical());
        }
    }

    #[test]
    fn each_pattern_is_a_line_of_the_canonical_spelling() {
        let proposal = Proposal::from_toml("source = ['b, c', 'a d ', 'b, c']\nremove = 'Py_TYPE'").unwrap();
        assert_eq!(proposal.canonical(), "python=3.15\nremove=Py_TYPE\nsource=a d\nsource=b, c");
        let of_a_form = Proposal::from_fields([("remove", "Py_TYPE"), ("source", "b, c\r\n a d\r\n")]);
        assert_eq!(of_a_form, Ok(proposal));
    }

    #[test]
    fn order_and_repetition_make_no_difference() {
        let one = Proposal::from_toml("remove = ['Py_TYPE', 'Py_SIZE', 'Py_TYPE']\ntitle = 'x'").unwrap();
        let other = Proposal::from_toml("remove = ['Py_SIZE', 'Py_TYPE']\npython = '3.15'").unwrap();
        assert_eq!(one.canonical(), other.canonical());
    }
}

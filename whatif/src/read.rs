//! Reading a proposal from TOML and from the fields of a form: the same names, the same checks.

use std::collections::BTreeSet;

use capi::Version;

use crate::names::{self, Sort};
use crate::{Level, Proposal, Rule};

/// A field that holds names or patterns.
#[derive(Debug, Clone, Copy)]
pub struct Field {
    /// As it is written in TOML and in addresses.
    pub name: &'static str,
    /// What it does, for forms and `--help`.
    pub what: &'static str,
    /// A value, to show how it is written.
    pub example: &'static str,
}

/// The field that holds patterns.
pub const SOURCE: &str = "source";

/// Patterns of one proposal: each is a search.
const PATTERNS: usize = 8;

/// The fields that hold names or patterns, in the order in which they are written.
pub const FIELDS: [Field; 8] = [
    Field { name: "remove", what: "Items that leave the public headers", example: "PyUnicode_READY" },
    Field {
        name: "hide",
        what: "Members that can no longer be named; * is all of a structure",
        example: "PyFrameObject.f_code",
    },
    Field { name: "opaque", what: "Structures that become opaque in source", example: "PyTypeObject" },
    Field { name: "opaque-abi", what: "Structures that become opaque in binaries, too", example: "PyObject" },
    Field {
        name: "forbid-lvalue",
        what: "Macros that can no longer be assigned to; * is all of PEP 674",
        example: "Py_TYPE",
    },
    Field { name: "unlimit", what: "Items that leave the limited API", example: "PyType_Ready" },
    Field { name: "minimum-limited", what: "The lowest limited API level that is still supported", example: "3.8" },
    Field {
        name: SOURCE,
        what: "Patterns that code can no longer match, one a line, in the syntax of Rust's regex",
        example: r"ob_type\s*=[^=]",
    },
];

/// What a proposal cannot be read for.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ProposalError {
    /// It is no TOML, or a value is no text or list of texts.
    #[error("the proposal is not TOML as it should be: {0}")]
    Toml(String),
    /// A field has a name that none has.
    #[error("a proposal has no field {name:?}: it has title, python, {}", FIELDS.map(|field| field.name).join(", "))]
    Field {
        /// The name.
        name: String,
    },
    /// A version is none.
    #[error("{value:?} is no version of CPython for {field}: write it as 3.15")]
    Version {
        /// The field.
        field: &'static str,
        /// The value.
        value: String,
    },
    /// Names that CPython does not have, each with those that come close; patterns that cannot be read, each with where.
    #[error("{}", .0.join("\n"))]
    Names(Vec<String>),
    /// One rule was asked for.
    #[error("one rule is written FIELD=NAME, such as forbid-lvalue=Py_TYPE, without * and without commas")]
    NotOneRule,
    /// It changes nothing.
    #[error("the proposal changes nothing: give at least one of {}", FIELDS.map(|field| field.name).join(", "))]
    Empty,
}

/// A field's name and its values.
type Values = (String, Vec<String>);

pub(crate) fn toml(text: &str) -> Result<Proposal, ProposalError> {
    let table: toml::Table = toml::from_str(text).map_err(|error| ProposalError::Toml(error.message().to_owned()))?;
    let fields = table.into_iter().map(|(name, value)| {
        let values = match value {
            toml::Value::String(value) => Some(vec![value]),
            toml::Value::Array(values) => values.into_iter().map(|value| value.as_str().map(str::to_owned)).collect(),
            _ => None,
        };
        let values = values.ok_or_else(|| ProposalError::Toml(format!("{name} wants a text or a list of texts")))?;
        Ok((name, values))
    });
    proposal(&fields.collect::<Result<Vec<Values>, _>>()?)
}

pub(crate) fn fields<'a>(fields: impl IntoIterator<Item = (&'a str, &'a str)>) -> Result<Proposal, ProposalError> {
    let known = |name: &str| name == "title" || name == "python" || FIELDS.iter().any(|field| field.name == name);
    let split = |(name, value): (&str, &str)| {
        let values = match name {
            "title" | SOURCE => vec![value.trim().to_owned()],
            _ => value.split([',', ' ', '\n', '\r', '\t']).filter(|one| !one.is_empty()).map(str::to_owned).collect(),
        };
        (name.to_owned(), values)
    };
    proposal(&fields.into_iter().filter(|(name, _)| known(name)).map(split).collect::<Vec<Values>>())
}

/// Wrong names that are told: looking for what comes close costs milliseconds each.
const COMPLAINTS: usize = 20;

fn proposal(fields: &[Values]) -> Result<Proposal, ProposalError> {
    let mut proposal = Proposal { title: String::new(), python: Version::NEWEST, rules: BTreeSet::new() };
    let (mut unknown, mut patterns) = (Vec::new(), 0);
    'fields: for (name, values) in fields {
        let values = values.iter().flat_map(|value| parts(name, value)).map(str::trim);
        for value in values.filter(|value| !value.is_empty()) {
            patterns += usize::from(name == SOURCE);
            match name.as_str() {
                "title" => value.clone_into(&mut proposal.title),
                "python" => proposal.python = version("python", value)?,
                SOURCE if patterns > PATTERNS => {
                    unknown.push(format!("A proposal has at most {PATTERNS} patterns."));
                    break 'fields;
                }
                name => match rules(name, value)? {
                    Ok(rules) => proposal.rules.extend(rules),
                    Err(_) if unknown.len() == COMPLAINTS => {
                        unknown.push("There are more names like these.".to_owned());
                        break 'fields;
                    }
                    Err(sentence) => unknown.push(sentence),
                },
            }
        }
    }
    if !unknown.is_empty() {
        return Err(ProposalError::Names(unknown));
    }
    if proposal.rules.is_empty() {
        return Err(ProposalError::Empty);
    }
    Ok(proposal)
}

/// A pattern ends with its line.
fn parts<'v>(field: &str, value: &'v str) -> impl Iterator<Item = &'v str> {
    let has_lines = field == SOURCE;
    value.split(move |c| has_lines && c == '\n')
}

/// The rules of one value of a field; the inner error says which name is unknown, or what is wrong with a pattern.
fn rules(field: &str, value: &str) -> Result<Result<Vec<Rule>, String>, ProposalError> {
    let of = |sort: Sort, rule: fn(String) -> Rule| {
        names::known(sort, value).map(|names| names.into_iter().map(rule).collect())
    };
    Ok(match field {
        "remove" => of(Sort::Item, Rule::Remove),
        "hide" => of(Sort::Member, Rule::Hide),
        "opaque" => of(Sort::Structure, |name| Rule::Opaque(name, Level::Api)),
        "opaque-abi" => of(Sort::Structure, |name| Rule::Opaque(name, Level::Abi)),
        "forbid-lvalue" => of(Sort::Lvalue, Rule::ForbidLvalue),
        "unlimit" => of(Sort::Limited, Rule::Unlimit),
        "minimum-limited" => Ok(vec![Rule::MinimumLimited(version("minimum-limited", value)?)]),
        SOURCE => match value.parse() {
            Ok(pattern) => Ok(vec![Rule::Source(pattern)]),
            Err(why) => Err(format!("source {value:?}: {why}")),
        },
        name => return Err(ProposalError::Field { name: name.to_owned() }),
    })
}

fn version(field: &'static str, value: &str) -> Result<Version, ProposalError> {
    let read = value.parse::<Version>().ok().filter(|version| version.major() == 3);
    read.ok_or_else(|| ProposalError::Version { field, value: value.to_owned() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_holds_a_title_a_version_and_lists_of_names() {
        let proposal = Proposal::from_toml(
            "title = 'PEP 674'\npython = '3.11'\nforbid-lvalue = ['Py_TYPE', 'Py_SIZE']\nopaque = 'PyTypeObject'\n",
        )
        .unwrap();
        assert_eq!((proposal.title.as_str(), proposal.python), ("PEP 674", Version::new(3, 11)));
        let words: Vec<String> = proposal.rules.iter().map(ToString::to_string).collect();
        assert_eq!(words, ["make PyTypeObject opaque", "forbid Py_SIZE as an l-value", "forbid Py_TYPE as an l-value"]);
    }

    #[test]
    fn stars_stand_for_all_members_and_all_macros_of_pep_674() {
        let proposal = Proposal::from_toml("hide = 'PyFrameObject.*'\nforbid-lvalue = '*'").unwrap();
        assert!(proposal.rules.contains(&Rule::Hide("PyFrameObject.f_code".to_owned())));
        assert!(proposal.rules.contains(&Rule::ForbidLvalue("Py_TYPE".to_owned())));
        assert!(proposal.rules.len() > 20, "{}", proposal.rules.len());
    }

    #[test]
    fn wrong_names_are_all_told_with_what_comes_close() {
        let error = Proposal::from_toml("remove = ['PyTuple_GETITEM', 'Py_TYPE']\nhide = ['PyFrameObject.fcode']");
        let Err(ProposalError::Names(names)) = error else { panic!("{error:?}") };
        assert_eq!(names.len(), 2);
        assert!(names[0].contains("PyTuple_GETITEM") || names[1].contains("PyTuple_GETITEM"));
        assert!(names.iter().any(|name| name.contains("PyTuple_GET_ITEM")), "{names:?}");
        assert!(names.iter().any(|name| name.contains("PyFrameObject.f_code")), "{names:?}");
    }

    #[test]
    fn what_is_no_pattern_is_told_with_its_place() {
        let told = |text: &str| Proposal::from_fields([("source", text)]).unwrap_err().to_string();
        assert_eq!(told("ob_type("), "source \"ob_type(\": not a pattern: unclosed group, at character 8");
        assert!(told("a\tb").contains("a control character, at character 2"), "{}", told("a\tb"));
        assert!(told("(\n[").lines().count() == 2, "each is told");
        let many = |n: usize| "Py_TYPE\n".repeat(n);
        assert!(Proposal::from_fields([("source", many(8).as_str())]).is_ok());
        assert_eq!(told(&many(9)), "A proposal has at most 8 patterns.");
    }

    #[test]
    fn what_is_no_proposal_says_what_one_has() {
        for (text, says) in [
            ("", "changes nothing"),
            ("python = '3.14'", "changes nothing"),
            ("delete = ['Py_TYPE']", "no field \"delete\""),
            ("remove = 3", "remove wants a text"),
            ("remove = ['Py_TYPE'\n", "not TOML"),
            ("python = 'three'\nremove='Py_TYPE'", "write it as 3.15"),
        ] {
            let error = Proposal::from_toml(text).unwrap_err().to_string();
            assert!(error.contains(says), "{text}: {error}");
        }
        assert_eq!(Proposal::from_fields([("page", "2"), ("remove", "")]), Err(ProposalError::Empty));
    }
}

//! One change, about one name or pattern.

use capi::Version;

use crate::read::SOURCE;
use crate::{Proposal, ProposalError, SourcePattern};

/// One change that CPython might make.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Rule {
    /// An item leaves the public headers.
    Remove(String),
    /// A member can no longer be named: `PyFrameObject.f_code`.
    Hide(String),
    /// A structure becomes opaque.
    Opaque(String, Level),
    /// A macro can no longer be assigned to, nor its address be taken (PEP 674).
    ForbidLvalue(String),
    /// An item leaves the limited API.
    Unlimit(String),
    /// Lower levels of the limited API are no longer supported.
    MinimumLimited(Version),
    /// Lines of code that a pattern matches no longer compile.
    Source(SourcePattern),
}

/// How opaque a structure becomes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Level {
    /// In source: what touches its members itself does not compile.
    Api,
    /// In binaries, too: what touches its members through macros and inline functions has to be compiled anew.
    Abi,
}

impl Rule {
    /// The field of a proposal that it stands in, and its value there.
    pub fn field(&self) -> (&'static str, String) {
        match self {
            Self::Remove(item) => ("remove", item.clone()),
            Self::Hide(member) => ("hide", member.clone()),
            Self::Opaque(structure, Level::Api) => ("opaque", structure.clone()),
            Self::Opaque(structure, Level::Abi) => ("opaque-abi", structure.clone()),
            Self::ForbidLvalue(item) => ("forbid-lvalue", item.clone()),
            Self::Unlimit(item) => ("unlimit", item.clone()),
            Self::MinimumLimited(version) => ("minimum-limited", version.to_string()),
            Self::Source(pattern) => (SOURCE, pattern.as_str().to_owned()),
        }
    }

    /// Its canonical text, `forbid-lvalue=Py_TYPE`: equal rules have the same.
    pub fn canonical(&self) -> String {
        let (field, value) = self.field();
        format!("{field}={value}")
    }

    /// Reads the canonical text. What stands for several rules, such as `hide=PyFrameObject.*`, is none.
    pub fn from_canonical(text: &str) -> Result<Self, ProposalError> {
        let (field, value) = text.split_once('=').ok_or(ProposalError::NotOneRule)?;
        let mut rules = Proposal::from_fields([(field, value)])?.rules;
        match (rules.pop_first(), rules.is_empty()) {
            (Some(rule), true) => Ok(rule),
            _ => Err(ProposalError::NotOneRule),
        }
    }
}

impl std::fmt::Display for Rule {
    /// For people: `remove PyUnicode_READY`.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Remove(item) => write!(f, "remove {item}"),
            Self::Hide(member) => write!(f, "hide {member}"),
            Self::Opaque(structure, Level::Api) => write!(f, "make {structure} opaque"),
            Self::Opaque(structure, Level::Abi) => write!(f, "make {structure} opaque, in binaries too"),
            Self::ForbidLvalue(item) => write!(f, "forbid {item} as an l-value"),
            Self::Unlimit(item) => write!(f, "remove {item} from the limited API"),
            Self::MinimumLimited(version) => write!(f, "drop limited API levels below {version}"),
            Self::Source(pattern) => write!(f, "forbid code that matches {}", pattern.as_str()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_canonical_text_of_a_rule_reads_back_and_of_several_does_not() {
        for text in [
            "forbid-lvalue=Py_TYPE",
            "hide=PyFrameObject.f_code",
            "opaque-abi=PyObject",
            "minimum-limited=3.8",
            r"source=ob_type\s*=[^=],? x{1,2}",
        ] {
            assert_eq!(Rule::from_canonical(text).map(|rule| rule.canonical()).as_deref(), Ok(text));
        }
        for text in ["Py_TYPE", "hide=PyFrameObject.*", "remove=Py_TYPE,Py_SIZE", "source=a\nb"] {
            assert_eq!(Rule::from_canonical(text), Err(ProposalError::NotOneRule), "{text}");
        }
        assert!(matches!(Rule::from_canonical("remove=PyTuple_GETITEM"), Err(ProposalError::Names(_))));
        assert_eq!(Rule::from_canonical("title=x"), Err(ProposalError::Empty));
    }
}

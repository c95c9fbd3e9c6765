//! What a project says about the stable ABI: which file asks for it, in which form, and for which level.
//!
//! Three knobs have to agree, whatever the build system: the **macro** (what is compiled), the **suffix** (how the file
//! is named) and the **tag** (how the wheel is named). A declaration sets one or several of them.

mod form;
mod intent;
mod knobs;

use capi::Version;
use serde::{Deserialize, Serialize};

use crate::report::Certainty;

pub use form::Form;
pub use intent::{Backend, Intent, Level, intent};
pub use knobs::{Knob, Knobs};

/// One statement of the project about the limited API, where it stands, as it is written and what it means.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Declaration {
    /// The file, without the top folder.
    pub path: String,
    /// 1-based.
    pub line: u32,
    /// 1-based, in bytes.
    pub column: u32,
    /// The form in which it is said.
    pub form: Form,
    /// As it is written, cut after some 200 bytes; empty where the form has no value.
    pub value: String,
    /// What it sets.
    #[serde(skip_serializing_if = "Knobs::is_empty", default)]
    pub sets: Knobs,
    /// What it asks for.
    pub says: Says,
    /// The stable ABI it is about.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub abi: Option<Abi>,
    /// The oldest CPython that it asks for, as a compiler or a tool takes the value; absent if it is not told.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub floor: Option<Version>,
    /// The condition under which it holds, as the file writes it; absent if it always holds.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub when: Option<String>,
    /// What that condition is about, sorted.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub depends_on: Vec<Dependence>,
    /// `probable` where the reading is a guess, or where what the tool makes of it is not confirmed.
    pub certainty: Certainty,
}

/// The stable ABIs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Abi {
    /// PEP 384's.
    Abi3,
    /// PEP 803's, for free-threaded builds.
    Abi3t,
}

impl Abi {
    /// The word used in tags.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Abi3 => "abi3",
            Self::Abi3t => "abi3t",
        }
    }
}

/// What a declaration asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Says {
    /// The stable ABI.
    On,
    /// Not the stable ABI.
    Off,
    /// The stable ABI of a level that is only known when it is built.
    Varies,
    /// The stable ABI, in words that mean something else than they look like; `floor` is what they mean.
    Mistake,
    /// It stands where nothing reads it.
    Misplaced,
    /// Nothing about the stable ABI by itself: the versions of Python, the build backend, a check.
    Context,
}

impl Says {
    /// The word used in formats.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::On => "on",
            Self::Off => "off",
            Self::Varies => "varies",
            Self::Mistake => "mistake",
            Self::Misplaced => "misplaced",
            Self::Context => "context",
        }
    }
}

/// What a condition asks about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Dependence {
    /// Whether CPython is built without the GIL.
    FreeThreaded,
    /// CPython, `PyPy` or another.
    Implementation,
    /// The version of Python.
    Version,
    /// The operating system or the machine.
    Platform,
    /// A variable of the environment or an argument.
    Environment,
    /// It holds only where the project's own automation builds it.
    Automation,
    /// A feature or option that has to be asked for.
    Option,
    /// Something else.
    Other,
}

impl Declaration {
    /// Whether it asks for the stable ABI, of whatever level.
    pub fn asks(&self) -> bool {
        matches!(self.says, Says::On | Says::Varies | Says::Mistake)
    }

    /// Whether it asks for `abi` and sets `knob`.
    pub fn sets(&self, knob: Knob, abi: Abi) -> bool {
        self.asks() && self.sets.has(knob) && self.abi == Some(abi)
    }

    /// Whether it holds in some builds only.
    pub fn is_conditional(&self) -> bool {
        self.when.is_some()
    }

    /// Whether its condition asks about `dependence`.
    pub fn depends(&self, dependence: Dependence) -> bool {
        self.depends_on.contains(&dependence)
    }

    /// Whether nobody wrote it: cffi makes modules for the stable ABI unless it is told not to.
    pub fn is_default(&self) -> bool {
        self.form == Form::Cffi && self.says == Says::On && self.value.is_empty()
    }

    /// `setup.py:12`.
    pub fn place(&self) -> String {
        format!("{}:{}", self.path, self.line)
    }
}

/// One line: `setup.py:161: wheel tag, abi3 from 3.6: "cp36", if CP36_PLUS`.
impl std::fmt::Display for Declaration {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}: {}", self.place(), self.form.title())?;
        match (self.says, self.abi) {
            (Says::Off, _) => f.write_str(", switched off")?,
            (Says::Misplaced, _) => f.write_str(", where nothing reads it")?,
            (_, Some(abi)) => write!(f, ", {}", abi.as_str())?,
            (_, None) => {}
        }
        match (self.says, self.floor) {
            (Says::Varies, _) => f.write_str(" from a version known when it is built")?,
            (Says::On | Says::Mistake, Some(floor)) => write!(f, " from {floor}")?,
            _ => {}
        }
        if !self.value.is_empty() {
            write!(f, ": {}", self.value)?;
        }
        match &self.when {
            Some(when) => write!(f, ", if {when}"),
            None => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn declaration(form: Form, sets: Knobs, says: Says, floor: Option<Version>) -> Declaration {
        Declaration {
            path: "setup.py".into(),
            line: 7,
            column: 1,
            form,
            value: "\"cp39\"".into(),
            sets,
            says,
            abi: Some(Abi::Abi3),
            floor,
            when: None,
            depends_on: Vec::new(),
            certainty: Certainty::Certain,
        }
    }

    #[test]
    fn a_declaration_is_one_line_and_their_intent_another() {
        let tag = declaration(Form::SetuptoolsWheel, Knobs::TAG, Says::On, Some(Version::new(3, 9)));
        let name = Declaration {
            when: Some("CPYTHON".into()),
            depends_on: vec![Dependence::Implementation],
            ..declaration(Form::SetuptoolsExtension, Knobs::SUFFIX, Says::On, None)
        };
        assert_eq!(tag.to_string(), "setup.py:7: wheel tag (bdist_wheel), abi3 from 3.9: \"cp39\"");
        assert!(name.to_string().ends_with(", if CPYTHON"), "{name}");
        let both = intent(&[tag.clone(), name.clone()], Abi::Abi3).expect("an intent");
        assert_eq!(both.to_string(), "abi3 from 3.9: named, tagged; not compiled");
        assert_eq!(both.floor(), Some(Version::new(3, 9)));
        let one = intent(std::slice::from_ref(&name), Abi::Abi3).expect("an intent");
        assert_eq!(one.to_string(), "abi3, in some builds: named; not compiled, not tagged");
        assert_eq!(intent(&[tag], Abi::Abi3t), None);
    }

    #[test]
    fn what_is_refused_or_done_by_default_is_no_intent() {
        let off = declaration(Form::SetuptoolsExtension, Knobs::SUFFIX, Says::Off, None);
        let default = Declaration { value: String::new(), ..declaration(Form::Cffi, Knobs::MACRO, Says::On, None) };
        assert!(default.is_default() && default.asks() && !off.asks());
        assert_eq!(intent(&[off, default], Abi::Abi3), None);
    }
}

//! Where what is declared, compiled, named, tagged and promised does not fit together.
//!
//! Most failed attempts at one wheel for all Pythons are no question of C, but of two settings that say different
//! things. A rule sees declarations, verdicts and the tags of the release's wheels, and nothing else; one rule, one
//! file. `write` knows what has to be written instead, for each build backend.

mod code_needs;
mod facts;
mod floor_varies;
mod floors_differ;
mod free_threading;
mod macro_missing;
mod macro_value;
mod misplaced;
mod nanobind;
mod not_named;
mod not_tagged;
mod requires_python;
mod sabi_module;
mod switched_off;
mod tag_value;
mod wheels;
mod write;

use capi::Target;
use serde::Serialize;

use crate::declared::Declaration;
use crate::report::Certainty;
use crate::{Report, Verdict, WheelTag};

use facts::Facts;

/// Two statements that do not fit together, and what to write instead.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Contradiction {
    /// How bad it is.
    pub severity: Severity,
    /// The rule: a stable word such as `macro-missing`.
    pub code: &'static str,
    /// What is wrong and what comes of it, in plain words.
    pub explanation: String,
    /// Where it is said, most important first; empty where the wheels alone say it.
    pub places: Vec<Place>,
    /// What to write instead, for this project's build backend.
    pub changes: Vec<Change>,
    /// `probable` where a condition or something outside the sdist may make it right.
    pub certainty: Certainty,
}

/// How bad a contradiction is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Severity {
    /// A build fails, or a wheel fails where it says that it works.
    Error,
    /// What is shipped is not what is declared.
    Warning,
    /// It works, and less is gained than could be.
    Note,
}

impl Severity {
    /// The word used in formats.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Warning => "warning",
            Self::Note => "note",
        }
    }
}

/// A line of a file.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Place {
    /// The file, without the top folder.
    pub path: String,
    /// 1-based.
    pub line: u32,
}

impl std::fmt::Display for Place {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}:{}", self.path, self.line)
    }
}

/// Lines to write.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Change {
    /// The file to write them to; it may not exist yet.
    pub path: String,
    /// The line that they replace; absent where they are added.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub line: Option<u32>,
    /// What to write, in the language of that file.
    pub text: String,
}

/// A rule.
type Rule = fn(&Facts<'_>) -> Vec<Contradiction>;

/// Each rule.
const RULES: &[Rule] = &[
    macro_missing::rule,
    not_named::rule,
    not_tagged::rule,
    macro_value::rule,
    tag_value::rule,
    floors_differ::rule,
    floor_varies::rule,
    code_needs::rule,
    requires_python::rule,
    free_threading::rule,
    misplaced::rule,
    sabi_module::rule,
    nanobind::rule,
    switched_off::rule,
    wheels::not_shipped,
    wheels::not_declared,
    wheels::other_floor,
    wheels::reserved,
];

/// The words of all rules, for `explain` and for tests.
pub const CODES: &[&str] = &[
    "macro-missing",
    "file-not-named",
    "wheel-not-tagged",
    "macro-means-3.2",
    "macro-misread",
    "abi3t-before-3.15",
    "tag-not-understood",
    "tag-below-macro",
    "tag-above-macro",
    "tag-follows-builder",
    "macro-follows-builder",
    "floor-too-low",
    "not-limited",
    "tool-cannot",
    "requires-python-below-floor",
    "floor-below-requires-python",
    "free-threaded-build-breaks",
    "misplaced-key",
    "sabi-module-missing",
    "nanobind-below-3.12",
    "switched-off",
    "wheels-not-abi3",
    "wheels-not-declared",
    "wheel-floor-differs",
    "abi3t-tag-reserved",
];

/// The contradictions between what is declared, what the code needs, and the wheels of the release, worst first.
///
/// `floor` is [`Report::floor`]; `wheels` are the tags of the release's wheels, `None` if they are not known.
pub fn contradictions(
    declarations: &[Declaration],
    verdicts: &[Verdict],
    floor: Option<Target>,
    wheels: Option<&[WheelTag]>,
) -> Vec<Contradiction> {
    let facts = Facts::new(declarations, verdicts, floor, wheels);
    let mut found: Vec<Contradiction> = RULES.iter().flat_map(|rule| rule(&facts)).collect();
    found.sort_by(|a, b| (a.severity, a.code, &a.places, a).cmp(&(b.severity, b.code, &b.places, b)));
    found.dedup();
    found
}

impl Report {
    /// The contradictions of this report; see [`contradictions`].
    pub fn contradictions(&self, wheels: Option<&[WheelTag]>) -> Vec<Contradiction> {
        contradictions(&self.declarations, &self.verdicts, self.floor, wheels)
    }
}

/// Several lines: the explanation, where, and what to write.
impl std::fmt::Display for Contradiction {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let probable = if self.certainty == Certainty::Probable { ", probably" } else { "" };
        writeln!(f, "{} {}{probable}: {}", self.severity.as_str(), self.code, self.explanation)?;
        for place in &self.places {
            writeln!(f, "  at {place}")?;
        }
        for change in &self.changes {
            match change.line {
                Some(line) => writeln!(f, "  write in {}:{line}", change.path)?,
                None => writeln!(f, "  add to {}", change.path)?,
            }
            for line in change.text.lines() {
                writeln!(f, "    {line}")?;
            }
        }
        Ok(())
    }
}

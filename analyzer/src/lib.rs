//! What abiscope judges: the bytes of one sdist in, one [`Report`] out.
//!
//! Pure: no network, no database, no clock, no async; nothing is executed, imported or written.
//! The analyzer never fails: what could not be read or told is in the report as a [`Problem`].
//!
//! The way through: [`read_sdist`] or [`read_folder`] gives a [`SourceTree`], [`analyze`] gives the report.

mod advice;
mod analyze;
#[doc(hidden)]
pub mod any_input;
mod archive;
mod assemble;
mod build;
mod collector;
mod condition;
mod content;
mod contradictions;
mod cython;
mod declared;
mod effort;
mod embedded;
mod entry_name;
mod environment;
mod escape;
mod fingerprint;
mod folder;
mod generated;
mod judge;
mod language;
mod lexer;
mod limits;
mod lines;
mod origin;
mod records;
mod report;
mod rules;
mod rust;
mod scan;
#[cfg(feature = "schema")]
mod schema;
mod structures;
mod switch;
mod tree;
mod verdict;
mod wheel_tag;

pub use advice::instead;
pub use analyze::{Options, analyze};
pub use archive::{ArchiveError, read_sdist, read_sdist_file};
pub use build::{Remedy, remedies};
pub use condition::{
    Condition, ConditionStack, Definition, Evaluator, Implementation, Limited, Macro, MacroTable, Macros,
    NotACondition, Op, Truth, World, condition_in_words,
};
pub use contradictions::{CODES, Change, Contradiction, Place, Severity, contradictions};
pub use declared::{Abi, Backend, Declaration, Dependence, Form, Intent, Knob, Knobs, Level, Says, intent};
pub use effort::Effort;
pub use environment::{Environment, NotAnEnvironment, Platform};
pub use fingerprint::{Fingerprint, NotAFingerprint};
pub use folder::{FolderOptions, read_folder};
pub use language::Language;
pub use limits::Limits;
pub use lines::SourceLines;
pub use records::{Finding, Record, VerdictFields, records};
pub use report::{
    Access, Accesses, Certainty, Kind, Origin, OriginClass, Problem, Report, Site, StructureCounts, Tool, TreeFacts,
    Use,
};
pub use structures::touched_structure;
pub use switch::{PlatformWheels, Switch, switch};
pub use tree::{SourceFile, SourceTree, TreeFlag};
pub use verdict::{Note, NoteKind, Outcome, Undecided, Verdict, blocking_uses, notes};
pub use wheel_tag::{NotAWheelTag, WheelTag};

/// The version of the rules: part of the key under which reports are stored. Moves whenever a report could change.
pub const ANALYZER_VERSION: &str = "4";

/// The version of the report's shape (docs/CONTRACT.md: a change of meaning raises it).
pub const SCHEMA_VERSION: u32 = 1;

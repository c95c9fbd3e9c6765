//! Arguments of `whatif`.

use std::path::PathBuf;
use std::str::FromStr;
use std::time::Duration;

use ::whatif::FIELDS;
use clap::{Args, ValueEnum};

use super::{HomeArgs, seconds};

/// Arguments of `whatif`.
#[derive(Debug, Args)]
#[command(after_help = AFTER_HELP)]
pub struct WhatifArgs {
    /// A proposal in TOML; - is standard input
    #[arg(value_name = "FILE", required_unless_present_any = ["rule", "saved", "list"])]
    pub file: Option<PathBuf>,
    /// A rule without a file, or beside one: opaque=PyTypeObject, remove=PyUnicode_READY,PyEval_CallObject; may be repeated
    #[arg(long, short, value_name = "FIELD=NAMES")]
    pub rule: Vec<RuleArg>,
    /// Save the answer: it gets an address, and is never given again
    #[arg(long, conflicts_with_all = ["saved", "list"])]
    pub save: bool,
    /// Print the saved answer with this ID
    #[arg(long, value_name = "ID", conflicts_with_all = ["file", "rule", "list"])]
    pub saved: Option<store::ProposalId>,
    /// Print what has become of it: against another saved answer to the same question, or the survey as it stands
    #[arg(long, value_name = "ID|now", requires = "saved")]
    pub against: Option<Against>,
    /// List the saved answers, newest first
    #[arg(long, conflicts_with_all = ["file", "rule"])]
    pub list: bool,
    /// Seconds after which the search for patterns stops; the answer says so
    #[arg(long, value_name = "SECONDS", default_value = "60", value_parser = seconds)]
    pub timeout: Duration,
    /// How to print the answer
    #[arg(long, value_enum, default_value_t = WhatifFormat::Text)]
    pub format: WhatifFormat,
    #[command(flatten)]
    pub home: HomeArgs,
}

const AFTER_HELP: &str = "\
A proposal is a few lines of TOML, with names of CPython's C API:
  title = \"PEP 674: macros are no l-values\"
  python = \"3.15\"                            # the CPython that would make the change
  remove = [\"PyUnicode_READY\"]               # items that leave the public headers
  hide = [\"PyFrameObject.f_code\"]            # members; \"PyFrameObject.*\" is all of them
  opaque = [\"PyTypeObject\"]                  # structures, in source
  opaque-abi = [\"PyObject\"]                  # structures, in binaries too
  forbid-lvalue = [\"Py_TYPE\", \"Py_SIZE\"]     # macros that are assigned to; \"*\" is all of PEP 674
  unlimit = [\"PyType_Ready\"]                 # items that leave the limited API
  minimum-limited = \"3.8\"                    # the lowest level that is still supported
  source = ['ob_type\\s*=[^=]']               # patterns that lines of code match, as in abiscope search

Examples:
  abiscope whatif pep674.toml --format rst
  abiscope whatif --rule opaque=PyTypeObject --rule python=3.16
  abiscope whatif --rule 'source=->\\s*ob_type\\b'
  abiscope whatif pep674.toml --save
  abiscope whatif --saved 0f3c9a1be2d45f60718a --against now --format markdown

A pattern is matched line by line in code, not in comments and literals, of the releases that stand for their projects;
only these are searched, so that nothing is said to have been fixed for a pattern. At most 8 patterns, one a line or rule.

What people said about sites is part of every answer: abiscope review --help

Exit status: 0 done, 1 the search for a pattern was cut short, 2 the proposal cannot be read or names what CPython does
not have.
";

/// `FIELD=NAMES`.
#[derive(Debug, Clone)]
pub struct RuleArg {
    /// A field of a proposal.
    pub field: String,
    /// Its names, separated by commas; or a pattern.
    pub names: String,
}

impl FromStr for RuleArg {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let known =
            |field: &str| ["title", "python"].contains(&field) || FIELDS.iter().any(|known| known.name == field);
        match text.split_once('=') {
            Some((field, names)) if known(field) => Ok(Self { field: field.to_owned(), names: names.to_owned() }),
            _ => {
                Err(format!("it is written FIELD=NAMES, with a field of {}", FIELDS.map(|field| field.name).join(", ")))
            }
        }
    }
}

/// What a saved answer is compared with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Against {
    /// The survey as it stands.
    Now,
    /// Another saved answer.
    Saved(store::ProposalId),
}

impl FromStr for Against {
    type Err = store::NotAProposalId;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if text == "now" { Ok(Self::Now) } else { text.parse().map(Self::Saved) }
    }
}

/// Formats of `whatif`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum WhatifFormat {
    /// For people
    Text,
    /// reStructuredText, as PEPs list projects
    Rst,
    /// To paste into an issue
    Markdown,
    /// Everything, for programs
    Json,
    /// One line a project
    Csv,
}

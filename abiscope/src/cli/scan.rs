//! Arguments of `scan` and `explain`: what needs neither network nor database.

use std::path::PathBuf;

use analyzer::Environment;
use clap::{Args, ValueEnum};

/// Arguments of `scan`.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  abiscope scan simplejson-4.3.0.tar.gz
  abiscope scan . --target abi3-3.11 --target abi3t-3.15 --fail-on blocked
  abiscope scan . --on python=3.13,platform=linux
  abiscope scan . --format sarif > abiscope.sarif
  abiscope scan --format jsonl *.tar.gz | jq -r 'select(.kind == \"member\") | .struct + \".\" + .member'

Exit status: 0 done, 1 an input could not be read (the others are still analysed), 2 wrong usage, 3 --fail-on met.
")]
pub struct ScanArgs {
    /// An sdist (.tar.gz, .zip, …) or a folder
    #[arg(required = true, value_name = "PATH")]
    pub paths: Vec<PathBuf>,
    /// How to print the report
    #[arg(long, value_enum, default_value_t = ScanFormat::Text)]
    pub format: ScanFormat,
    /// Tell the verdict and the blockers for this target: abi3-3.2 to abi3-3.15, abi3t-3.15; may be repeated [default: the newest]
    #[arg(long, value_name = "TARGET")]
    pub target: Vec<capi::Target>,
    /// Exit with status 3 if a verdict is one of these, separated by commas
    #[arg(long, value_name = "VERDICT", value_enum, value_delimiter = ',')]
    pub fail_on: Vec<FailOn>,
    /// Ask about one build environment: python=3.13, platform=linux|windows|macos, limited=3.11, abi3t, joined by commas
    #[arg(long, value_name = "ENVIRONMENT")]
    pub on: Option<Environment>,
    /// In folders, also read what .gitignore leaves out, hidden folders, build, dist and virtual environments
    #[arg(long)]
    pub no_ignore: bool,
}

/// Formats of `scan`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum ScanFormat {
    /// A report for people
    Text,
    /// One JSON report per PATH, each on a line of its own
    Json,
    /// JSON Lines: one record per site, verdict and problem
    Jsonl,
    /// SARIF 2.1.0 for code scanning: a result for each place of a blocker
    Sarif,
    /// A report to paste into an issue
    Markdown,
}

/// Verdicts that a build may be made to fail on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum FailOn {
    /// Live code uses what the target does not have
    Blocked,
    /// A tool it is built with cannot target it
    ToolBlocks,
    /// An open question could block
    Undecided,
}

impl FailOn {
    /// The verdict.
    pub const fn outcome(self) -> analyzer::Outcome {
        match self {
            Self::Blocked => analyzer::Outcome::Blocked,
            Self::ToolBlocks => analyzer::Outcome::ToolBlocks,
            Self::Undecided => analyzer::Outcome::Undecided,
        }
    }
}

/// Arguments of `explain`.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  abiscope explain Py_SIZE
  abiscope explain PyTypeObject.tp_name static-type abi3t

Exit status: 0 done, 2 a name is not known (close ones are suggested).
")]
pub struct ExplainArgs {
    /// An item (Py_SIZE), a member (PyTypeObject.tp_name), or a word of a report (abi3t, static-type, undecided, …)
    #[arg(required = true, value_name = "ITEM")]
    pub items: Vec<String>,
    /// How to print it
    #[arg(long, value_enum, default_value_t = ExplainFormat::Text)]
    pub format: ExplainFormat,
}

/// Formats of `explain`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum ExplainFormat {
    /// For people
    Text,
    /// One JSON object a line
    Json,
}

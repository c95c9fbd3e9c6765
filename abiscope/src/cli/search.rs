//! Arguments of `search`.

use std::time::Duration;

use clap::{Args, ValueEnum};

use super::{HomeArgs, seconds};

/// Arguments of `search`.
#[derive(Debug, Args)]
#[command(after_help = AFTER_HELP)]
#[expect(clippy::struct_excessive_bools, reason = "each is a switch of the command line")]
pub struct SearchArgs {
    /// A regular expression, as Rust's crate `regex` reads it; it is matched line by line
    #[arg(value_name = "REGEX", required_unless_present = "rebuild")]
    pub pattern: Option<String>,
    /// Upper and lower case are the same
    #[arg(long, short)]
    pub ignore_case: bool,
    /// Only this project
    #[arg(long, value_name = "NAME")]
    pub project: Option<packaging::ProjectName>,
    /// Only files whose path holds this text; with * ? [ or { in it, a glob over the whole path
    #[arg(long, value_name = "GLOB")]
    pub path: Option<search::PathFilter>,
    /// Only files that the project wrote itself: not generated, not vendored, no tests or documents
    #[arg(long)]
    pub own: bool,
    /// Only matches in code: not in comments, not in literals
    #[arg(long)]
    pub code: bool,
    /// Only lines that #if keeps, or may keep, on this CPython: 3.13
    #[arg(long, value_name = "VERSION")]
    pub active: Option<capi::Version>,
    /// Lines around each hit, at most 3
    #[arg(long, short = 'C', value_name = "N", default_value_t = 0, value_parser = clap::value_parser!(u32).range(..=3))]
    pub context: u32,
    /// Only how many lines each project has
    #[arg(long, short)]
    pub count: bool,
    /// Hits that are printed; all are counted
    #[arg(long, value_name = "N", default_value_t = 1000, value_parser = clap::value_parser!(u32).range(..=100_000))]
    pub limit: u32,
    /// Seconds after which it stops and says so
    #[arg(long, value_name = "SECONDS", default_value = "60", value_parser = seconds)]
    pub timeout: Duration,
    /// How to print what is found
    #[arg(long, value_enum, default_value_t = SearchFormat::Text)]
    pub format: SearchFormat,
    /// Make the index anew first
    #[arg(long)]
    pub rebuild: bool,
    #[command(flatten)]
    pub home: HomeArgs,
}

const AFTER_HELP: &str = "\
Searches the C, C++, Cython and Rust sources of every project that was surveyed, each in its standing release. What is not
indexed yet is indexed first.

Examples:
  abiscope search 'ob_type\\s*='                        # who sets the type of an object by hand
  abiscope search 'tp_print' --code --active 3.13      # and would still compile it
  abiscope search 'PyUnicode_READY' --own --count      # how often, in code that projects wrote themselves
  abiscope search 'include.*internal/' --path '*.pyx'
  abiscope search -i 'todo.*free.?thread' -C 3 --project numpy

A line matches or does not: ^ and $ are its start and end. A pattern needs three characters in a row that are always
there, such as ob_ in ob_\\w+, for the index to help; without, all sources are read.
Exit status: 0 done, 1 the time was over before all was searched, 2 the pattern cannot be read.
";

/// Formats of `search`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum SearchFormat {
    /// For people
    Text,
    /// Everything as one JSON object
    Json,
    /// A line a hit: project, version, path, line, column, text
    Csv,
}

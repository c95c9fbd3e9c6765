//! Arguments of `review`.

use std::str::FromStr;

use ::whatif::{Judgement, Rule};
use clap::{Args, Subcommand, ValueEnum};
use packaging::ProjectName;

use super::HomeArgs;

/// Arguments of `review`.
#[derive(Debug, Args)]
#[command(after_help = AFTER_HELP)]
pub struct ReviewArgs {
    #[command(subcommand)]
    pub command: ReviewCommand,
}

const AFTER_HELP: &str = "\
A review is about a line in a file of a content: it holds in every release in which both are the same, and is
replayed in every answer of `abiscope whatif` and of the dashboard. What is a false positive does not count; the
answer says so, and why.

Examples:
  abiscope review add --rule forbid-lvalue=Py_TYPE --project spam --site src/spam.c:120 --reason \"a comment says so\"
  abiscope review list
  abiscope review withdraw --rule forbid-lvalue=Py_TYPE --project spam --site src/spam.c:120
";

/// What to do.
#[derive(Debug, Subcommand)]
pub enum ReviewCommand {
    /// Say about a site that the rule asks for that it is none, or that it is one
    Add(AddArgs),
    /// List what was said
    List(ListArgs),
    /// Take back what was said about a site
    Withdraw(WithdrawArgs),
}

/// Which site.
#[derive(Debug, Args)]
pub struct SiteArgs {
    /// The one rule that asks for it
    #[arg(long, short, value_name = "FIELD=NAME")]
    pub rule: OneRule,
    /// The project, in whose standing release the site is
    #[arg(long, value_name = "NAME")]
    pub project: ProjectName,
    /// Where it is, as answers name it
    #[arg(long, value_name = "PATH:LINE")]
    pub site: Place,
}

/// Arguments of `review add`.
#[derive(Debug, Args)]
pub struct AddArgs {
    #[command(flatten)]
    pub site: SiteArgs,
    /// What is said
    #[arg(long, value_enum, default_value_t = VerdictArg::FalsePositive)]
    pub verdict: VerdictArg,
    /// Why, for everybody to read
    #[arg(long, value_name = "TEXT")]
    pub reason: String,
    /// Who says so
    #[arg(long, value_name = "NAME", default_value = "the operator")]
    pub by: String,
    #[command(flatten)]
    pub home: HomeArgs,
}

/// Arguments of `review list`.
#[derive(Debug, Args)]
pub struct ListArgs {
    /// As JSON
    #[arg(long)]
    pub json: bool,
    #[command(flatten)]
    pub home: HomeArgs,
}

/// Arguments of `review withdraw`.
#[derive(Debug, Args)]
pub struct WithdrawArgs {
    #[command(flatten)]
    pub site: SiteArgs,
    #[command(flatten)]
    pub home: HomeArgs,
}

/// A rule, `forbid-lvalue=Py_TYPE`.
#[derive(Debug, Clone)]
pub struct OneRule(pub Rule);

impl FromStr for OneRule {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        Rule::from_canonical(text).map(Self).map_err(|error| error.to_string())
    }
}

/// `path:line`.
#[derive(Debug, Clone)]
pub struct Place {
    /// The file.
    pub path: String,
    /// The line, from 1.
    pub line: u32,
}

impl FromStr for Place {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let read = text.rsplit_once(':').and_then(|(path, line)| Some((path, line.parse::<u32>().ok()?)));
        match read {
            Some((path, line)) if !path.is_empty() && line > 0 => Ok(Self { path: path.to_owned(), line }),
            _ => Err("it is written PATH:LINE, such as src/spam.c:120"),
        }
    }
}

/// What is said.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum VerdictArg {
    /// The rule would not break it
    FalsePositive,
    /// The rule would break it
    Confirmed,
}

impl From<VerdictArg> for Judgement {
    fn from(verdict: VerdictArg) -> Self {
        match verdict {
            VerdictArg::FalsePositive => Self::FalsePositive,
            VerdictArg::Confirmed => Self::Confirmed,
        }
    }
}

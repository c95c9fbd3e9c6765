//! Arguments of what an operator does beside crawling and serving.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};

use super::HomeArgs;

/// Arguments of `db`.
#[derive(Debug, Args)]
pub struct DbArgs {
    #[command(subcommand)]
    pub command: DbCommand,
}

/// What to do with the database.
#[derive(Debug, Subcommand)]
pub enum DbCommand {
    /// Write the database to a file that pg_restore reads
    Export {
        /// The file to write
        #[arg(value_name = "FILE")]
        file: PathBuf,
        #[command(flatten)]
        home: HomeArgs,
    },
    /// Read a file that `db export` wrote, by this abiscope or an older one, into an unused database
    Import {
        /// The file to read
        #[arg(value_name = "FILE")]
        file: PathBuf,
        #[command(flatten)]
        home: HomeArgs,
    },
    /// Remove what need not be kept: nothing that was found out, and by default only blobs that nobody names
    Prune(PruneArgs),
}

/// Arguments of `db prune`.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  abiscope db prune --dry-run --drop-archives      # how much room the archives take
  abiscope db prune --drop-archives --old-reports 30

May be run beside anything else. `abiscope crawl` with the same options does it once a day.
")]
pub struct PruneArgs {
    /// Only say what would go
    #[arg(long)]
    pub dry_run: bool,
    #[command(flatten)]
    pub retention: RetentionArgs,
    #[command(flatten)]
    pub home: HomeArgs,
}

/// What is not kept for ever.
#[derive(Debug, Clone, Args)]
pub struct RetentionArgs {
    /// Drop each archive once it is analysed and its sources are packed; a new analyzer reads the packs
    #[arg(long, env = "ABISCOPE_DROP_ARCHIVES", value_parser = clap::builder::FalseyValueParser::new())]
    pub drop_archives: bool,
    /// Keep reports of older analyzers for so many days after a newer one answered [default: for ever]
    #[arg(long, env = "ABISCOPE_OLD_REPORTS", value_name = "DAYS")]
    pub old_reports: Option<u32>,
    /// Keep blobs that nothing in the database names for so many days
    #[arg(long, env = "ABISCOPE_ORPHANS", value_name = "DAYS", default_value_t = 7)]
    pub orphans: u32,
}

/// Arguments of `hide`.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  abiscope hide spam --reason 'its author asked for it on 2026-11-20'
  abiscope hide spam --undo
  abiscope hide --list

What was found out about the project stays; its page says that the source is hidden, and why.
")]
pub struct HideArgs {
    /// The project whose source is not to be shown
    #[arg(value_name = "NAME", required_unless_present = "list")]
    pub name: Option<String>,
    /// Why, for everybody to read
    #[arg(long, value_name = "TEXT", required_unless_present_any = ["list", "undo"])]
    pub reason: Option<String>,
    /// Show its source again
    #[arg(long, conflicts_with_all = ["reason", "list"])]
    pub undo: bool,
    /// List the hidden projects
    #[arg(long, conflicts_with_all = ["name", "reason"])]
    pub list: bool,
    #[command(flatten)]
    pub home: HomeArgs,
}

/// Arguments of `alarms`.
#[derive(Debug, Args)]
#[command(after_help = "\
Alarms are what a person should look at: file-content-changed, listing-refused. Nothing depends on them.
")]
pub struct AlarmsArgs {
    /// Remove them, and print what was removed
    #[arg(long)]
    pub clear: bool,
    /// Only alarms of this kind
    #[arg(long, value_name = "KIND", requires = "clear")]
    pub kind: Option<String>,
    /// Only alarms with this in their subject
    #[arg(long, value_name = "TEXT", requires = "clear")]
    pub about: Option<String>,
    #[command(flatten)]
    pub home: HomeArgs,
}

/// Arguments of `requeue`.
#[derive(Debug, Args)]
pub struct RequeueArgs {
    /// Only jobs of this kind: read-project, fetch, analyse, refresh
    #[arg(long, value_name = "KIND")]
    pub kind: Option<String>,
    /// Only jobs with this in their last error
    #[arg(long, value_name = "TEXT")]
    pub error: Option<String>,
    /// Not parked jobs: fetch the files in this state once more (hash-mismatch, blocked-url, too-large)
    #[arg(long, value_name = "STATE", conflicts_with_all = ["kind", "error", "list"])]
    pub state: Option<String>,
    /// List the first of them instead
    #[arg(long)]
    pub list: bool,
    #[command(flatten)]
    pub home: HomeArgs,
}

/// Arguments of `digest`.
#[derive(Debug, Args)]
pub struct DigestArgs {
    #[command(flatten)]
    pub home: HomeArgs,
}

/// Arguments of `status`.
#[derive(Debug, Args)]
pub struct StatusArgs {
    /// How to print it
    #[arg(long, value_enum, default_value_t = OutputFormat::Text)]
    pub format: OutputFormat,
    #[command(flatten)]
    pub home: HomeArgs,
}

/// How what a program can read, too, is printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum OutputFormat {
    /// For people
    Text,
    /// For programs
    Json,
}

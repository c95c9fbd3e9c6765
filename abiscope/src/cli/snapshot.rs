//! Arguments of `snapshot` and `report`.

use std::path::PathBuf;

use chrono::NaiveDate;
use clap::{Args, Subcommand};
use store::SnapshotName;

use super::{HomeArgs, OutputFormat};

/// Arguments of `snapshot`.
#[derive(Debug, Args)]
#[command(after_help = "\
A snapshot freezes which file stood for each project on a day, with the figures that reports of it show. It is never
changed: what is wrong in one is put right by another one that --corrects it.

Examples:
  abiscope snapshot create 2026-11
  abiscope snapshot create 2025 --date 2025-12-31
  abiscope snapshot verify 2026-11
")]
pub struct SnapshotArgs {
    #[command(subcommand)]
    pub command: SnapshotCommand,
}

/// What to do.
#[derive(Debug, Subcommand)]
pub enum SnapshotCommand {
    /// Freeze what stood on a day under a name
    Create(CreateArgs),
    /// List the snapshots, or the files of one
    List(ListArgs),
    /// Check that a snapshot is what it was
    Verify(VerifyArgs),
}

/// Arguments of `snapshot create`.
#[derive(Debug, Args)]
pub struct CreateArgs {
    /// Its name: lower-case letters, digits, dots and hyphens
    pub name: SnapshotName,
    /// Of which day, to its end [default: today]
    #[arg(long, value_name = "DAY")]
    pub date: Option<NaiveDate>,
    /// The snapshot that it takes the place of
    #[arg(long, value_name = "NAME")]
    pub corrects: Option<SnapshotName>,
    #[command(flatten)]
    pub home: HomeArgs,
}

/// Arguments of `snapshot list`.
#[derive(Debug, Args)]
pub struct ListArgs {
    /// List its files, for others to do it again
    pub name: Option<SnapshotName>,
    /// How to print it
    #[arg(long, value_enum, default_value_t = OutputFormat::Text)]
    pub format: OutputFormat,
    #[command(flatten)]
    pub home: HomeArgs,
}

/// Arguments of `snapshot verify`.
#[derive(Debug, Args)]
pub struct VerifyArgs {
    /// Its name
    pub name: SnapshotName,
    /// How to print it
    #[arg(long, value_enum, default_value_t = OutputFormat::Text)]
    pub format: OutputFormat,
    #[command(flatten)]
    pub home: HomeArgs,
}

/// Arguments of `report`.
#[derive(Debug, Args)]
#[command(after_help = "\
Writes pages, pictures and data files that any web server can serve: nothing in them is from elsewhere. A report of a
snapshot is the same, byte for byte, whenever it is written. A folder that holds another report is left as it is.

Examples:
  abiscope snapshot create 2026-11 && abiscope report --out report-2026-11 --snapshot 2026-11
  abiscope report --out preview
")]
pub struct ReportArgs {
    /// The folder to write to; made if it is not there
    #[arg(long, value_name = "DIR")]
    pub out: PathBuf,
    /// Of which snapshot [default: the survey as it stands today, frozen nowhere]
    #[arg(long, value_name = "NAME")]
    pub snapshot: Option<SnapshotName>,
    #[command(flatten)]
    pub home: HomeArgs,
}

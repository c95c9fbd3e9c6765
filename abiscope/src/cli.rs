//! The command line.

#[cfg(feature = "service")]
use std::path::PathBuf;

#[cfg(feature = "service")]
use clap::{Args, ValueEnum};
use clap::{Parser, Subcommand};

#[cfg(feature = "service")]
mod crawl;
#[cfg(feature = "service")]
mod export;
#[cfg(feature = "service")]
mod history;
#[cfg(feature = "service")]
mod operate;
#[cfg(feature = "service")]
mod review;
mod scan;
#[cfg(feature = "service")]
mod search;
#[cfg(feature = "service")]
mod snapshot;
#[cfg(feature = "service")]
mod whatif;

#[cfg(feature = "service")]
pub use crawl::{CrawlArgs, IndexArgs, ServeArgs, SurveyArgs, TakeoverArgs, WorkArgs};
#[cfg(feature = "service")]
pub use export::{ExportArgs, ExportFormat};
#[cfg(feature = "service")]
pub use history::HistoryArgs;
#[cfg(feature = "service")]
pub use operate::{
    AlarmsArgs, DbArgs, DbCommand, DigestArgs, HideArgs, OutputFormat, PruneArgs, RequeueArgs, RetentionArgs,
    StatusArgs,
};
#[cfg(feature = "service")]
pub use review::{AddArgs, ReviewArgs, ReviewCommand, SiteArgs};
pub use scan::{ExplainArgs, ExplainFormat, ScanArgs, ScanFormat};
#[cfg(feature = "service")]
pub use search::{SearchArgs, SearchFormat};
#[cfg(feature = "service")]
pub use snapshot::{CreateArgs, ReportArgs, SnapshotArgs, SnapshotCommand};
#[cfg(feature = "service")]
pub use whatif::{Against, WhatifArgs, WhatifFormat};

/// Who uses what of CPython's C API, and what keeps an extension from the stable ABI.
#[derive(Debug, Parser)]
#[command(version, about, max_term_width = 100, arg_required_else_help = true)]
#[command(after_help = "\
Start with a source archive or a checked-out project:
  abiscope scan simplejson-4.3.0.tar.gz
  abiscope scan .
")]
pub struct Cli {
    #[command(subcommand)]
    pub command: Command,
    #[cfg(feature = "service")]
    #[command(flatten)]
    pub logs: LogArgs,
}

/// What is said on standard error, besides results.
#[cfg(feature = "service")]
#[derive(Debug, Clone, Copy, Args)]
pub struct LogArgs {
    /// How `crawl`, `work`, `serve` and `migrate` log on standard error; RUST_LOG chooses what
    #[arg(long, global = true, env = "ABISCOPE_LOG_FORMAT", value_enum, default_value_t = LogFormat::Text, value_name = "FORMAT")]
    pub log_format: LogFormat,
}

/// Formats of logs.
#[cfg(feature = "service")]
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum LogFormat {
    /// For people: progress, warnings and errors
    Text,
    /// A JSON object a line: jobs, requests and rounds of the crawl, too
    Json,
}

/// What to do.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Analyse sdists or folders on this machine: no network, no database
    Scan(ScanArgs),
    /// Say what an item of CPython's C API is, why it matters, and what to write instead
    Explain(ExplainArgs),
    /// Survey named projects: fetch their sdists from PyPI, analyse them, record and show the verdicts
    #[cfg(feature = "service")]
    Survey(SurveyArgs),
    /// Survey every project of an index: find out what is new, and fetch and analyse it
    #[cfg(feature = "service")]
    Crawl(CrawlArgs),
    /// Do the work that `crawl` found, beside others who do
    #[cfg(feature = "service")]
    Work(WorkArgs),
    /// Serve the dashboard over what has been surveyed
    #[cfg(feature = "service")]
    Serve(ServeArgs),
    /// Say which projects a change of CPython's C API would break
    #[cfg(feature = "service")]
    Whatif(WhatifArgs),
    /// Say about a site of an answer that it is a false positive, or that it is none
    #[cfg(feature = "service")]
    Review(ReviewArgs),
    /// Search the sources of what has been surveyed for a regular expression
    #[cfg(feature = "service")]
    Search(SearchArgs),
    /// Freeze which file stood for each project on a day, under a name that can be cited
    #[cfg(feature = "service")]
    Snapshot(SnapshotArgs),
    /// Write a static site about trends, to be published
    #[cfg(feature = "service")]
    Report(ReportArgs),
    /// Write the survey as it stands as tables: CSV, JSON Lines, Parquet
    #[cfg(feature = "service")]
    Export(ExportArgs),
    /// Print how many projects and files are in which state, and how the crawl stands
    #[cfg(feature = "service")]
    Status(StatusArgs),
    /// Give jobs that ran out of tries new ones
    #[cfg(feature = "service")]
    Requeue(RequeueArgs),
    /// List what a person should look at, or clear it
    #[cfg(feature = "service")]
    Alarms(AlarmsArgs),
    /// Hide the source of a project, whose facts stay
    #[cfg(feature = "service")]
    Hide(HideArgs),
    /// Print one hash over all that was found out: equal databases say the same
    #[cfg(feature = "service")]
    Digest(DigestArgs),
    /// Bring the database at `DATABASE_URL` to this program's schema
    #[cfg(feature = "service")]
    Migrate(HomeArgs),
    /// Export the database to a file, import one, or remove what need not be kept
    #[cfg(feature = "service")]
    Db(DbArgs),
    /// For this program's own use: analyses what comes over standard input
    #[cfg(feature = "service")]
    #[command(hide = true, name = crate::analysis::SUBCOMMAND)]
    AnalyseChild(AnalyseChildArgs),
}

/// Arguments of the hidden `analyse-child`.
#[cfg(feature = "service")]
#[derive(Debug, Args)]
pub struct AnalyseChildArgs {
    /// Bytes of memory it allows itself
    #[arg(long, value_name = "BYTES")]
    pub memory: u64,
}

/// Where the data is kept.
#[cfg(feature = "service")]
#[derive(Debug, Clone, Args)]
pub struct HomeArgs {
    /// Postgres to use; without it abiscope runs its own in the data directory
    #[arg(long, env = "DATABASE_URL", hide_env_values = true, value_name = "URL")]
    pub database_url: Option<String>,
    /// Folder of the private database and the stored archives [default: /var/lib/abiscope as root, else the user's data folder]
    #[arg(long, env = "ABISCOPE_DATA_DIR", value_name = "DIR")]
    pub data_dir: Option<PathBuf>,
    /// Where archives and sources are kept: a folder, or s3://BUCKET/PREFIX with AWS_ENDPOINT_URL, AWS_REGION,
    /// AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY [default: the folder `blobs` of the data directory]
    #[arg(long, env = "ABISCOPE_BLOBS", value_name = "URL")]
    pub blobs: Option<store::BlobPlace>,
}

#[cfg(feature = "service")]
fn seconds(text: &str) -> Result<std::time::Duration, String> {
    let number = text.parse().map_err(|_| format!("{text:?} is not a number of seconds"))?;
    let time = std::time::Duration::try_from_secs_f64(number).map_err(|error| error.to_string())?;
    if time.is_zero() { Err("it has to be more than 0".to_owned()) } else { Ok(time) }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    #[test]
    fn the_definitions_are_sound() {
        Cli::command().debug_assert();
    }

    #[cfg(feature = "service")]
    #[test]
    fn serve_takes_its_value_only_with_an_equals_sign() {
        let parse = |args: &[&str]| match Cli::try_parse_from(args).expect("valid").command {
            Command::Survey(args) => args,
            other => panic!("not a survey: {other:?}"),
        };
        let args = parse(&["abiscope", "survey", "--serve", "numpy"]);
        assert_eq!(args.serve.map(|a| a.to_string()).as_deref(), Some(crawl::DEFAULT_ADDRESS));
        assert_eq!(args.projects, ["numpy"]);
        let args = parse(&["abiscope", "survey", "--serve=127.0.0.1:9000", "numpy"]);
        assert_eq!(args.serve.map(|a| a.port()), Some(9000));
    }
}

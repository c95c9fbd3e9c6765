//! The command line.

use std::path::PathBuf;

use analyzer::Environment;
use clap::{Args, Parser, Subcommand, ValueEnum};

#[cfg(feature = "service")]
mod export;
#[cfg(feature = "service")]
mod history;
#[cfg(feature = "service")]
mod operate;
#[cfg(feature = "service")]
mod review;
#[cfg(feature = "service")]
mod search;
#[cfg(feature = "service")]
mod snapshot;
#[cfg(feature = "service")]
mod whatif;

#[cfg(feature = "service")]
pub use export::{ExportArgs, ExportFormat};
#[cfg(feature = "service")]
pub use history::HistoryArgs;
#[cfg(feature = "service")]
pub use operate::{AlarmsArgs, DbArgs, DbCommand, HideArgs, PruneArgs, RetentionArgs};
#[cfg(feature = "service")]
pub use review::{AddArgs, ReviewArgs, ReviewCommand, SiteArgs};
#[cfg(feature = "service")]
pub use search::{SearchArgs, SearchFormat};
#[cfg(feature = "service")]
pub use snapshot::{CreateArgs, ListFormat, ReportArgs, SnapshotArgs, SnapshotCommand};
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

/// Arguments of `survey`.
#[cfg(feature = "service")]
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  abiscope survey --serve markupsafe simplejson==4.3.0
  abiscope survey --from corpus/packages.txt

A FILE has one NAME or NAME==VERSION a line; # starts a comment.
Exit status: 0 done, 1 a project was not found or is to be tried again later, 2 wrong usage, 130 interrupted.
")]
pub struct SurveyArgs {
    /// A project, or one of its releases
    #[arg(value_name = "NAME[==VERSION]", required_unless_present = "from")]
    pub projects: Vec<String>,
    /// Read projects from this file
    #[arg(long, value_name = "FILE")]
    pub from: Option<PathBuf>,
    /// Fetch the sdist even where the release's wheels say that it is pure Python
    #[arg(long)]
    pub all: bool,
    #[command(flatten)]
    pub history: HistoryArgs,
    /// Serve the dashboard meanwhile and afterwards, until interrupted
    #[arg(long, value_name = "ADDR", num_args = 0..=1, require_equals = true, default_missing_value = DEFAULT_ADDRESS)]
    pub serve: Option<std::net::SocketAddr>,
    /// The package index (its Simple API) [default: UV_DEFAULT_INDEX, PIP_INDEX_URL, pip's configuration, else PyPI]
    #[arg(long, value_name = "URL")]
    pub index_url: Option<String>,
    /// A mail address or URL for the User-Agent, so that the index's operators can reach you
    #[arg(long, env = "ABISCOPE_CONTACT", value_name = "CONTACT")]
    pub contact: Option<String>,
    #[command(flatten)]
    pub home: HomeArgs,
}

/// Which index, and who asks it.
#[cfg(feature = "service")]
#[derive(Debug, Clone, Args)]
pub struct IndexArgs {
    /// The package index (its Simple API) [default: UV_DEFAULT_INDEX, PIP_INDEX_URL, pip's configuration, else PyPI]
    #[arg(long, value_name = "URL")]
    pub index_url: Option<String>,
    /// A mail address or URL for the User-Agent, so that the index's operators can reach you
    #[arg(long, env = "ABISCOPE_CONTACT", value_name = "CONTACT")]
    pub contact: Option<String>,
    /// A host beyond the index's own that files may come from; may be repeated [default: learned from the first page]
    #[arg(long, value_name = "HOST")]
    pub file_host: Vec<String>,
    /// For tests: a request that failed is tried again at once
    #[arg(long, hide = true)]
    pub no_waits: bool,
}

/// How soon the jobs of a process that died are taken over: docs/CONTRACT.md says it, tests have less time.
#[cfg(feature = "service")]
#[derive(Debug, Clone, Args)]
pub struct TakeoverArgs {
    /// Seconds between two signs of life
    #[arg(long, hide = true, value_name = "SECONDS", default_value = "30", value_parser = seconds)]
    pub heartbeat: std::time::Duration,
    /// Seconds of silence after which others take the jobs over
    #[arg(long, hide = true, value_name = "SECONDS", default_value = "300", value_parser = seconds)]
    pub silence: std::time::Duration,
    /// Seconds between two looks for who is silent
    #[arg(long, hide = true, value_name = "SECONDS", default_value = "60", value_parser = seconds)]
    pub sweep: std::time::Duration,
}

#[cfg(feature = "service")]
fn seconds(text: &str) -> Result<std::time::Duration, String> {
    let number = text.parse().map_err(|_| format!("{text:?} is not a number of seconds"))?;
    let time = std::time::Duration::try_from_secs_f64(number).map_err(|error| error.to_string())?;
    if time.is_zero() { Err("it has to be more than 0".to_owned()) } else { Ok(time) }
}

/// Where metrics are told.
#[cfg(feature = "service")]
#[derive(Debug, Clone, Args)]
pub struct MetricsArgs {
    /// Second listener, with /metrics for Prometheus and /healthz, or `off`. Whoever reaches it can read it: name another
    /// address than one of the loopback, such as 0.0.0.0:8018, only on a network of your own [default: `serve`
    /// 127.0.0.1:8018 if that is free, else off]
    #[arg(long, env = "ABISCOPE_METRICS", value_name = "ADDR")]
    pub metrics: Option<crate::service::metrics::Place>,
}

/// Arguments of `crawl`.
#[cfg(feature = "service")]
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  abiscope crawl --contact me@example.org                     # everything, and again each day
  abiscope crawl --contact me@example.org --names mine.txt --once
  abiscope crawl --contact me@example.org --jobs 0            # only find out; `abiscope work` elsewhere does it

With a private database this process works, too. With DATABASE_URL it only fills the queue, unless --jobs is given.
Exit status: 0 done (with --once), 2 wrong usage, 130 interrupted.
")]
pub struct CrawlArgs {
    #[command(flatten)]
    pub index: IndexArgs,
    /// Crawl only the projects of this file, a name a line
    #[arg(long, value_name = "FILE")]
    pub names: Option<PathBuf>,
    #[command(flatten)]
    pub history: HistoryArgs,
    /// Ranks and downloads: the monthly list in JSON, rows with `project` and `download_count`
    #[arg(long, value_name = "FILE|URL")]
    pub top_list: Option<String>,
    /// End when all that was found is done, instead of looking again
    #[arg(long)]
    pub once: bool,
    /// Minutes between two looks at the index
    #[arg(long, value_name = "MINUTES", default_value_t = 24 * 60)]
    pub every: u64,
    /// Sdists to analyse at a time in this process; 0: none [default: one a core on a private database, else 0]
    #[arg(long, value_name = "N")]
    pub jobs: Option<usize>,
    /// Requests a second of the whole deployment; 0: no limit, for an index of your own
    #[arg(long, value_name = "RATE", default_value_t = 5.0)]
    pub requests_per_second: f64,
    /// Connections to the index of the whole deployment
    #[arg(long, value_name = "N", default_value_t = 8)]
    pub connections: u32,
    #[command(flatten)]
    pub retention: RetentionArgs,
    /// Believe a list of projects that lost many names at once
    #[arg(long)]
    pub believe_listing: bool,
    #[command(flatten)]
    pub metrics: MetricsArgs,
    #[command(flatten)]
    pub takeover: TakeoverArgs,
    #[command(flatten)]
    pub home: HomeArgs,
}

/// Arguments of `work`.
#[cfg(feature = "service")]
#[derive(Debug, Args)]
pub struct WorkArgs {
    /// Sdists to analyse at a time [default: one a core]
    #[arg(long, value_name = "N")]
    pub jobs: Option<usize>,
    #[command(flatten)]
    pub index: IndexArgs,
    #[command(flatten)]
    pub metrics: MetricsArgs,
    #[command(flatten)]
    pub takeover: TakeoverArgs,
    #[command(flatten)]
    pub home: HomeArgs,
}

/// Arguments of `serve`.
#[cfg(feature = "service")]
#[derive(Debug, Args)]
#[command(after_help = "\
A project that somebody looks up on the pages goes first in the queue. With a private database this process does that
work, too. With DATABASE_URL it only fills the queue, unless --jobs is given: `abiscope work` does it.
")]
pub struct ServeArgs {
    /// Address to listen on
    #[arg(long, value_name = "ADDR", default_value = DEFAULT_ADDRESS)]
    pub listen: std::net::SocketAddr,
    /// Sdists to analyse at a time in this process; 0: none [default: 1 on a private database, else 0]
    #[arg(long, value_name = "N")]
    pub jobs: Option<usize>,
    /// Behind a proxy: the header in which it says for whom, such as X-Forwarded-For; its last address is the client's.
    /// Without it whoever connects is the client. Only for limits on look-ups and on answers for programs, never stored;
    /// the latter do not count what comes from this machine itself, so a proxy on it needs this header to limit anybody
    #[arg(long, env = "ABISCOPE_CLIENT_ADDRESS_HEADER", value_name = "HEADER")]
    pub client_address_header: Option<web::HeaderName>,
    /// A file whose first line is the operator's token: who sends it may save proposals. Without one nobody may
    #[arg(long, env = "ABISCOPE_OPERATOR_TOKEN_FILE", value_name = "FILE")]
    pub operator_token_file: Option<PathBuf>,
    #[command(flatten)]
    pub index: IndexArgs,
    #[command(flatten)]
    pub metrics: MetricsArgs,
    #[command(flatten)]
    pub home: HomeArgs,
}

/// Arguments of `requeue`.
#[cfg(feature = "service")]
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
#[cfg(feature = "service")]
#[derive(Debug, Args)]
pub struct DigestArgs {
    #[command(flatten)]
    pub home: HomeArgs,
}

/// Arguments of `status`.
#[cfg(feature = "service")]
#[derive(Debug, Args)]
pub struct StatusArgs {
    /// How to print it
    #[arg(long, value_enum, default_value_t = StatusFormat::Text)]
    pub format: StatusFormat,
    #[command(flatten)]
    pub home: HomeArgs,
}

/// Formats of `status`.
#[cfg(feature = "service")]
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum StatusFormat {
    /// For people
    Text,
    /// One JSON object
    Json,
}

#[cfg(feature = "service")]
const DEFAULT_ADDRESS: &str = "127.0.0.1:8017";

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
        assert_eq!(args.serve.map(|a| a.to_string()).as_deref(), Some(DEFAULT_ADDRESS));
        assert_eq!(args.projects, ["numpy"]);
        let args = parse(&["abiscope", "survey", "--serve=127.0.0.1:9000", "numpy"]);
        assert_eq!(args.serve.map(|a| a.port()), Some(9000));
    }
}

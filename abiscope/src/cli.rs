//! The command line.

use std::path::PathBuf;

use analyzer::Environment;
use clap::{Args, Parser, Subcommand, ValueEnum};

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
}

/// What to do.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Analyse sdists or folders on this machine: no network, no database
    Scan(ScanArgs),
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
    /// Print how many projects and files are in which state
    #[cfg(feature = "service")]
    Status(StatusArgs),
    /// Give jobs that ran out of tries new ones
    #[cfg(feature = "service")]
    Requeue(RequeueArgs),
    /// Print one hash over all that was found out: equal databases say the same
    #[cfg(feature = "service")]
    Digest(DigestArgs),
    /// Bring the database at `DATABASE_URL` to this program's schema
    #[cfg(feature = "service")]
    Migrate(HomeArgs),
    /// Export the database to a file, or import one into an empty data directory
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
  abiscope scan . --on python=3.13,platform=linux
  abiscope scan --format jsonl *.tar.gz | jq -r 'select(.kind == \"member\") | .struct + \".\" + .member'

Exit status: 0 done, 1 an input could not be read (the others are still analysed), 2 wrong usage.
")]
pub struct ScanArgs {
    /// An sdist (.tar.gz, .zip, …) or a folder
    #[arg(required = true, value_name = "PATH")]
    pub paths: Vec<PathBuf>,
    /// How to print the report
    #[arg(long, value_enum, default_value_t = ScanFormat::Text)]
    pub format: ScanFormat,
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

/// Arguments of `db`.
#[cfg(feature = "service")]
#[derive(Debug, Args)]
pub struct DbArgs {
    #[command(subcommand)]
    pub command: DbCommand,
}

/// What to do with the database.
#[cfg(feature = "service")]
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
    /// Read a file that `db export` wrote
    Import {
        /// The file to read
        #[arg(value_name = "FILE")]
        file: PathBuf,
        #[command(flatten)]
        home: HomeArgs,
    },
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
    /// Believe a list of projects that lost many names at once
    #[arg(long)]
    pub believe_listing: bool,
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
    pub home: HomeArgs,
}

/// Arguments of `serve`.
#[cfg(feature = "service")]
#[derive(Debug, Args)]
pub struct ServeArgs {
    /// Address to listen on
    #[arg(long, value_name = "ADDR", default_value = DEFAULT_ADDRESS)]
    pub listen: std::net::SocketAddr,
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

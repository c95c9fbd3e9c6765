//! Arguments of `survey`, `crawl`, `work` and `serve`.

use std::path::PathBuf;
use std::time::Duration;

use clap::Args;

use super::{HistoryArgs, HomeArgs, RetentionArgs, seconds};

pub(super) const DEFAULT_ADDRESS: &str = "127.0.0.1:8017";

/// Arguments of `survey`.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  abiscope survey --serve markupsafe simplejson==4.3.0
  abiscope survey --from corpus/packages.txt
  abiscope survey --history --since 2024-01-01 lxml       # and what stood each quarter since

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
#[derive(Debug, Clone, Args)]
pub struct TakeoverArgs {
    /// Seconds between two signs of life
    #[arg(long, hide = true, value_name = "SECONDS", default_value = "30", value_parser = seconds)]
    pub heartbeat: Duration,
    /// Seconds of silence after which others take the jobs over
    #[arg(long, hide = true, value_name = "SECONDS", default_value = "300", value_parser = seconds)]
    pub silence: Duration,
    /// Seconds between two looks for who is silent
    #[arg(long, hide = true, value_name = "SECONDS", default_value = "60", value_parser = seconds)]
    pub sweep: Duration,
}

/// Where metrics are told.
#[derive(Debug, Clone, Args)]
pub struct MetricsArgs {
    /// Second listener, with /metrics for Prometheus and /healthz, or `off`. Whoever reaches it can read it: name another
    /// address than one of the loopback, such as 0.0.0.0:8018, only on a network of your own [default: `serve`
    /// 127.0.0.1:8018 if that is free, else off]
    #[arg(long, env = "ABISCOPE_METRICS", value_name = "ADDR")]
    pub metrics: Option<crate::service::metrics::Place>,
}

/// Arguments of `crawl`.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  abiscope crawl --contact me@example.org                     # everything, and again each day
  abiscope crawl --contact me@example.org --names mine.txt --once
  abiscope crawl --contact me@example.org --history=year      # and what stood at the end of each year
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
    /// The folder that `abiscope export --out DIR` writes to: what it holds can be downloaded at /exports
    #[arg(long, env = "ABISCOPE_EXPORTS", value_name = "DIR")]
    pub exports: Option<PathBuf>,
    #[command(flatten)]
    pub index: IndexArgs,
    #[command(flatten)]
    pub metrics: MetricsArgs,
    #[command(flatten)]
    pub home: HomeArgs,
}

//! The load generator, in a process of its own: requests at a constant rate, whatever becomes of those before.
//!
//! The loop is open: request *n* is sent at its time on the schedule, and its latency counts from that time, whether or
//! not the generator or a connection was free then.

use std::collections::BTreeMap;
use std::io::Write as _;
use std::time::Duration;

use anyhow::Context as _;
use clap::Args;
use nix::sys::resource::{UsageWho, getrusage};
use reqwest::header::ACCEPT_ENCODING;
use serde::{Deserialize, Serialize};
use tokio::sync::Semaphore;
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep_until};

use super::draw::Draw;
use super::mix::{Asked, Mix, Sizes};
use super::past::{ItemTrended, Trended};
use super::questions::{Ask, Question, Questions};

/// Connections at a time. A request that finds none free waits, and its latency grows.
const CONNECTIONS: usize = 128;

/// After so long a request counts as failed.
const PATIENCE: Duration = Duration::from_secs(30);

/// One request in so many takes its answer as it is, not compressed: these tell how large pages are.
const PLAIN_EVERY: usize = 16;

/// Arguments of the hidden command that is the load generator.
#[derive(Debug, Clone, Args)]
pub struct ClientArgs {
    /// Address of the server, `http://…`
    pub server: String,
    /// Requests a second
    pub rate: u32,
    /// For how long
    pub seconds: u32,
    /// What is asked for
    pub seed: u64,
    /// Projects of the made world
    pub projects: u32,
    /// Releases of each
    pub releases: u32,
    /// What to ask for
    #[arg(long, value_enum)]
    pub ask: Ask,
}

/// What the generator found.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(super) struct Found {
    /// By what was asked.
    pub(super) kinds: BTreeMap<String, KindFound>,
    /// CPU seconds of the generator itself.
    pub(super) cpu_seconds: f64,
    /// From the first request to the last answer.
    pub(super) wall_seconds: f64,
    /// The latest that the generator began a request after its time, microseconds: its own share of a latency.
    pub(super) latest_start: u64,
}

/// Answers of one kind.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(super) struct KindFound {
    /// Microseconds from the time on the schedule to the last byte; failed ones too.
    pub(super) latencies: Vec<u64>,
    /// Answers that were none, or had an error's status.
    pub(super) errors: usize,
    /// The address of one of these.
    pub(super) failed: String,
    /// Bytes of the largest answer that was not compressed, and its address.
    pub(super) largest: (usize, String),
    /// Microseconds of the slowest answer, and its address.
    pub(super) slowest: (u64, String),
}

/// One answer.
struct Answer {
    asked: &'static str,
    address: String,
    late: u64,
    latency: u64,
    /// Bytes, where they were not compressed.
    plain: Option<usize>,
    is_good: bool,
}

/// Sends the load and prints what was found, as JSON.
pub async fn generate(args: &ClientArgs) -> anyhow::Result<()> {
    let client = reqwest::Client::builder().http1_only().no_gzip().no_proxy().timeout(PATIENCE);
    let client = client.redirect(reqwest::redirect::Policy::none()).pool_max_idle_per_host(CONNECTIONS).build()?;
    let mix = Mix::new(Sizes { projects: args.projects, releases: args.releases });
    let questions = Questions::new();
    let (mut draw, free) = (Draw::new(args.seed), std::sync::Arc::new(Semaphore::new(CONNECTIONS)));
    let (start, mut answers, mut found) =
        (Instant::now() + Duration::from_millis(100), JoinSet::new(), Found::default());
    for n in 0..args.rate * args.seconds {
        let due = start + Duration::from_secs(1) * n / args.rate;
        let (asked, path) = match args.ask {
            Ask::Pages => named(mix.ask(&mut draw), Asked::as_str),
            Ask::Past => named(mix.past(&mut draw), Trended::as_str),
            Ask::ItemsPast => named(mix.item_past(&mut draw), ItemTrended::as_str),
            Ask::Proposals => named(questions.ask(&mut draw, "/whatif"), Question::as_str),
            Ask::WholeAnswers => named(questions.ask(&mut draw, "/api/v1/whatif"), Question::as_str),
        };
        let request = client.get(format!("{}{path}", args.server));
        let (free, is_plain) = (free.clone(), (n as usize).is_multiple_of(PLAIN_EVERY));
        sleep_until(due).await;
        let late = micros(due);
        answers.spawn(async move {
            let _place = free.acquire_owned().await;
            let request = if is_plain { request } else { request.header(ACCEPT_ENCODING, "gzip") };
            let bytes = answered(request).await;
            let latency = micros(due);
            let plain = bytes.as_ref().ok().copied().filter(|_| is_plain);
            Answer { asked, address: path, late, latency, plain, is_good: bytes.is_ok() }
        });
        while let Some(answer) = answers.try_join_next() {
            found.add(answer.context("a request broke")?);
        }
    }
    while let Some(answer) = answers.join_next().await {
        found.add(answer.context("a request broke")?);
    }
    found.wall_seconds = start.elapsed().as_secs_f64();
    found.cpu_seconds = crate::bench::cpu(getrusage(UsageWho::RUSAGE_SELF)?).as_secs_f64();
    serde_json::to_writer(std::io::stdout().lock(), &found)?;
    Ok(std::io::stdout().flush()?)
}

/// Bytes of the answer, to its end. A search that leads to a page is an answer, too.
async fn answered(request: reqwest::RequestBuilder) -> anyhow::Result<usize> {
    let response = request.send().await?.error_for_status()?;
    Ok(response.bytes().await?.len())
}

/// What was asked in a word, and the path.
fn named<T>((asked, path): (T, String), word: fn(T) -> &'static str) -> (&'static str, String) {
    (word(asked), path)
}

fn micros(since: Instant) -> u64 {
    u64::try_from(since.elapsed().as_micros()).unwrap_or(u64::MAX)
}

impl Found {
    fn add(&mut self, answer: Answer) {
        self.latest_start = self.latest_start.max(answer.late);
        let kind = self.kinds.entry(answer.asked.to_owned()).or_default();
        if answer.latency > kind.slowest.0 {
            kind.slowest = (answer.latency, answer.address.clone());
        }
        kind.latencies.push(answer.latency);
        if !answer.is_good {
            kind.errors += 1;
            kind.failed.clone_from(&answer.address);
        }
        if let Some(bytes) = answer.plain.filter(|bytes| *bytes > kind.largest.0) {
            kind.largest = (bytes, answer.address);
        }
    }
}

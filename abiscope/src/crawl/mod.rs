//! `abiscope crawl` and `abiscope work`: every project of an index, politely, with nothing lost.
//!
//! `crawl` finds out what is to be done and puts it into the queue in Postgres; `work` does it. Any number of both may
//! run, on one machine or many: they share the queue, the budget of requests and the store. On a private database
//! `crawl` works, too.

mod budget;
mod discover;
mod index;
mod jobs;
mod progress;
mod top_list;
mod watch;

use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::Context;
use packaging::ProjectName;
use store::{Budget, Job, ListingOutcome, ListingRules, NewJob, Presence, Priority, Store, WorkOptions};

use crate::analysis::{self, Pool};
use crate::cli::{CrawlArgs, IndexArgs, TakeoverArgs, WorkArgs};
use crate::exit::{self, Exit};
use crate::logs::say;
use crate::service::metrics::{Metrics, Scope};
use crate::service::{Home, Interrupt};

use discover::Discovered;
use index::Index;
use jobs::Crew;
use progress::Progress;

/// Jobs under way that wait for the index, besides those that analyse.
const WAITING: usize = 8;

/// What is due within this time is waited for.
const SOON: Duration = Duration::from_mins(2);

/// How long to wait for a store that is gone before it is asked again.
const STORE_RESTS: Duration = Duration::from_secs(3);

/// How often an empty queue is looked for.
const LOOK: Duration = Duration::from_millis(500);

/// A look at the queue is followed by so many times the time it took: it costs little of a database that is busy.
const LOOK_RARELY: u32 = 20;

/// Discovers what the index has, again and again or once, and works if asked.
pub async fn run(args: CrawlArgs) -> anyhow::Result<Exit> {
    if args.index.contact.is_none() {
        exit::complain("a crawl has to say who it is: --contact MAIL or URL, or ABISCOPE_CONTACT");
        return Ok(Exit::Usage);
    }
    let names = args.names.as_deref().map(read_names).transpose()?;
    let interrupt = Interrupt::listen()?;
    let home = Home::open(&args.home).await?;
    let outcome = crawl(&args, names.as_deref(), &home, &interrupt).await;
    home.leave().await;
    outcome
}

/// Works the queue off until interrupted.
pub async fn work(args: WorkArgs) -> anyhow::Result<Exit> {
    let interrupt = Interrupt::listen()?;
    let home = Home::open(&args.home).await?;
    let outcome = async {
        let Some(index) = opened(&home.store, &args.index, None, &interrupt).await? else { return Ok(Exit::Done) };
        let metrics = Metrics::start(args.metrics.metrics, Scope::Process).await?;
        metrics.watch(&index.client);
        let heard = interrupt.clone();
        say!("Working, {} sdists at a time, until Ctrl-C.", args.jobs.unwrap_or_else(cores));
        let options = options("work", args.jobs.unwrap_or_else(cores), &args.takeover);
        work_until(&home.store, index, options, async move { heard.heard().await }).await?;
        Ok(Exit::Done)
    }
    .await;
    home.leave().await;
    outcome
}

/// Works beside the dashboard of this process, mostly for those who look something up there, until interrupted.
pub async fn work_beside(store: &Store, index: &IndexArgs, jobs: usize, interrupt: Interrupt) -> anyhow::Result<()> {
    let index = Index::open(store, index, None).await?;
    let options = WorkOptions::new(jobs.max(1) + WAITING, presence("serve"));
    work_until(store, index, options, async move { interrupt.heard().await }).await
}

fn read_names(path: &std::path::Path) -> anyhow::Result<Vec<ProjectName>> {
    let text = std::fs::read_to_string(path).with_context(|| format!("reading {}", path.display()))?;
    let names = crawler::project_names(&text).with_context(|| format!("in {}", path.display()))?;
    Ok(names.into_iter().collect())
}

/// The index, unless it is interrupted before.
async fn opened(
    store: &Store,
    args: &IndexArgs,
    budget: Option<Budget>,
    interrupt: &Interrupt,
) -> anyhow::Result<Option<Index>> {
    tokio::select! {
        index = patiently(async || Index::open(store, args, budget).await) => index.map(Some),
        () = interrupt.heard() => Ok(None),
    }
}

async fn crawl(
    args: &CrawlArgs,
    names: Option<&[ProjectName]>,
    home: &Home,
    interrupt: &Interrupt,
) -> anyhow::Result<Exit> {
    let rate = (args.requests_per_second > 0.0).then_some(args.requests_per_second);
    let budget = Budget { per_second: rate, connections: args.connections };
    let Some(index) = opened(&home.store, &args.index, Some(budget), interrupt).await? else {
        return Ok(Exit::Interrupted);
    };
    let metrics = Metrics::start(args.metrics.metrics, Scope::Deployment(home.store.clone())).await?;
    metrics.watch(&index.client);
    if let Some(list) = &args.top_list {
        patiently(async || top_list::record(&home.store, args.index.contact.as_deref(), list).await).await?;
    }
    let jobs = args.jobs.unwrap_or_else(|| if home.is_private() { cores() } else { 0 });
    let rounds = rounds(args, names, &home.store, &index, jobs > 0);
    let stop = tokio_util::sync::CancellationToken::new();
    let working = {
        let (stop, store, index) = (stop.clone(), home.store.clone(), index.clone());
        let options = options("crawl", jobs, &args.takeover);
        tokio::spawn(async move {
            if jobs > 0 {
                work_until(&store, index, options, stop.cancelled_owned()).await?;
            }
            anyhow::Ok(())
        })
    };
    let outcome = tokio::select! {
        outcome = rounds => outcome.map(|()| Exit::Done),
        () = interrupt.heard() => {
            say!("Interrupted. What is done is kept; the same command goes on from there.");
            Ok(Exit::Interrupted)
        }
    };
    stop.cancel();
    working.await.context("the worker's task")??;
    outcome
}

/// Discovery, upkeep and, if this process works, waiting for the end; then again, unless once is enough.
async fn rounds(
    args: &CrawlArgs,
    names: Option<&[ProjectName]>,
    store: &Store,
    index: &Index,
    works: bool,
) -> anyhow::Result<()> {
    loop {
        patiently(async || round(args, names, store, index).await).await?;
        if works {
            let progress = Progress::start();
            let mut looked = Instant::now();
            while !patiently(async || is_done(store, &progress).await).await? {
                tokio::time::sleep(LOOK.max(looked.elapsed() * LOOK_RARELY)).await;
                looked = Instant::now();
            }
            progress.finish(&patiently(async || Ok(store.status().await?)).await?);
        }
        if args.once {
            return Ok(());
        }
        tokio::time::sleep(Duration::from_secs(args.every * 60)).await;
    }
}

/// Does it, and again from the start while the store is gone for a moment: a crawl outlives a restart of Postgres.
async fn patiently<T>(step: impl AsyncFn() -> anyhow::Result<T>) -> anyhow::Result<T> {
    loop {
        match step().await {
            Err(error) if error.downcast_ref::<store::Error>().is_some_and(store::Error::is_passing) => {
                tracing::warn!("the crawl waits for the store: {error:#}");
                tokio::time::sleep(STORE_RESTS).await;
            }
            done => return done,
        }
    }
}

/// Reads the listing, unless the names are given, and enqueues what is due.
async fn round(args: &CrawlArgs, names: Option<&[ProjectName]>, store: &Store, index: &Index) -> anyhow::Result<()> {
    if names.is_none() {
        let rules = if args.believe_listing { ListingRules::BELIEVE_ALL } else { ListingRules::default() };
        match discover::read_listing(store, index, rules).await? {
            Discovered::Listing(ListingOutcome::Applied { names, appeared, changed, gone }) => {
                say!(
                    { names, appeared, changed, gone },
                    "The index lists {names} projects: {appeared} new, {changed} changed, {gone} gone."
                );
            }
            Discovered::Listing(ListingOutcome::Refused(why)) => {
                say!("The index's list of projects is refused: {why}. What is known stays as it is.");
            }
            Discovered::Failed(failure) => say!("The index's list of projects could not be read: {failure}."),
        }
    }
    store.retention_set(&args.retention.policy()).await?;
    store.history_set(args.history.policy().map(|history| history.to_string()).as_deref()).await?;
    // Before new pages are read: what these find is enqueued by whoever reads them.
    store.enqueue_waiting_files().await?;
    let due = discover::enqueue(store, names).await?;
    store.enqueue(&[NewJob::new(Job::Refresh, Priority::Crawl)]).await?;
    say!(
        { due = due.due, enqueued = due.enqueued },
        "{} projects to read, {} of them new in the queue.", due.due, due.enqueued
    );
    Ok(())
}

/// Whether nothing waits any more that could be done now or soon. What has to rest for longer is done another time.
async fn is_done(store: &Store, progress: &Progress) -> anyhow::Result<bool> {
    if progress.is_seen() {
        progress.show(&store.crawl_progress().await?);
    }
    Ok(store.is_at_rest(SOON).await?)
}

/// How a process works that analyses so many sdists at a time.
fn options(role: &str, jobs: usize, takeover: &TakeoverArgs) -> WorkOptions {
    let TakeoverArgs { heartbeat, silence, sweep } = *takeover;
    WorkOptions { heartbeat, silence, sweep, ..WorkOptions::new(jobs.max(1) + WAITING, presence(role)) }
}

/// Works until `stop`.
async fn work_until(
    store: &Store,
    index: Index,
    options: WorkOptions,
    stop: impl Future<Output = ()> + Send + 'static,
) -> anyhow::Result<()> {
    let children = Pool::new(analysis::Config { children: options.jobs - WAITING, ..analysis::Config::new()? })?;
    let crew = Arc::new(Crew::new(store.clone(), index, children));
    store.work(&options, crew, stop).await?;
    Ok(())
}

/// How this process is shown on the status page.
fn presence(role: &str) -> Presence {
    let host =
        nix::unistd::gethostname().map_or_else(|_| "unknown".to_owned(), |name| name.to_string_lossy().into_owned());
    let id = format!("{host}-{}-{:?}", std::process::id(), std::time::SystemTime::now());
    let version = format!("{} (analyzer {})", env!("CARGO_PKG_VERSION"), analyzer::ANALYZER_VERSION);
    Presence { id, role: role.to_owned(), host: format!("{host}, process {}", std::process::id()), version }
}

fn cores() -> usize {
    std::thread::available_parallelism().map_or(1, usize::from)
}

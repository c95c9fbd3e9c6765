//! What trends cost over the survey in a data folder, such as `cargo xtask load --database DIR` makes:
//! `cargo run --release -p store --example trends -- DIR`, a quarter of an hour after that was written at the earliest.
//!
//! Prints how long deriving, counting anew and counting a day's changes take, and how long answers take, in one run.

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use anyhow::Context as _;
use sqlx::PgPool;
use store::{Blobs, Store};
use trends::{Month, Scope, Subject};

/// Of a hundred projects so many have news on a day.
const NEWS: i32 = 1;

/// How often each answer is asked for.
const ASKED: usize = 50;

fn main() -> anyhow::Result<()> {
    // Before there are other threads: the supervisor is this program, too.
    private_postgres::run_supervisor_if_asked();
    tokio::runtime::Runtime::new()?.block_on(run())
}

async fn run() -> anyhow::Result<()> {
    let home: PathBuf = std::env::args_os().nth(1).context("name the data folder")?.into();
    let config = private_postgres::Config { data_dir: home.clone(), releases_url: None, ignore_installed: false };
    let postgres = private_postgres::join(&config, &|_| ()).await?;
    let done = measured(postgres.url(), &home).await;
    postgres.leave().await;
    done
}

/// A store that holds nothing in memory yet.
async fn fresh(url: &str, home: &Path) -> anyhow::Result<Store> {
    Ok(Store::connect(url, Blobs::folder(&home.join("blobs"))?).await?)
}

/// Says how long it took to read the past.
async fn read(store: &Store, what: &str) -> anyhow::Result<()> {
    let began = Instant::now();
    store.trends_read().await?;
    println!("{:8.2} s  {what}", began.elapsed().as_secs_f64());
    Ok(())
}

async fn measured(url: &str, home: &Path) -> anyhow::Result<()> {
    let pool = PgPool::connect(url).await?;
    let counts =
        "SELECT (SELECT count(*) FROM projects), (SELECT count(*) FROM releases), (SELECT count(*) FROM report_facts)";
    let (projects, releases, known): (i64, i64, i64) = sqlx::query_as(counts).fetch_one(&pool).await?;
    println!("{projects} projects, {releases} releases, facts of {known} reports derived before");
    if known == 0 {
        read(&fresh(url, home).await?, "the first time: facts of every report derived, and everything counted").await?;
    }
    let store = fresh(url, home).await?;
    read(&store, "everything counted anew").await?;
    let range = store.trend_range().await?;
    println!("{} to {}, {} structures", range.first, range.until, range.structures.len());

    let news = "UPDATE projects SET read_at = now() WHERE id % 100 < $1";
    let changed = sqlx::query(news).bind(NEWS).execute(&pool).await?.rows_affected();
    sqlx::query("UPDATE data_changes SET changes = changes + 1 WHERE slot = 0").execute(&pool).await?;
    read(&store, &format!("a day's changes counted: {changed} projects")).await?;

    let words = ["verdict:abi3-3.11:no-blocker", "ships:abi3", "structure:PyTypeObject", "could-be:abi3t-3.15"];
    let subjects: Vec<Subject> = words.into_iter().map(str::parse).collect::<Result<_, _>>()?;
    let item: Subject = "item:api:PyTuple_GET_SIZE".parse()?;
    let until = Month::of(range.until);
    let month = (until.before(), until);
    let cohort = range.years.last().map_or(Scope::All, |year| Scope::Cohort(*year));
    let subject = |n: usize| &subjects[n % subjects.len()];
    told("a series", async |n| store.series(subject(n), Scope::All).await.map(drop)).await?;
    told("who moved one", async |n| store.trend_changes(subject(n), Scope::All, month).await.map(drop)).await?;
    told("who moved an item", async |_| store.trend_changes(&item, Scope::All, month).await.map(drop)).await?;
    told("an item in the cohort of the last year", async |_| store.series(&item, cohort).await.map(drop)).await
}

/// Asks for something many times, and prints the median and the 99th percentile.
async fn told(what: &str, ask: impl AsyncFn(usize) -> Result<(), store::Error>) -> anyhow::Result<()> {
    let mut took: Vec<Duration> = Vec::new();
    for n in 0..ASKED {
        let began = Instant::now();
        ask(n).await?;
        took.push(began.elapsed());
    }
    took.sort_unstable();
    let at = |share: usize| took[(took.len() - 1) * share / 100].as_secs_f64() * 1000.0;
    println!("{:8.2} ms, {:.2} ms at the 99th percentile: {what}", at(50), at(99));
    Ok(())
}

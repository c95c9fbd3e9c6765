//! `cargo xtask load`: how quick pages are under a steady load, over a made world of many projects.
//!
//! The world is made once, from what the real 40 packages are like, in a private Postgres in a folder of its own. Then the
//! program serves it, and a load generator in another process asks for pages at a constant rate, cold and warm.

mod client;
mod draw;
mod mix;
mod news;
mod past;
mod questions;
mod real;
mod server;
mod table;
mod world;

use std::path::{Path, PathBuf};
use std::process::{ExitCode, Stdio};
use std::time::Instant;

use anyhow::{Context as _, bail, ensure};
use clap::Args;
use tokio::process::Command;

pub(crate) use client::{ClientArgs, generate};

use self::client::Found;
use self::mix::Sizes;
use self::questions::Ask;
use self::server::Served;

/// Arguments of `load`.
#[derive(Debug, Args)]
pub struct LoadArgs {
    /// Projects of the made world
    #[arg(long, value_name = "N", default_value_t = 20_000)]
    pub projects: u32,
    /// Releases of each
    #[arg(long, value_name = "N", default_value_t = 10)]
    pub releases: u32,
    /// Requests a second
    #[arg(long, value_name = "N", default_value_t = 300)]
    pub rate: u32,
    /// How long each run lasts
    #[arg(long, value_name = "SECONDS", default_value_t = 60)]
    pub seconds: u32,
    /// What the world is made by and what is asked for
    #[arg(long, value_name = "N", default_value_t = 1)]
    pub seed: u64,
    /// Keeps the world in this folder, or uses the one that is there [default: a temporary folder]
    #[arg(long, value_name = "DIR")]
    pub database: Option<PathBuf>,
    /// The program to measure: build it first with `cargo build --release`
    #[arg(long, value_name = "FILE", default_value = "target/release/abiscope")]
    pub program: PathBuf,
}

/// Makes the world, then prints the figures of pages, cold and warm, of the past, of proposals and of a day's changes.
pub async fn run(args: &LoadArgs) -> anyhow::Result<ExitCode> {
    ensure!(args.program.exists(), "{} is missing: cargo build --release", args.program.display());
    let temporary = args.database.is_none().then(tempfile::tempdir).transpose()?;
    let home = args.database.as_deref().or_else(|| temporary.as_ref().map(tempfile::TempDir::path));
    let home = home.context("a folder for the world")?;
    std::fs::create_dir_all(home)?;
    // What was started ends with what is dropped here.
    tokio::select! {
        done = measured(args, home) => done?,
        _ = tokio::signal::ctrl_c() => bail!("interrupted"),
    }
    Ok(ExitCode::SUCCESS)
}

async fn measured(args: &LoadArgs, home: &Path) -> anyhow::Result<()> {
    let sizes = Sizes { projects: args.projects, releases: args.releases };
    println!("{}\n", world::make(&args.program, home, sizes, args.seed).await?);
    // The first start derives what only earlier releases had: once for each set of releases.
    let start = Instant::now();
    Served::start(&args.program, home).await?.stop().await?;
    println!("the first start took {:.1} s", start.elapsed().as_secs_f64());
    let disk = if server::disk_cache_dropped() { "the disk's cache emptied" } else { "the disk's cache as it was" };
    let start = Instant::now();
    let served = Served::start(&args.program, home).await?;
    println!(
        "Postgres and the server were ready after {:.1} s: the survey is in memory",
        start.elapsed().as_secs_f64()
    );
    println!("{}\n", news::told_of_start(&served).await?);
    let proposals = format!("Proposals of ten rules, {} a second", Load::PROPOSALS.rate);
    let whole = format!("The same whole, as JSON, {} a second", Load::WHOLE.rate);
    let pages = Load { rate: args.rate, seconds: args.seconds, ask: Ask::Pages };
    // One visitor in ten looks at the past.
    let past = Load { rate: (args.rate / 10).max(1), ask: Ask::Past, ..pages };
    let items = format!("Items over time in parts of the projects, {} a second", Load::ITEMS.rate);
    for (title, seed, load) in [
        (format!("Cold: server and Postgres just started, {disk}"), args.seed, pages),
        ("Warm: the same once more, asking for other things".to_owned(), args.seed + 1, pages),
        (format!("Pages about the past, {} a second", past.rate), args.seed, past),
        (proposals.clone(), args.seed, Load::PROPOSALS),
        (format!("{proposals}, asking for other things"), args.seed + 1, Load::PROPOSALS),
        (whole, args.seed, Load::WHOLE),
        (items, args.seed, Load::ITEMS),
    ] {
        let before = served.used()?;
        let mut found = loaded(args, &served.address, seed, load).await?;
        println!("{}", table::table(&title, &mut found, before, served.used()?));
    }
    for _ in 0..2 {
        println!("{}", news::told_of_a_day(&served).await?);
    }
    served.stop().await
}

/// What is asked for, how often and for how long.
#[derive(Debug, Clone, Copy)]
struct Load {
    rate: u32,
    seconds: u32,
    ask: Ask,
}

impl Load {
    /// Fewer than a single client may ask for.
    const PROPOSALS: Self = Self { rate: 4, seconds: 75, ask: Ask::Proposals };
    const WHOLE: Self = Self { rate: 1, seconds: 30, ask: Ask::WholeAnswers };
    const ITEMS: Self = Self { rate: 1, seconds: 60, ask: Ask::ItemsPast };
}

/// Runs the load generator.
async fn loaded(args: &LoadArgs, address: &str, seed: u64, load: Load) -> anyhow::Result<Found> {
    let mut command = Command::new(std::env::current_exe()?);
    command.arg("load-client").arg(address).args(["--ask", load.ask.as_str()]);
    command.args([load.rate, load.seconds].map(|number| number.to_string()));
    command.arg(seed.to_string()).args([args.projects, args.releases].map(|number| number.to_string()));
    let output = command.stderr(Stdio::inherit()).kill_on_drop(true).output().await?;
    ensure!(output.status.success(), "the load generator ended with {}", output.status);
    serde_json::from_slice(&output.stdout).context("the load generator's figures")
}

//! `cargo xtask scale`: what a project costs the crawl when the index is small and when it is large.
//!
//! For each size a new database is made in a folder of its own and the whole program crawls a generated index, which runs
//! in another process, with the rate limit off. CPU time is the measure: on a machine with other work it says the same
//! as on an idle one, which seconds do not.

mod crawl;
mod memory;
mod plans;
pub(crate) mod processes;
mod table;
mod world;

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{bail, ensure};
use clap::Args;

pub(crate) use world::{FakeIndexArgs, serve};

/// The cost of a project may grow so much from the smallest size to any other.
const GOAL: f64 = 1.3;

/// Arguments of `scale`.
#[derive(Debug, Args)]
pub struct ScaleArgs {
    /// Projects of the generated index, a crawl for each
    #[arg(long, value_name = "N", value_delimiter = ',', default_values_t = [5_000, 20_000, 50_000])]
    pub projects: Vec<u32>,
    /// The program to measure: build it first with `cargo build --release`
    #[arg(long, value_name = "FILE", default_value = "target/release/abiscope")]
    pub program: PathBuf,
    /// Keeps the databases, and says where they are
    #[arg(long)]
    pub keep: bool,
}

/// Crawls an index of each size and prints what it cost, then the plans of the largest queries of the largest crawl.
pub async fn run(args: &ScaleArgs) -> anyhow::Result<ExitCode> {
    ensure!(args.program.exists(), "{} is missing: cargo build --release", args.program.display());
    let mut sizes = args.projects.clone();
    sizes.sort_unstable();
    sizes.dedup();
    println!("{}", table::head());
    let mut crawls = Vec::new();
    for projects in &sizes {
        let with_plans = sizes.last() == Some(projects);
        let crawl = crawl::Order { program: &args.program, projects: *projects, keep: args.keep, with_plans };
        // What was started ends with what is dropped here.
        let figures = tokio::select! {
            figures = crawl.run() => figures?,
            _ = tokio::signal::ctrl_c() => bail!("interrupted"),
        };
        println!("{}", table::row(&figures));
        crawls.push(figures);
    }
    print!("{}", table::ratios(&crawls, GOAL));
    for plan in crawls.iter().flat_map(|crawl| &crawl.plans) {
        println!("\n{plan}");
    }
    Ok(ExitCode::SUCCESS)
}

//! The generated index, in a process of its own: its memory and CPU time are not the crawl's.

use std::process::Stdio;

use anyhow::Context as _;
use clap::Args;
use fake_index::FakeIndex;
use tokio::io::{AsyncBufReadExt as _, BufReader};
use tokio::process::{Child, Command};

/// Makes every run's index the same.
const SEED: u64 = 4;

/// Arguments of the hidden command that is the index.
#[derive(Debug, Args)]
pub struct FakeIndexArgs {
    /// Projects of it
    projects: u32,
}

/// Serves an index until standard input ends. Says its address in a line.
pub fn serve(args: &FakeIndexArgs) {
    let index = FakeIndex::start_in_thread();
    index.keep_only_counts();
    index.generate(SEED, args.projects);
    index.send_validators();
    println!("{}", index.url());
    // Whatever comes, and whatever goes wrong with it: the end is the end.
    let _ = std::io::copy(&mut std::io::stdin(), &mut std::io::sink());
}

/// The process. It ends with this value, or with this program.
#[derive(Debug)]
pub(super) struct World {
    /// What `--index-url` takes.
    pub(super) url: String,
    _process: Child,
}

impl World {
    /// Starts this program again as an index of so many projects.
    pub(super) async fn start(projects: u32) -> anyhow::Result<Self> {
        let mut command = Command::new(std::env::current_exe().context("finding this program's own file")?);
        command.arg("fake-index").arg(projects.to_string());
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).kill_on_drop(true);
        let mut process = command.spawn().context("starting the generated index")?;
        let said = process.stdout.take().context("the generated index has no output")?;
        let line = BufReader::new(said).lines().next_line().await.context("listening to the generated index")?;
        Ok(Self { url: line.context("the generated index ended without a word")?, _process: process })
    }
}

//! The program under test: `abiscope serve` over the made world, watched from outside.

use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use anyhow::{Context as _, bail};
use private_postgres::{Config, Server};
use tokio::process::{Child, Command};

use crate::database::tell;
use crate::scale::processes::{Process, bytes, cpu_of_family};

/// How long a server may take to come up and read the survey: the first time it derives what earlier releases had.
const PATIENCE: Duration = Duration::from_mins(30);

/// A server and the Postgres below it.
#[derive(Debug)]
pub(super) struct Served {
    pub(super) address: String,
    /// Where it tells its metrics.
    metrics: String,
    process: Child,
    postgres: Server,
    home: PathBuf,
}

/// What the two have used so far.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Used {
    /// CPU time of the server.
    pub(super) server: Duration,
    /// CPU time of Postgres.
    pub(super) postgres: Duration,
    /// Bytes that the server holds.
    pub(super) server_memory: u64,
    /// Bytes that the processes of Postgres hold together, without what they share.
    pub(super) postgres_memory: u64,
}

impl Served {
    /// Starts Postgres and the server on the data in `home`.
    pub(super) async fn start(program: &Path, home: &Path) -> anyhow::Result<Self> {
        let postgres = private_postgres::join(&config(home), &tell).await?;
        let (listen, metrics) = free_addresses()?;
        let log = std::fs::File::create(home.join("serve.log")).context("making a file for the server's words")?;
        let mut command = abiscope(program, home);
        // As the image has it.
        command.env("MALLOC_ARENA_MAX", "2");
        command.args(["serve", "--jobs", "0", "--metrics", &metrics, "--listen", &listen]).kill_on_drop(true);
        let process = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(log).spawn();
        let process = process.with_context(|| format!("starting {}", program.display()))?;
        let mut served =
            Self { address: format!("http://{listen}"), metrics, process, postgres, home: home.to_owned() };
        match tokio::time::timeout(PATIENCE, served.is_up()).await {
            Ok(up) => up.map(|()| served),
            Err(_) => bail!("the server was not ready within half an hour: see serve.log in {}", home.display()),
        }
    }

    /// Asks as a load balancer does.
    async fn is_up(&mut self) -> anyhow::Result<()> {
        loop {
            if let Some(status) = self.process.try_wait()? {
                bail!("the server ended with {status}: see serve.log in {}", self.home.display());
            }
            let ready = reqwest::get(format!("{}/readyz", self.address)).await;
            if ready.is_ok_and(|answer| answer.status().is_success()) {
                return Ok(());
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    /// What it tells of itself.
    pub(super) async fn metrics(&self) -> anyhow::Result<String> {
        let told = reqwest::get(format!("http://{}/metrics", self.metrics)).await?.error_for_status()?;
        Ok(told.text().await?)
    }

    /// The address of its database.
    pub(super) fn database(&self) -> &str {
        self.postgres.url()
    }

    /// What was used so far.
    pub(super) fn used(&self) -> anyhow::Result<Used> {
        let id = self.process.id().context("the server has ended")?;
        let postmaster = postmaster(&self.home)?;
        let all = Process::all();
        let families = Process::children(postmaster, &all).map(|process| process.id).chain([postmaster]);
        Ok(Used {
            server: cpu_of_family(id),
            postgres: cpu_of_family(postmaster),
            server_memory: bytes(id, "VmRSS"),
            postgres_memory: families.map(|process| bytes(process, "RssAnon")).sum(),
        })
    }

    /// Ends both.
    pub(super) async fn stop(mut self) -> anyhow::Result<()> {
        self.process.kill().await.context("ending the server")?;
        self.postgres.leave().await;
        Ok(())
    }
}

/// Two that nobody listens at: they are looked for here and taken by the server.
fn free_addresses() -> anyhow::Result<(String, String)> {
    let held = [std::net::TcpListener::bind("127.0.0.1:0")?, std::net::TcpListener::bind("127.0.0.1:0")?];
    Ok((held[0].local_addr()?.to_string(), held[1].local_addr()?.to_string()))
}

/// The private Postgres of a data directory.
pub(super) fn config(home: &Path) -> Config {
    Config { data_dir: home.to_owned(), releases_url: None, ignore_installed: false }
}

/// The program, with nothing of our environment that could lead it to other data.
pub(super) fn abiscope(program: &Path, home: &Path) -> Command {
    let mut command = Command::new(program);
    let ours = |name: &str| name == "DATABASE_URL" || name.starts_with("ABISCOPE_");
    for (name, _) in std::env::vars_os().filter(|(name, _)| name.to_str().is_some_and(ours)) {
        command.env_remove(name);
    }
    command.env("ABISCOPE_DATA_DIR", home);
    command
}

fn postmaster(home: &Path) -> anyhow::Result<u32> {
    let path = home.join("postgres/cluster/postmaster.pid");
    let text = std::fs::read_to_string(&path).with_context(|| format!("reading {}", path.display()))?;
    text.lines().next().and_then(|line| line.trim().parse().ok()).context("Postgres' pid file holds no number")
}

/// Empties the system's cache of files, so that the next reads come from the disk. Only root may; returns whether it was done.
pub(super) fn disk_cache_dropped() -> bool {
    nix::unistd::sync();
    std::fs::write("/proc/sys/vm/drop_caches", "3").is_ok()
}

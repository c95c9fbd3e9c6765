//! One crawl of a new database, watched from outside.

use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::{Duration, Instant};

use anyhow::{Context as _, ensure};
use nix::sys::resource::{UsageWho, getrusage};
use private_postgres::{Config, Server};
use serde::Deserialize;
use std::collections::BTreeMap;
use tempfile::TempDir;
use tokio::process::{Child, Command};

use super::memory::Peaks;
use super::plans::{self, Plan};
use super::processes::cpu_of_family;
use super::world::World;
use crate::database::tell;

/// How often memory is looked at.
const LOOK: Duration = Duration::from_millis(250);

/// What to crawl.
pub(super) struct Order<'a> {
    pub(super) program: &'a Path,
    pub(super) projects: u32,
    pub(super) keep: bool,
    /// Takes the plans when half of the projects are read.
    pub(super) with_plans: bool,
}

/// What it cost.
#[derive(Debug)]
pub(super) struct Figures {
    pub(super) projects: u32,
    pub(super) wall: Duration,
    /// CPU time of the crawl and its children.
    pub(super) own: Duration,
    /// CPU time of Postgres meanwhile.
    pub(super) postgres: Duration,
    pub(super) peaks: Peaks,
    pub(super) database_bytes: u64,
    pub(super) plans: Vec<Plan>,
}

/// What `abiscope status` says of it.
#[derive(Debug, Deserialize)]
struct Status {
    files: BTreeMap<String, u64>,
    database_bytes: u64,
}

impl Order<'_> {
    /// Makes a database and an index, and crawls.
    pub(super) async fn run(&self) -> anyhow::Result<Figures> {
        let home = TempDir::with_prefix("abiscope-scale-").context("cannot make a temporary folder")?;
        let world = World::start(self.projects).await?;
        let config = Config { data_dir: home.path().to_owned(), releases_url: None, ignore_installed: false };
        let server = private_postgres::join(&config, &tell).await?;
        let figures = self.watched(home.path(), &world, &server).await;
        server.leave().await;
        if self.keep {
            eprintln!("xtask: the database of {} projects is in {}", self.projects, home.keep().display());
        }
        figures
    }

    async fn watched(&self, home: &Path, world: &World, server: &Server) -> anyhow::Result<Figures> {
        let postmaster = postmaster(home)?;
        let (started, own, postgres) = (Instant::now(), ended_children()?, cpu_of_family(postmaster));
        let mut crawl = self.crawl(home, world)?;
        let (mut peaks, mut plans) = (Peaks::default(), None);
        let id = crawl.id().context("the crawl ended as it was started")?;
        let status = loop {
            tokio::select! {
                status = crawl.wait() => break status.context("waiting for the crawl")?,
                () = tokio::time::sleep(LOOK) => peaks.look(id, postmaster),
            }
            if self.with_plans && plans.is_none() && plans::half_is_read(server.url(), self.projects).await? {
                plans = Some(plans::take(server.url()).await?);
            }
        };
        let (wall, postgres) = (started.elapsed(), cpu_of_family(postmaster).saturating_sub(postgres));
        let own = ended_children()?.saturating_sub(own);
        ensure!(status.success(), "the crawl ended with {status}; {} has its words", log(home).display());
        let status = self.status(home).await?;
        for open in ["queued", "fetched", "deferred"] {
            ensure!(!status.files.contains_key(open), "the crawl left sdists {open}: {:?}", status.files);
        }
        let plans = match plans {
            None if self.with_plans => plans::take(server.url()).await?,
            plans => plans.unwrap_or_default(),
        };
        let database_bytes = status.database_bytes;
        Ok(Figures { projects: self.projects, wall, own, postgres, peaks, database_bytes, plans })
    }

    fn crawl(&self, home: &Path, world: &World) -> anyhow::Result<Child> {
        let mut command = self.abiscope(home);
        command.args(["crawl", "--once", "--contact", "scale@example.org", "--requests-per-second", "0"]);
        command.args(["--index-url", &world.url]).kill_on_drop(true);
        let said = std::fs::File::create(log(home)).context("making a file for the crawl's words")?;
        command.stdout(Stdio::null()).stderr(said);
        command.spawn().with_context(|| format!("starting {}", self.program.display()))
    }

    async fn status(&self, home: &Path) -> anyhow::Result<Status> {
        let said = self.abiscope(home).args(["status", "--format", "json"]).output().await;
        serde_json::from_slice(&said.context("asking for the status")?.stdout).context("reading the status")
    }

    /// The program, with nothing of our environment that could lead it to other data.
    fn abiscope(&self, home: &Path) -> Command {
        let mut command = Command::new(self.program);
        let ours = |name: &str| name == "DATABASE_URL" || name.starts_with("ABISCOPE_");
        for (name, _) in std::env::vars_os().filter(|(name, _)| name.to_str().is_some_and(ours)) {
            command.env_remove(name);
        }
        command.env("ABISCOPE_DATA_DIR", home);
        command
    }
}

/// Where the words of the crawl go.
fn log(home: &Path) -> PathBuf {
    home.join("crawl.log")
}

/// The process of the server that is joined.
fn postmaster(home: &Path) -> anyhow::Result<u32> {
    let path = home.join("postgres/cluster/postmaster.pid");
    let text = std::fs::read_to_string(&path).with_context(|| format!("reading {}", path.display()))?;
    text.lines().next().and_then(|line| line.trim().parse().ok()).context("Postgres' pid file holds no number")
}

/// CPU time of all that this process has started and that has ended, with what they had started.
fn ended_children() -> anyhow::Result<Duration> {
    Ok(crate::bench::cpu(getrusage(UsageWho::RUSAGE_CHILDREN)?))
}

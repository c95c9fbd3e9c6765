//! A deployment: a database, a folder of blobs, and processes that share them.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Output, Stdio};
use std::time::{Duration, Instant};

use fake_index::FakeIndex;
use tempfile::TempDir;

use crate::server::{self, Server};

/// States in which nothing may be left lying.
const OPEN: [&str; 3] = ["queued", "fetched", "deferred"];

/// A database with a folder, and the address of an index.
pub struct Deployment {
    /// Of the database.
    pub url: String,
    /// Of the blobs.
    pub blobs: PathBuf,
    index_url: String,
    folder: TempDir,
}

/// All that was found out.
#[derive(Debug, PartialEq, Eq)]
pub struct Found {
    /// Projects, releases and files by state.
    pub states: BTreeMap<String, BTreeMap<String, i64>>,
    /// Every blob with its size, but for those of the index of sources: which packs one has depends on when it was made.
    pub blobs: BTreeSet<(String, u64)>,
    /// One hash over all rows.
    pub digest: String,
}

impl Deployment {
    /// An empty one, migrated.
    pub fn new(server: &Server, database: &str, index: &FakeIndex) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let blobs = folder.path().join("blobs");
        let deployment = Self { url: server.create(database), blobs, index_url: index.url(), folder };
        deployment.done(&["migrate"]);
        deployment
    }

    /// A command of it.
    pub fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_abiscope"));
        command.env("DATABASE_URL", &self.url).env("ABISCOPE_DATA_DIR", self.folder.path().join("data"));
        command.env("ABISCOPE_BLOBS", &self.blobs).env("ABISCOPE_CONTACT", "tests@example.org");
        command.env("RUST_LOG", "warn,graphile_worker=error,abiscope::analysis=debug").env("NO_COLOR", "1").args(args);
        command
    }

    /// Runs a command to its end, which is a good one.
    pub fn done(&self, args: &[&str]) -> Output {
        let done = self.command(args).stdin(Stdio::null()).output().expect("it runs");
        assert!(done.status.success(), "{args:?}: {}", String::from_utf8_lossy(&done.stderr));
        done
    }

    /// Starts a process that goes on; `args` begin with its role, `crawl` or `work`.
    pub fn start(&self, args: &[&str]) -> Running {
        let log = tempfile::NamedTempFile::new_in(self.folder.path()).expect("a file").into_temp_path();
        let output = File::create(&log).expect("a file");
        let mut command = self.command(args);
        command.args(["--index-url", &self.index_url]);
        let child = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(output).spawn().expect("it runs");
        Running { child, log: log.to_path_buf(), _log: log }
    }

    /// Crawls everything in one process until nothing is left to do.
    pub fn crawl_to_the_end(&self, more: &[&str]) {
        let args = ["crawl", "--once", "--jobs", "2", "--requests-per-second", "0", "--index-url", &self.index_url];
        self.done(&[&args, more].concat());
    }

    /// `status --format json`.
    pub fn status(&self) -> serde_json::Value {
        serde_json::from_slice(&self.done(&["status", "--format", "json"]).stdout).expect("JSON")
    }

    /// All that was found out until now.
    pub fn found(&self) -> Found {
        let now = self.status();
        let counts =
            |of: &str| -> BTreeMap<String, i64> { serde_json::from_value(now[of].clone()).expect("counts by state") };
        let states = ["projects", "releases", "files"].map(|of| (of.to_owned(), counts(of))).into();
        let digest = String::from_utf8(self.done(&["digest"]).stdout).expect("text");
        Found { states, blobs: blobs(&self.blobs), digest }
    }
}

impl Found {
    /// Sdists that are in no state to stay in.
    pub fn open(&self) -> i64 {
        OPEN.iter().filter_map(|state| self.states["files"].get(*state)).sum()
    }
}

/// What a blob of the index of sources begins with.
const INDEX: &[u8] = b"abisidx1";

/// Keys and sizes in a folder of blobs. What a put that was killed left behind has another name.
fn blobs(folder: &Path) -> BTreeSet<(String, u64)> {
    let folders = std::fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry").path());
    let files = folders.filter(|path| path.is_dir()).flat_map(|path| std::fs::read_dir(path).expect("a folder"));
    let files = files.map(|entry| entry.expect("an entry"));
    let named = files.map(|entry| (entry.file_name().into_string().expect("UTF-8"), entry));
    let whole = named.filter(|(name, _)| name.len() == 64);
    let whole = whole.filter(|(_, entry)| !std::fs::read(entry.path()).expect("a blob").starts_with(INDEX));
    whole.map(|(name, entry)| (name, entry.metadata().expect("a file").len())).collect()
}

/// A process that goes on. Killed when it is dropped.
pub struct Running {
    child: Child,
    log: PathBuf,
    _log: tempfile::TempPath,
}

impl Running {
    /// Kills it as nothing can be prepared for.
    pub fn kill(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }

    /// How it ended, if it has.
    pub fn ended(&mut self) -> Option<ExitStatus> {
        self.child.try_wait().expect("a child of ours")
    }

    /// What it said.
    pub fn said(&self) -> String {
        std::fs::read_to_string(&self.log).unwrap_or_default()
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.kill();
    }
}

/// Waits until there is nothing left to do, and what else is asked for is so, too. Whoever works has to be there still.
pub fn wait_until_idle(deployment: &Deployment, crew: &[Running], and: impl Fn() -> bool) {
    let give_up = Instant::now() + Duration::from_mins(3);
    while !(is_idle(&deployment.url) && and()) {
        let said = || crew.iter().map(Running::said).collect::<String>();
        assert!(Instant::now() < give_up, "it does not come to an end:\n{}", said());
        std::thread::sleep(Duration::from_millis(200));
    }
}

/// Whether nothing waits in the queue that is due within two minutes, and nobody works.
pub fn is_idle(url: &str) -> bool {
    let open = "SELECT count(*) FROM graphile_worker.jobs
        WHERE locked_at IS NOT NULL OR attempts < max_attempts AND run_at < now() + interval '2 minutes'";
    server::number(url, open) == 0
}

//! A world with one data directory and the commands that join its server.

#![allow(dead_code, reason = "each test program uses a part")]
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a part of tests")]

use std::io::{BufRead as _, BufReader, Read as _};
use std::os::unix::fs::{PermissionsExt, chown};
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use nix::sys::signal::{Signal, killpg};
use nix::unistd::{Pid, geteuid};
use sqlx::{AssertSqlSafe, Connection as _, PgConnection};
use tempfile::TempDir;

/// `nobody` on every system.
const NOBODY: u32 = 65534;

pub(crate) fn is_root() -> bool {
    geteuid().is_root()
}

pub(crate) struct DataDir {
    dir: PathBuf,
    temporary: TempDir,
}

impl DataDir {
    pub(crate) fn new() -> Self {
        let temporary = TempDir::with_prefix("private-postgres-").unwrap();
        std::fs::set_permissions(temporary.path(), PermissionsExt::from_mode(0o755)).unwrap();
        Self { dir: temporary.path().join("data"), temporary }
    }

    pub(crate) fn owned_by_nobody() -> Self {
        let new = Self::new();
        std::fs::create_dir(&new.dir).unwrap();
        chown(&new.dir, Some(NOBODY), Some(NOBODY)).unwrap();
        new
    }

    pub(crate) fn below_a_root_only_folder() -> Self {
        let new = Self::new();
        std::fs::set_permissions(new.temporary.path(), PermissionsExt::from_mode(0o700)).unwrap();
        new
    }

    /// The folder for temporary files of `throwaway` servers, which stands for the data directory.
    pub(crate) fn throwaways(&self) -> &Path {
        std::fs::create_dir_all(&self.dir).unwrap();
        &self.dir
    }

    /// A path below the server's folder.
    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.dir.join("postgres").join(name)
    }

    pub(crate) fn write(&self, name: &str, text: &str) {
        std::fs::write(self.path(name), text).unwrap();
    }

    pub(crate) fn log(&self) -> String {
        std::fs::read_to_string(self.path("server.log")).unwrap_or_default()
    }

    /// The process id that the state file has under `role`.
    pub(crate) fn try_process(&self, role: &str) -> Option<i32> {
        let text = std::fs::read_to_string(self.path("server.json")).ok()?;
        let state: serde_json::Value = serde_json::from_str(&text).ok()?;
        i32::try_from(state[role].as_i64()?).ok()
    }

    pub(crate) fn process(&self, role: &str) -> i32 {
        self.try_process(role).expect("a running server has a state file")
    }

    pub(crate) fn stopped(&self) -> bool {
        !self.path("server.json").exists() && !self.path("cluster/postmaster.pid").exists()
    }

    pub(crate) fn wait_until_stopped(&self) {
        wait("the server stops", || self.stopped());
    }
}

/// A command that was started and has not said yet that it is joined.
pub(crate) struct Coming(Child);

impl Coming {
    pub(crate) fn joined(mut self) -> Client {
        let mut steps = Vec::new();
        let stdout = BufReader::new(self.0.stdout.take().unwrap());
        for line in stdout.lines() {
            let line = line.unwrap();
            if let Some(url) = line.strip_prefix("url ") {
                return Client { url: url.to_owned(), steps, child: self.0 };
            }
            steps.push(line);
        }
        panic!("not joined after {steps:?}: {}", said(&mut self.0));
    }

    /// Ends it with SIGKILL once it has said what it does first.
    pub(crate) fn killed_at_its_first_step(mut self) -> String {
        let mut step = String::new();
        BufReader::new(self.0.stdout.take().unwrap()).read_line(&mut step).unwrap();
        self.0.kill().unwrap();
        self.0.wait().unwrap();
        step.trim().to_owned()
    }

    /// What it says as it fails.
    pub(crate) fn refused(mut self) -> String {
        let text = said(&mut self.0);
        assert_eq!(self.0.wait().unwrap().code(), Some(1), "{text}");
        text
    }
}

fn said(child: &mut Child) -> String {
    let mut text = String::new();
    child.stderr.take().unwrap().read_to_string(&mut text).unwrap();
    text
}

/// A joined command.
pub(crate) struct Client {
    pub(crate) url: String,
    pub(crate) steps: Vec<String>,
    child: Child,
}

impl Client {
    pub(crate) fn join(dir: &DataDir) -> Self {
        Self::spawn(dir).joined()
    }

    pub(crate) fn spawn(dir: &DataDir) -> Coming {
        Self::spawn_with(dir, |_| {})
    }

    pub(crate) fn spawn_with(dir: &DataDir, change: impl FnOnce(&mut Command)) -> Coming {
        Self::run(Path::new(env!("CARGO_BIN_EXE_private-postgres-joiner")), dir, change)
    }

    /// A copy of the program is run, from where `nobody` may read it.
    pub(crate) fn spawn_as_nobody(dir: &DataDir) -> Coming {
        let program = dir.dir.with_file_name("joiner");
        if !program.exists() {
            std::fs::copy(env!("CARGO_BIN_EXE_private-postgres-joiner"), &program).unwrap();
        }
        Self::run(&program, dir, |command| {
            command.uid(NOBODY).gid(NOBODY).current_dir("/");
        })
    }

    fn run(program: &Path, dir: &DataDir, change: impl FnOnce(&mut Command)) -> Coming {
        let mut command = Command::new(program);
        command.arg(&dir.dir).process_group(0);
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        change(&mut command);
        Coming(command.spawn().unwrap())
    }

    /// Ends the command as it wants to end.
    pub(crate) fn leave(mut self) {
        drop(self.child.stdin.take());
        let status = self.child.wait().unwrap();
        assert!(status.success(), "{status}: {}", said(&mut self.child));
    }

    /// Ends the command with SIGKILL.
    pub(crate) fn kill(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    /// Does what a terminal does on Ctrl-C.
    pub(crate) fn interrupt_group(mut self) {
        killpg(Pid::from_raw(i32::try_from(self.child.id()).unwrap()), Signal::SIGINT).unwrap();
        self.child.wait().unwrap();
    }
}

/// Ends the process with SIGKILL.
pub(crate) fn kill(pid: i32) {
    nix::sys::signal::kill(Pid::from_raw(pid), Signal::SIGKILL).unwrap();
    // The signal is sent, not yet obeyed: on a busy machine the next line could still meet the living process.
    wait("a killed process ends", || !is_running(pid));
}

fn is_running(pid: i32) -> bool {
    match std::fs::read_to_string(format!("/proc/{pid}/stat")) {
        // Behind the name in parentheses stands the state; Z is a process that only waits to be counted.
        Ok(stat) => !stat.rsplit(')').next().is_some_and(|rest| rest.trim_start().starts_with('Z')),
        Err(_) if std::path::Path::new("/proc/self/stat").exists() => false,
        Err(_) => nix::sys::signal::kill(Pid::from_raw(pid), None).is_ok(),
    }
}

/// Waits for what is bound to happen, for a minute at most.
pub(crate) fn wait(what: &str, happened: impl Fn() -> bool) {
    let deadline = Instant::now() + Duration::from_mins(1);
    while !happened() {
        assert!(Instant::now() < deadline, "{what}: waited for a minute");
        std::thread::sleep(Duration::from_millis(20));
    }
}

/// The number that `sql` gives, or 0 if it gives no rows.
pub(crate) fn query(url: &str, sql: &str) -> i32 {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let mut connection = PgConnection::connect(url).await.unwrap();
        let row: Option<i32> = sqlx::query_scalar(AssertSqlSafe(sql)).fetch_optional(&mut connection).await.unwrap();
        connection.close().await.unwrap();
        row.unwrap_or(0)
    })
}

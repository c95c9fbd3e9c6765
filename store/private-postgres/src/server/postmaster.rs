//! One running Postgres server, from start to stop.

use std::fs::{File, OpenOptions};
use std::io::{Read as _, Seek as _, SeekFrom};
use std::net::{Ipv4Addr, TcpListener};
use std::path::PathBuf;
use std::process::{ExitStatus, Stdio};
use std::time::Duration;

use anyhow::{Context as _, anyhow, bail};
use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use tokio::process::Child;
use tokio::time::{Instant, sleep, timeout};

use super::binaries::Binaries;
use super::layout::Layout;
use super::report::Kind;
use super::{cluster, leftover, supervisor};

/// How long a start that fails is tried again: backends of a killed server hold its shared memory for a while, and a
/// free port may be taken by somebody else in between.
const RETRY_FOR: Duration = Duration::from_secs(10);

/// How long a start may take: recovery after a crash reads the whole write-ahead log.
const START_WITHIN: Duration = Duration::from_mins(5);

/// How long a fast stop may take before an immediate one, which makes the next start recover.
const STOP_WITHIN: Duration = Duration::from_mins(1);

/// Settings for a laptop. Anything else is Postgres' default, `fsync` among it.
const SETTINGS: &[&str] =
    &["listen_addresses=127.0.0.1", "unix_socket_directories=", "max_connections=100", "shared_buffers=128MB"];

/// Settings for data that nobody will miss; of two for the same thing the later counts.
const THROWAWAY_SETTINGS: &[&str] = &[
    "fsync=off",
    "synchronous_commit=off",
    "full_page_writes=off",
    "wal_level=minimal",
    "max_wal_senders=0",
    // Tests run in parallel, each with a pool of its own.
    "max_connections=500",
];

/// The server process, a child of this one.
#[derive(Debug)]
pub(crate) struct Postmaster {
    child: Child,
    pub(crate) pid: u32,
    pub(crate) port: u16,
}

impl Postmaster {
    /// Starts the server and waits until it takes connections; on `port` if that is free.
    pub(crate) async fn start(
        layout: &Layout,
        binaries: &Binaries,
        kind: Kind,
        port: Option<u16>,
    ) -> anyhow::Result<Self> {
        leftover::stop(layout).await?;
        let give_up = Instant::now() + RETRY_FOR;
        loop {
            let mut postmaster = Self::spawn(layout, binaries, kind, free_port(port)?)?;
            match postmaster.ready(layout).await {
                Ok(()) => return Ok(postmaster),
                Err(error) if Instant::now() > give_up => return Err(error),
                Err(_) => sleep(Duration::from_millis(250)).await,
            }
        }
    }

    /// Waits until the server ends by itself, which it should not.
    pub(crate) async fn wait(&mut self) -> std::io::Result<ExitStatus> {
        self.child.wait().await
    }

    /// Ends connections and stops the server; gently first.
    pub(crate) async fn stop(mut self) {
        for (signal, patience) in [(Signal::SIGINT, STOP_WITHIN), (Signal::SIGQUIT, STOP_WITHIN)] {
            self.signal(signal);
            if timeout(patience, self.child.wait()).await.is_ok() {
                return;
            }
        }
        let _ = self.child.kill().await;
    }

    fn spawn(layout: &Layout, binaries: &Binaries, kind: Kind, port: u16) -> anyhow::Result<Self> {
        let log = || OpenOptions::new().append(true).open(layout.log());
        let log = || log().with_context(|| format!("cannot open {}", layout.log().display()));
        let mut command = supervisor::dying_with_us(&binaries.dir.join("postgres"));
        cluster::forget_settings(&mut command);
        command.arg("-D").arg(layout.cluster()).arg("-p").arg(port.to_string());
        let throwaway = if kind == Kind::Throwaway { THROWAWAY_SETTINGS } else { &[] };
        for setting in SETTINGS.iter().chain(throwaway) {
            command.args(["-c", setting]);
        }
        let child = command.stdin(Stdio::null()).stdout(log()?).stderr(log()?).spawn();
        let child = child.with_context(|| format!("cannot run postgres of {}", binaries.dir.display()))?;
        let pid = child.id().ok_or_else(|| anyhow!("Postgres ended as it was started"))?;
        Ok(Self { child, pid, port })
    }

    async fn ready(&mut self, layout: &Layout) -> anyhow::Result<()> {
        let log_start = layout.log().metadata().map_or(0, |metadata| metadata.len());
        let deadline = Instant::now() + START_WITHIN;
        while Instant::now() < deadline {
            if let Some(status) = self.child.try_wait().context("cannot wait for Postgres")? {
                bail!("Postgres did not start ({status}): {}", log_since(layout, log_start));
            }
            if PidFile::read(layout).is_some_and(|file| file.ready && u32::try_from(file.pid) == Ok(self.pid)) {
                return Ok(());
            }
            sleep(Duration::from_millis(10)).await;
        }
        self.signal(Signal::SIGQUIT);
        bail!(
            "Postgres did not take connections within {} seconds; see {}",
            START_WITHIN.as_secs(),
            layout.log().display()
        )
    }

    fn signal(&self, signal: Signal) {
        if let Ok(pid) = i32::try_from(self.pid) {
            let _ = kill(Pid::from_raw(pid), signal);
        }
    }
}

/// What `postmaster.pid` says; its lines are fixed since Postgres 10 (`miscadmin.h`).
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct PidFile {
    pub(crate) pid: i32,
    /// The server takes connections.
    pub(crate) ready: bool,
}

impl PidFile {
    pub(crate) fn path(layout: &Layout) -> PathBuf {
        layout.cluster().join("postmaster.pid")
    }

    pub(crate) fn read(layout: &Layout) -> Option<Self> {
        Self::parse(&std::fs::read_to_string(Self::path(layout)).ok()?)
    }

    fn parse(text: &str) -> Option<Self> {
        let mut lines = text.lines();
        // Negative for a server in single-user mode.
        let pid = lines.next()?.trim().parse::<i32>().ok()?.checked_abs()?;
        let ready = lines.nth(6).is_some_and(|status| status.trim() == "ready");
        (pid > 0).then_some(Self { pid, ready })
    }
}

fn free_port(wished: Option<u16>) -> anyhow::Result<u16> {
    let bind = |port| TcpListener::bind((Ipv4Addr::LOCALHOST, port));
    let listener = wished.and_then(|port| bind(port).ok()).map_or_else(|| bind(0), Ok);
    Ok(listener.and_then(|listener| listener.local_addr()).context("there is no free port on 127.0.0.1")?.port())
}

/// The end of what was logged from `start` on, on one line.
fn log_since(layout: &Layout, start: u64) -> String {
    let read = || -> std::io::Result<String> {
        let mut file = File::open(layout.log())?;
        file.seek(SeekFrom::Start(start))?;
        let mut said = Vec::new();
        file.read_to_end(&mut said)?;
        Ok(String::from_utf8_lossy(&said).into_owned())
    };
    let said = read().unwrap_or_default();
    let lines: Vec<&str> = said.lines().collect();
    lines[lines.len().saturating_sub(4)..].join("; ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pid_file_tells_when_the_server_takes_connections() {
        let starting = "17\n/data\n1700000000\n5433\n\n127.0.0.1\n  123  456\nstarting\n";
        assert_eq!(PidFile::parse(starting), Some(PidFile { pid: 17, ready: false }));
        let ready = "17\n/data\n1700000000\n5433\n\n127.0.0.1\n  123  456\nready   \n";
        assert_eq!(PidFile::parse(ready), Some(PidFile { pid: 17, ready: true }));
    }

    #[test]
    fn a_pid_file_being_written_is_not_ready_and_a_broken_one_is_none() {
        assert_eq!(PidFile::parse("17\n/data\n"), Some(PidFile { pid: 17, ready: false }));
        assert_eq!(PidFile::parse(""), None);
        assert_eq!(PidFile::parse("0\n"), None);
        assert_eq!(PidFile::parse("seventeen\n"), None);
    }

    #[test]
    fn a_taken_port_is_not_given_again() {
        let taken = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let port = taken.local_addr().unwrap().port();
        assert_ne!(free_port(Some(port)).unwrap(), port);
        drop(taken);
        assert_eq!(free_port(Some(port)).unwrap(), port);
    }
}

//! A server that outlived its supervisor, and the pid file that a killed server leaves.

use std::path::Path;
use std::time::Duration;

use anyhow::{Context as _, bail};
use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;

use super::layout::Layout;
use super::postmaster::PidFile;

const PAUSE: Duration = Duration::from_millis(20);

/// How long to wait for the end after each signal: a fast stop (it writes a checkpoint), an immediate one, the end.
const PATIENCE: [(Signal, Duration); 3] = [
    (Signal::SIGINT, Duration::from_mins(1)),
    (Signal::SIGQUIT, Duration::from_secs(10)),
    (Signal::SIGKILL, Duration::from_secs(10)),
];

/// Stops the server that the pid file names, if it is ours and lives. Call it only with `supervisor.lock` held.
pub(crate) async fn stop(layout: &Layout) -> anyhow::Result<()> {
    let Some(pid_file) = PidFile::read(layout) else {
        return Ok(());
    };
    let pid = Pid::from_raw(pid_file.pid);
    if !serves(pid, &layout.cluster()) {
        // The number may have gone to another process since: Postgres would then refuse to start.
        let path = PidFile::path(layout);
        return std::fs::remove_file(&path).with_context(|| format!("cannot remove the stale {}", path.display()));
    }
    for (signal, patience) in PATIENCE {
        let _ = kill(pid, signal);
        let deadline = tokio::time::Instant::now() + patience;
        while tokio::time::Instant::now() < deadline {
            if !serves(pid, &layout.cluster()) {
                return Ok(());
            }
            tokio::time::sleep(PAUSE).await;
        }
    }
    bail!("an earlier Postgres server of {} (process {pid}) does not end", layout.cluster().display())
}

/// Whether the process is a Postgres server on this cluster: they work in their data directory.
#[cfg(target_os = "linux")]
fn serves(pid: Pid, cluster: &Path) -> bool {
    let Ok(cluster) = cluster.canonicalize() else {
        return false;
    };
    std::fs::read_link(format!("/proc/{pid}/cwd")).is_ok_and(|working_directory| working_directory == cluster)
}

/// Whether the process is a Postgres server: the nearest to the question that `ps` answers everywhere.
#[cfg(not(target_os = "linux"))]
fn serves(pid: Pid, _cluster: &Path) -> bool {
    let output = std::process::Command::new("ps").args(["-o", "comm=", "-p", &pid.to_string()]).output();
    output.is_ok_and(|output| String::from_utf8_lossy(&output.stdout).trim_end().ends_with("postgres"))
}

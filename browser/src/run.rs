//! Installing the packages, and running the tests.

use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use crate::Programs;

/// All tests together; what takes longer has failed. They take two minutes on a machine that does nothing else.
const LONGEST: Duration = Duration::from_mins(15);

impl Programs {
    /// Installs the packages of `package-lock.json`, unless they are there already. No script of theirs is run.
    pub fn install(&self) -> io::Result<()> {
        if is_installed(&folder()) {
            return Ok(());
        }
        let mut npm = Command::new(&self.npm);
        npm.args(["ci", "--ignore-scripts", "--no-audit", "--no-fund"]).current_dir(folder());
        let output = npm.output()?;
        if output.status.success() {
            return Ok(());
        }
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        Err(io::Error::other(format!("npm ci in {} failed:\n{said}", folder().display())))
    }

    /// Runs the tests against the dashboard at `address`, where an answer is saved as `saved`; what they say goes to `log`.
    /// Returns whether all passed.
    pub fn run(&self, address: &str, saved: &str, log: &File) -> io::Result<bool> {
        let mut node = Command::new(&self.node);
        node.args(["--test-reporter=spec", "tests/all.js"]).current_dir(folder());
        node.env("ABISCOPE_ADDRESS", address).env("ABISCOPE_SAVED", saved).env("ABISCOPE_CHROMIUM", &self.chromium);
        // They end when this pipe does, and so with whoever started them.
        node.stdin(Stdio::piped()).stdout(log.try_clone()?).stderr(log.try_clone()?);
        let mut child = node.spawn()?;
        let since = Instant::now();
        while since.elapsed() < LONGEST {
            // Waiting closes the pipe; asking does not.
            if let Some(status) = child.try_wait()? {
                return Ok(status.success());
            }
            std::thread::sleep(Duration::from_millis(50));
        }
        child.kill()?;
        child.wait()?;
        Err(io::Error::new(io::ErrorKind::TimedOut, format!("the browser tests took more than {LONGEST:?}")))
    }
}

/// Where `package.json` is.
fn folder() -> PathBuf {
    env!("CARGO_MANIFEST_DIR").into()
}

/// Whether npm has installed something since the lock was written last.
fn is_installed(folder: &Path) -> bool {
    let written = |file: &str| folder.join(file).metadata().and_then(|metadata| metadata.modified());
    match (written("node_modules/.package-lock.json"), written("package-lock.json")) {
        (Ok(installed), Ok(locked)) => installed >= locked,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn packages_are_installed_anew_when_the_lock_has_changed() {
        let folder = tempfile::tempdir().expect("a folder");
        let write = |file: &str, seconds: u64| {
            let file = File::create(folder.path().join(file)).expect("made");
            file.set_modified(std::time::UNIX_EPOCH + Duration::from_secs(seconds)).expect("set");
        };
        write("package-lock.json", 100);
        assert!(!is_installed(folder.path()), "nothing is there");
        std::fs::create_dir(folder.path().join("node_modules")).expect("made");
        write("node_modules/.package-lock.json", 101);
        assert!(is_installed(folder.path()));
        write("package-lock.json", 102);
        assert!(!is_installed(folder.path()));
    }
}

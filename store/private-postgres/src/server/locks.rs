//! File locks (`flock`): they vanish with their process, however it ends. Waiting is done by asking again, so that a
//! command stays interruptible; only the supervisor's wait for the last client blocks a thread.

use std::fs::{File, OpenOptions, TryLockError};
use std::io;
use std::path::Path;
use std::time::Duration;

use anyhow::Context as _;

/// Between two questions.
pub(crate) const PAUSE: Duration = Duration::from_millis(10);

/// Waits until nobody else holds the lock in any way, and takes it.
pub(crate) async fn exclusive(path: &Path) -> anyhow::Result<File> {
    wait_for(path, File::try_lock).await
}

/// Takes the lock if nobody else holds it in any way.
pub(crate) fn try_exclusive(path: &Path) -> anyhow::Result<Option<File>> {
    let file = open(path)?;
    Ok(tried(file.try_lock(), path)?.then_some(file))
}

/// Waits until nobody holds the lock exclusively, and shares it.
pub(crate) async fn shared(path: &Path) -> anyhow::Result<File> {
    wait_for(path, File::try_lock_shared).await
}

/// Whether somebody holds the lock exclusively. To ask is to share it for an instant, which others who ask do not see.
pub(crate) fn is_held(path: &Path) -> anyhow::Result<bool> {
    let file = open(path)?;
    Ok(!tried(file.try_lock_shared(), path)?)
}

/// Like [`exclusive`], but blocks the thread: nothing runs while there is nothing to do.
pub(crate) fn block_until_exclusive(path: &Path) -> anyhow::Result<File> {
    let file = open(path)?;
    loop {
        match file.lock() {
            Ok(()) => return Ok(file),
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error).with_context(|| format!("cannot lock {}", path.display())),
        }
    }
}

async fn wait_for(path: &Path, attempt: fn(&File) -> Result<(), TryLockError>) -> anyhow::Result<File> {
    let file = open(path)?;
    while !tried(attempt(&file), path)? {
        tokio::time::sleep(PAUSE).await;
    }
    Ok(file)
}

fn tried(attempt: Result<(), TryLockError>, path: &Path) -> anyhow::Result<bool> {
    match attempt {
        Ok(()) => Ok(true),
        Err(TryLockError::WouldBlock) => Ok(false),
        Err(TryLockError::Error(error)) => Err(error).with_context(|| format!("cannot lock {}", path.display())),
    }
}

/// Opened for this process alone: `std` marks every file close-on-exec, so no child keeps a lock alive.
fn open(path: &Path) -> anyhow::Result<File> {
    let file = OpenOptions::new().read(true).write(true).open(path);
    file.with_context(|| format!("cannot open {}", path.display()))
}

//! The repository, and running cargo in it.

use std::path::{Path, PathBuf};

use anyhow::{Context as _, bail};
use tokio::process::Command;

/// The repository's root.
pub(crate) fn root() -> PathBuf {
    let xtask = Path::new(env!("CARGO_MANIFEST_DIR"));
    xtask.parent().unwrap_or(xtask).to_owned()
}

/// The cargo that runs this program, at the repository's root.
pub(crate) fn cargo() -> Command {
    let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.current_dir(root());
    // Tests must not find the data of the person who runs them.
    command.env_remove("ABISCOPE_DATA_DIR");
    command
}

/// Runs a command to its end; what it prints is seen as it is. Returns whether it succeeded. Ctrl-C ends the command,
/// which is in the same terminal, and then is an error, so that the caller tidies up as ever.
pub(crate) async fn succeeds(command: &mut Command) -> anyhow::Result<bool> {
    let context = format!("cannot run {}", command.as_std().get_program().display());
    let mut child = command.spawn().with_context(|| context.clone())?;
    tokio::select! {
        status = child.wait() => Ok(status.context(context)?.success()),
        _ = tokio::signal::ctrl_c() => {
            child.wait().await.context(context)?;
            bail!("interrupted")
        }
    }
}

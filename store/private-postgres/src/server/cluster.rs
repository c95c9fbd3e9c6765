//! The cluster: Postgres' data directory, made once by `initdb`.

use std::fs::File;
use std::io::Read as _;
use std::process::Stdio;

use anyhow::{Context as _, bail};
use tokio::process::Command;

use super::binaries::Binaries;
use super::layout::Layout;
use super::report::{Kind, Report};
use crate::Step;

/// The user that owns everything in the cluster.
pub(crate) const USER: &str = "abiscope";

/// The database that every cluster has from birth.
pub(crate) const DATABASE: &str = "postgres";

/// The major version that made the cluster; `None`: there is no cluster yet.
pub(crate) fn major(layout: &Layout) -> anyhow::Result<Option<u32>> {
    let path = layout.cluster().join("PG_VERSION");
    let text = match std::fs::read_to_string(&path) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
        text => text.with_context(|| format!("cannot read {}", path.display()))?,
    };
    let major = text.trim().parse();
    Ok(Some(major.with_context(|| format!("{} does not hold a version: {text:?}", path.display()))?))
}

/// Makes the cluster if there is none.
pub(crate) async fn ensure(layout: &Layout, binaries: &Binaries, kind: Kind) -> anyhow::Result<()> {
    if layout.cluster().exists() {
        return Ok(());
    }
    Report::Step(Step::Initialising).send();
    let unfinished = layout.unfinished_cluster();
    if unfinished.exists() {
        std::fs::remove_dir_all(&unfinished).with_context(|| format!("cannot remove {}", unfinished.display()))?;
    }
    write_password(layout)?;
    run_initdb(layout, binaries, kind).await?;
    std::fs::rename(&unfinished, layout.cluster()).with_context(|| format!("cannot rename {}", unfinished.display()))
}

/// The password that every connection needs: other users of the machine can reach the port, but not the file.
pub(crate) fn password(layout: &Layout) -> anyhow::Result<String> {
    let path = layout.password();
    let text = std::fs::read_to_string(&path);
    Ok(text.with_context(|| format!("cannot read the database's password in {}", path.display()))?.trim().to_owned())
}

/// The command without the settings for Postgres that the environment may have.
pub(crate) fn command(binaries: &Binaries, program: &str) -> Command {
    let mut command = Command::new(binaries.dir.join(program));
    forget_settings(&mut command);
    command
}

/// Takes `PGDATA`, `PGPORT`, `PGOPTIONS` and the like out of the command's environment: they mean another server.
pub(crate) fn forget_settings(command: &mut Command) {
    for (name, _) in std::env::vars_os().filter(|(name, _)| name.to_string_lossy().starts_with("PG")) {
        command.env_remove(name);
    }
}

/// The C locale: the same order and the same messages on every machine.
async fn run_initdb(layout: &Layout, binaries: &Binaries, kind: Kind) -> anyhow::Result<()> {
    let mut initdb = command(binaries, "initdb");
    initdb.arg("--pgdata").arg(layout.unfinished_cluster());
    initdb.arg("--pwfile").arg(layout.password());
    initdb.args(["--username", USER, "--auth", "scram-sha-256", "--encoding", "UTF8", "--locale", "C"]);
    initdb.arg("--no-instructions");
    if kind == Kind::Throwaway {
        initdb.arg("--no-sync");
    }
    let output = initdb.stdin(Stdio::null()).output().await;
    let output = output.with_context(|| format!("cannot run initdb of {}", binaries.dir.display()))?;
    if !output.status.success() {
        let said = String::from_utf8_lossy(&output.stderr);
        bail!("initdb could not make a database in {}: {}", layout.cluster().display(), said.trim());
    }
    Ok(())
}

fn write_password(layout: &Layout) -> anyhow::Result<()> {
    let mut random = [0_u8; 16];
    File::open("/dev/urandom")
        .and_then(|mut source| source.read_exact(&mut random))
        .context("cannot read random bytes from /dev/urandom")?;
    let password = format!("{:032x}", u128::from_ne_bytes(random));
    let context = || format!("cannot write {}", layout.password().display());
    let mut file = tempfile::NamedTempFile::new_in(layout.root()).with_context(context)?;
    std::io::Write::write_all(&mut file, password.as_bytes()).with_context(context)?;
    file.persist(layout.password()).with_context(context)?;
    Ok(())
}

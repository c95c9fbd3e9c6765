//! `abiscope db`: the private database as one file, to move it to another machine or another major version of Postgres.

use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use tokio::process::Command;

use super::Home;
use crate::cli::{DbArgs, DbCommand, HomeArgs};
use crate::exit::Exit;

/// Exports or imports with the server's own programs, whose version is the right one.
pub async fn run(args: DbArgs) -> anyhow::Result<Exit> {
    match args.command {
        DbCommand::Export { file, home } => export(&file, &home).await,
        DbCommand::Import { file, home } => import(&file, &home).await,
    }
}

async fn export(file: &Path, home: &HomeArgs) -> anyhow::Result<Exit> {
    if file.exists() {
        bail!("{} exists: choose a file that does not", file.display());
    }
    let home = Home::open(home).await?;
    let arguments = ["--format=custom", "--no-owner", "--dbname", home.url(), "--file"];
    let dump = run_tool(&home, "pg_dump", &arguments, file).await;
    home.leave().await;
    dump?;
    eprintln!("Exported the database to {}. The archives are in the data directory's blobs folder.", file.display());
    Ok(Exit::Done)
}

async fn import(file: &Path, home: &HomeArgs) -> anyhow::Result<Exit> {
    std::fs::metadata(file).with_context(|| format!("reading {}", file.display()))?;
    let home = Home::open(home).await?;
    let emptiness = home.store.status().await?.projects.is_empty();
    let restored = if emptiness {
        let arguments = ["--clean", "--if-exists", "--no-owner", "--single-transaction", "--dbname", home.url()];
        run_tool(&home, "pg_restore", &arguments, file).await
    } else {
        Err(anyhow::anyhow!("the database holds a survey already: import into an empty data directory (--data-dir)"))
    };
    home.leave().await;
    restored?;
    eprintln!("Imported {}. Copy the blobs folder too, for sources and snippets.", file.display());
    Ok(Exit::Done)
}

/// Runs a program of the server on `file`, its last argument.
async fn run_tool(home: &Home, program: &str, arguments: &[&str], file: &Path) -> anyhow::Result<()> {
    let program = tool(home, program)?;
    let done = Command::new(&program).args(arguments).arg(file).status().await;
    let done = done.with_context(|| format!("starting {}", program.display()))?;
    if !done.success() {
        bail!("{} did not finish; its words are above", program.display());
    }
    Ok(())
}

/// The program beside the server's, or where a link in their folder leads to.
fn tool(home: &Home, program: &str) -> anyhow::Result<PathBuf> {
    let missing =
        || format!("{program} of this Postgres is missing: install its client programs (Debian: postgresql-client)");
    let folder = home.binaries().with_context(missing)?;
    let server = folder.join("postgres").canonicalize().unwrap_or_else(|_| folder.join("postgres"));
    let beside = [folder.join(program), server.with_file_name(program)];
    beside.into_iter().find(|path| path.exists()).with_context(missing)
}

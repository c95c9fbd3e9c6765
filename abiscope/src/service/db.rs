//! `abiscope db`: the database as one file, for a backup, another machine or another major version of Postgres.

mod tools;

use std::path::Path;

use anyhow::{Context, bail};
use store::{Contents, Store};

use super::database::Database;
use super::prune;
use crate::cli::{DbArgs, DbCommand, HomeArgs};
use crate::exit::Exit;

/// Exports, imports, or removes what need not be kept.
pub async fn run(args: DbArgs) -> anyhow::Result<Exit> {
    match args.command {
        DbCommand::Export { file, home } => export(&file, &home).await,
        DbCommand::Import { file, home } => import(&file, &home).await,
        DbCommand::Prune(args) => prune::run(args).await,
    }
}

/// Of whatever schema: a copy is wanted most just before a migration.
async fn export(file: &Path, home: &HomeArgs) -> anyhow::Result<Exit> {
    if file.exists() {
        bail!("{} exists: choose a file that does not", file.display());
    }
    let database = Database::open(home).await?;
    let dumped = tools::dump(&database, file).await;
    database.leave().await;
    dumped?;
    eprintln!("Exported the database to {}. Copy the blobs after it: they are not in it.", file.display());
    Ok(Exit::Done)
}

/// Restores first and migrates then, so that the file may be of an older schema.
async fn import(file: &Path, home: &HomeArgs) -> anyhow::Result<Exit> {
    std::fs::metadata(file).with_context(|| format!("reading {}", file.display()))?;
    let database = Database::open(home).await?;
    let imported = import_into(&database, file).await;
    database.leave().await;
    imported?;
    eprintln!("Imported {}. The blobs are not in it: copy them too, before anything works here.", file.display());
    Ok(Exit::Done)
}

async fn import_into(database: &Database, file: &Path) -> anyhow::Result<()> {
    let known = Store::schema_known();
    match tools::schema_in(database, file).await? {
        None => bail!("{} is no export of an abiscope database", file.display()),
        Some(newer) if newer.version > known => bail!(
            "{} has schema {}, but this abiscope knows {known}: use abiscope {} or later; nothing was changed",
            file.display(),
            newer.version,
            newer.abiscope
        ),
        Some(_) => {}
    }
    match Store::contents(database.url()).await? {
        Contents::Nothing => {}
        Contents::NoSurvey => Store::emptied(database.url()).await?,
        Contents::InUse if database.data_dir().is_some() => {
            bail!("the database holds a survey already: import into an empty data directory (--data-dir)")
        }
        Contents::InUse => bail!("the database is in use already: make an empty one (createdb) and name that"),
    }
    tools::restore(database, file).await?;
    Store::restored(database.url()).await?;
    Ok(())
}

/// Keeps a copy of a private database that is about to be migrated, below its data directory.
pub(super) async fn kept_before_migrating(database: &Database, data_dir: &Path) -> anyhow::Result<()> {
    let (found, known) = (Store::schema_of(database.url()).await?, Store::schema_known());
    if found == 0 || found >= known {
        return Ok(());
    }
    let copy = data_dir.join(format!("schema-{found}.dump"));
    eprintln!("The database goes from schema {found} to {known}. A copy of it as it was: {}", copy.display());
    // Under its name only when it is whole; another process may do the same.
    let partial = data_dir.join(format!("schema-{found}.dump.{}", std::process::id()));
    let kept = tools::dump(database, &partial).await;
    if kept.is_ok() {
        std::fs::rename(&partial, &copy).with_context(|| format!("writing {}", copy.display()))?;
    } else {
        let _ = std::fs::remove_file(&partial);
    }
    kept.context("the database is not migrated without a copy; `abiscope migrate` with its DATABASE_URL would do so")
}

//! `abiscope migrate`: the schema of a database that the operator named.

use anyhow::bail;
use store::Store;

use super::Home;
use crate::cli::HomeArgs;
use crate::exit::Exit;
use crate::logs::say;

/// Migrates the database at `DATABASE_URL`; the private one migrates itself when it is opened.
pub async fn run(args: HomeArgs) -> anyhow::Result<Exit> {
    let Some(url) = &args.database_url else {
        if args.data_dir.is_none() {
            bail!(
                "no DATABASE_URL: name the database to migrate (a private database migrates itself when it is opened)"
            );
        }
        Home::open(&args).await?.leave().await;
        say!("The private database is up to date.");
        return Ok(Exit::Done);
    };
    match Store::migrate(url).await? {
        0 => say!("The database is up to date."),
        count => say!("Applied {}.", crate::output::counted(count as u64, "migration")),
    }
    Ok(Exit::Done)
}

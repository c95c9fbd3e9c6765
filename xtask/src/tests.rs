//! `cargo xtask test`: all tests, against a Postgres that is started for them, the pages in a real browser among them.

mod needs;
mod runs;

use std::process::ExitCode;

use crate::database::Database;
use crate::workspace::{cargo, succeeds};
use needs::Skipped;
use runs::{Runner, runs};

/// Runs the tests; `arguments` are for the runner.
pub(crate) async fn run(arguments: &[String]) -> anyhow::Result<ExitCode> {
    let skipped = needs::skipped()?;
    let runner = Runner::installed().await;
    let database = if skipped.contains(&Skipped::Postgres) { None } else { Some(Database::open().await?) };
    let runs = runs(runner, arguments, database.is_some());
    let failed = run_all(&runs, database.as_ref().map(Database::url)).await;
    if let Some(database) = database {
        database.close().await;
    }
    let failed = failed?;
    for run in &failed {
        eprintln!("xtask: failed: cargo {run}");
    }
    if !skipped.is_empty() {
        eprintln!("xtask: {}", needs::summary(&skipped));
    }
    Ok(if failed.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// The arguments that run the roles of the composition alone.
pub(crate) fn roles() -> Vec<String> {
    ["-p", "abiscope", "--test", "deploy", "roles"].map(str::to_owned).into()
}

/// Returns the runs that failed. One that fails does not keep the others from running.
async fn run_all(runs: &[Vec<String>], database_url: Option<&str>) -> anyhow::Result<Vec<String>> {
    let mut failed = Vec::new();
    for run in runs {
        eprintln!("xtask: cargo {}", run.join(" "));
        // The macros of sqlx would ask the server about their queries if they were not told to use `.sqlx/`.
        let mut command = cargo();
        command.args(run).env_remove("DATABASE_URL").env("SQLX_OFFLINE", "true");
        if let Some(url) = database_url {
            command.env("DATABASE_URL", url);
        }
        if !succeeds(&mut command).await? {
            failed.push(run.join(" "));
        }
    }
    Ok(failed)
}

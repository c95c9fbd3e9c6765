//! `cargo xtask test`: all tests, against a Postgres that is started for them.

use std::process::{ExitCode, Stdio};

use crate::database::Database;
use crate::workspace::{cargo, succeeds};

/// What runs tests.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Runner {
    /// `cargo nextest`, which is faster, but passes over examples in documentation.
    Nextest,
    /// `cargo test`.
    Cargo,
}

/// Runs the tests; `arguments` are for the runner.
pub(crate) async fn run(arguments: &[String]) -> anyhow::Result<ExitCode> {
    let runner = Runner::installed().await;
    let database = Database::open().await?;
    let failed = run_all(&runs(runner, arguments), database.url()).await;
    database.close().await;
    let failed = failed?;
    for run in &failed {
        eprintln!("xtask: failed: cargo {run}");
    }
    Ok(if failed.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// The arguments that run the roles of the composition alone.
pub(crate) fn roles() -> Vec<String> {
    ["-p", "abiscope", "--test", "deploy", "roles"].map(str::to_owned).into()
}

/// Returns the runs that failed. One that fails does not keep the others from running.
async fn run_all(runs: &[Vec<String>], database_url: &str) -> anyhow::Result<Vec<String>> {
    let mut failed = Vec::new();
    for run in runs {
        eprintln!("xtask: cargo {}", run.join(" "));
        // The macros of sqlx would ask the server about their queries if they were not told to use `.sqlx/`.
        let mut command = cargo();
        command.args(run).env("DATABASE_URL", database_url).env("SQLX_OFFLINE", "true");
        if !succeeds(&mut command).await? {
            failed.push(run.join(" "));
        }
    }
    Ok(failed)
}

impl Runner {
    async fn installed() -> Self {
        let version = cargo().args(["nextest", "--version"]).stdout(Stdio::null()).stderr(Stdio::null()).status().await;
        if version.is_ok_and(|status| status.success()) { Self::Nextest } else { Self::Cargo }
    }

    fn command(self) -> &'static [&'static str] {
        match self {
            Self::Nextest => &["nextest", "run"],
            Self::Cargo => &["test"],
        }
    }
}

/// The runs of cargo, the largest last so that its summary is what one sees at the end. With arguments it is a single
/// one: whoever gives them wants something in particular.
fn runs(runner: Runner, arguments: &[String]) -> Vec<Vec<String>> {
    let run = |command: &[&str], more: &[&str]| -> Vec<String> {
        command.iter().chain(more).map(|&word| word.to_owned()).collect()
    };
    if arguments.is_empty() {
        let alone = run(runner.command(), &["-p", "abiscope", "--no-default-features"]);
        let examples = run(&["test"], &["--workspace", "--doc"]);
        let all = run(runner.command(), &["--workspace"]);
        return match runner {
            Runner::Nextest => vec![alone, examples, all],
            Runner::Cargo => vec![alone, all],
        };
    }
    let package = |argument: &String| argument.starts_with("-p") || argument.starts_with("--package");
    let scope: &[&str] = if arguments.iter().any(package) { &[] } else { &["--workspace"] };
    let mut one = run(runner.command(), scope);
    one.extend(arguments.iter().cloned());
    vec![one]
}

#[cfg(test)]
mod unit_tests {
    use super::*;

    fn lines(runner: Runner, arguments: &[&str]) -> Vec<String> {
        let arguments: Vec<String> = arguments.iter().map(|&argument| argument.to_owned()).collect();
        runs(runner, &arguments).iter().map(|run| run.join(" ")).collect()
    }

    #[test]
    fn everything_is_run_also_without_the_service_and_the_whole_comes_last() {
        assert_eq!(
            lines(Runner::Nextest, &[]),
            ["nextest run -p abiscope --no-default-features", "test --workspace --doc", "nextest run --workspace",]
        );
        assert_eq!(lines(Runner::Cargo, &[]), ["test -p abiscope --no-default-features", "test --workspace"]);
    }

    #[test]
    fn arguments_make_one_run_of_the_packages_they_name_or_of_all() {
        assert_eq!(lines(Runner::Nextest, &["-p", "store"]), ["nextest run -p store"]);
        assert_eq!(lines(Runner::Cargo, &["--package=store", "name"]), ["test --package=store name"]);
        assert_eq!(lines(Runner::Cargo, &["name"]), ["test --workspace name"]);
    }
}

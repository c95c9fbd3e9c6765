//! The runs of cargo that all tests take.

use std::process::Stdio;

use crate::workspace::cargo;

/// The crates whose tests need a Postgres server.
pub(super) const WITH_POSTGRES: [&str; 4] = ["store", "private-postgres", "abiscope", "xtask"];

/// What runs tests.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Runner {
    /// `cargo nextest`, which is faster, but passes over examples in documentation.
    Nextest,
    /// `cargo test`.
    Cargo,
}

impl Runner {
    pub(super) async fn installed() -> Self {
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
pub(super) fn runs(runner: Runner, arguments: &[String], has_postgres: bool) -> Vec<Vec<String>> {
    let mut workspace = vec!["--workspace"];
    if !has_postgres {
        workspace.extend(WITH_POSTGRES.iter().flat_map(|package| ["--exclude", package]));
    }
    let run = |command: &[&str], more: &[&str]| -> Vec<String> {
        command.iter().chain(more).map(|&word| word.to_owned()).collect()
    };
    if arguments.is_empty() {
        let alone = run(runner.command(), &["-p", "abiscope", "--no-default-features"]);
        let mut examples = run(&["test"], &workspace);
        examples.push("--doc".to_owned());
        let all = run(runner.command(), &workspace);
        return match runner {
            Runner::Nextest => vec![alone, examples, all],
            Runner::Cargo => vec![alone, all],
        };
    }
    let mut one = run(runner.command(), if names_a_package(arguments) { &[] } else { &workspace });
    one.extend(arguments.iter().cloned());
    vec![one]
}

fn names_a_package(arguments: &[String]) -> bool {
    arguments.iter().any(|argument| argument.starts_with("-p") || argument.starts_with("--package"))
}

#[cfg(test)]
mod unit_tests {
    use super::*;

    fn lines(runner: Runner, arguments: &[&str], has_postgres: bool) -> Vec<String> {
        let arguments: Vec<String> = arguments.iter().map(|&argument| argument.to_owned()).collect();
        runs(runner, &arguments, has_postgres).iter().map(|run| run.join(" ")).collect()
    }

    #[test]
    fn everything_is_run_also_without_the_service_and_the_whole_comes_last() {
        assert_eq!(
            lines(Runner::Nextest, &[], true),
            ["nextest run -p abiscope --no-default-features", "test --workspace --doc", "nextest run --workspace"]
        );
        assert_eq!(lines(Runner::Cargo, &[], true), ["test -p abiscope --no-default-features", "test --workspace"]);
    }

    #[test]
    fn arguments_make_one_run_of_the_packages_they_name_or_of_all() {
        assert_eq!(lines(Runner::Nextest, &["-p", "store"], true), ["nextest run -p store"]);
        assert_eq!(lines(Runner::Cargo, &["--package=store", "name"], true), ["test --package=store name"]);
        assert_eq!(lines(Runner::Cargo, &["name"], true), ["test --workspace name"]);
    }

    #[test]
    fn without_postgres_the_crates_that_need_it_are_left_out() {
        let all = "test --workspace --exclude store --exclude private-postgres --exclude abiscope --exclude xtask";
        assert_eq!(lines(Runner::Cargo, &[], false), ["test -p abiscope --no-default-features", all]);
        assert_eq!(lines(Runner::Cargo, &["name"], false), [format!("{all} name")]);
    }
}

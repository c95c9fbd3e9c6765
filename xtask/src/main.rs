//! The commands of this repository, run as `cargo xtask COMMAND`.

mod bench;
mod capi;
mod database;
mod load;
mod offline_data;
mod scale;
mod score;
mod tests;
mod workspace;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// The commands of this repository.
#[derive(Debug, Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask")]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Runs all tests, against a Postgres of their own.
    ///
    /// A server is started for the run and removed after it; a DATABASE_URL in the environment is never used.
    /// ABISCOPE_TEST_DATABASE_URL names another server to use, on which every test makes a database.
    ///
    /// The pages are driven in a Chromium of this machine (ABISCOPE_CHROMIUM names another), by packages that npm
    /// installs. Where Postgres, Chromium, node or npm is missing, the tests that need it are skipped, counted and
    /// named at the end; with CI set that is an error.
    Test {
        /// Arguments for the test runner, after `--`: `cargo xtask test -- -p store`.
        #[arg(last = true)]
        arguments: Vec<String>,
    },
    /// Runs the services of docker-compose.yml without containers, and looks at what they do.
    ///
    /// Each role's exact command and environment, against a Postgres, an S3 store and a generated index on loopback:
    /// the test `roles` of `abiscope/tests/deploy`, alone.
    Roles,
    /// Writes what sqlx knows about every query into `.sqlx/`, from a server with all migrations.
    Sqlx {
        /// Writes nothing, and fails if `.sqlx/` is not what it should be.
        #[arg(long)]
        check: bool,
    },
    /// Makes a CPython version's columns of the C-API data from its headers, and compares them with the data.
    Capi(capi::CapiArgs),
    /// Prints the CPU seconds of a scan of the 40 real sdists beside those of decompressing them.
    Bench(bench::BenchArgs),
    /// Compares the findings of the analyzer with what a compiler saw, and writes analyzer/SCORE.md.
    ///
    /// Scanning wants an optimised build: `cargo run --release -p xtask -- score SDISTS_DIR`.
    Score(score::ScoreArgs),
    /// Crawls generated indexes of several sizes and prints what a project costs in each, with the plans of the queue.
    ///
    /// Wants an optimised build of both: `cargo build --release && cargo run --release -p xtask -- scale`.
    Scale(scale::ScaleArgs),
    /// Asks for pages at a constant rate, over a made world of many projects, and prints how long they take.
    ///
    /// Wants an optimised build of both: `cargo build --release && cargo run --release -p xtask -- load`.
    Load(load::LoadArgs),
    /// Is the load generator of `load`.
    #[command(hide = true)]
    LoadClient(load::ClientArgs),
    /// Is the generated index of `scale`.
    #[command(hide = true)]
    FakeIndex(scale::FakeIndexArgs),
}

fn main() -> ExitCode {
    private_postgres::run_supervisor_if_asked();
    run(Arguments::parse()).unwrap_or_else(|error| {
        eprintln!("xtask: {error:#}");
        ExitCode::FAILURE
    })
}

fn run(arguments: Arguments) -> anyhow::Result<ExitCode> {
    match arguments.command {
        Command::Test { arguments } => with_server(tests::run(&arguments)),
        Command::Roles => with_server(tests::run(&tests::roles())),
        Command::Sqlx { check } => with_server(offline_data::run(check)),
        Command::Capi(arguments) => capi::run(&arguments).map(|()| ExitCode::SUCCESS),
        Command::Bench(arguments) => bench::run(&arguments).map(|()| ExitCode::SUCCESS),
        Command::Score(arguments) => score::run(&arguments).map(|()| ExitCode::SUCCESS),
        Command::Scale(arguments) => with_server(scale::run(&arguments)),
        Command::Load(arguments) => with_server(load::run(&arguments)),
        Command::LoadClient(arguments) => with_server(load::generate(&arguments)).map(|()| ExitCode::SUCCESS),
        Command::FakeIndex(arguments) => {
            scale::serve(&arguments);
            Ok(ExitCode::SUCCESS)
        }
    }
}

/// Runs what needs a Postgres.
fn with_server<T>(command: impl Future<Output = anyhow::Result<T>>) -> anyhow::Result<T> {
    tokio::runtime::Builder::new_current_thread().enable_all().build()?.block_on(command)
}

//! `abiscope`: the one binary, the only place where rooms meet.

#[cfg(feature = "service")]
mod analysis;
mod cli;
#[cfg(feature = "service")]
mod crawl;
mod exit;
mod explain;
#[cfg(feature = "service")]
mod logs;
mod output;
mod scan;
#[cfg(feature = "service")]
mod service;
#[cfg(feature = "service")]
mod survey;

use clap::Parser;

use crate::cli::{Cli, Command};
use crate::exit::Exit;

fn main() -> std::process::ExitCode {
    #[cfg(feature = "service")]
    private_postgres::run_supervisor_if_asked();
    let cli = Cli::parse();
    run(cli).unwrap_or_else(|error| exit::report(&error)).into()
}

fn run(cli: Cli) -> anyhow::Result<Exit> {
    #[cfg(feature = "service")]
    logs::start(cli.logs.log_format);
    match cli.command {
        Command::Scan(args) => scan::run(&args),
        Command::Explain(args) => explain::run(&args),
        #[cfg(feature = "service")]
        Command::AnalyseChild(args) => analysis::run(args.memory).map(|()| Exit::Done),
        #[cfg(feature = "service")]
        Command::Survey(args) => service::block_on(survey::run(args)),
        #[cfg(feature = "service")]
        Command::Crawl(args) => service::block_on(crawl::run(args)),
        #[cfg(feature = "service")]
        Command::Work(args) => service::block_on(crawl::work(args)),
        #[cfg(feature = "service")]
        Command::Serve(args) => service::block_on(service::serve::run(args)),
        #[cfg(feature = "service")]
        Command::Review(args) => service::block_on(service::review::run(args)),
        #[cfg(feature = "service")]
        Command::Whatif(args) => service::block_on(service::whatif::run(args)),
        #[cfg(feature = "service")]
        Command::Search(args) => service::block_on(service::search::run(args)),
        #[cfg(feature = "service")]
        Command::Snapshot(args) => service::block_on(service::snapshot::run(args)),
        #[cfg(feature = "service")]
        Command::Report(args) => service::block_on(service::report::run(args)),
        #[cfg(feature = "service")]
        Command::Export(args) => service::block_on(service::export::run(args)),
        #[cfg(feature = "service")]
        Command::Status(args) => service::block_on(service::status::run(args)),
        #[cfg(feature = "service")]
        Command::Requeue(args) => service::block_on(service::queue::requeue(args)),
        #[cfg(feature = "service")]
        Command::Alarms(args) => service::block_on(service::alarms::run(args)),
        #[cfg(feature = "service")]
        Command::Hide(args) => service::block_on(service::hide::run(args)),
        #[cfg(feature = "service")]
        Command::Digest(args) => service::block_on(service::queue::digest(args)),
        #[cfg(feature = "service")]
        Command::Migrate(args) => service::block_on(service::migrate::run(args)),
        #[cfg(feature = "service")]
        Command::Db(args) => service::block_on(service::db::run(args)),
    }
}

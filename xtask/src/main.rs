//! The commands of this repository.

mod capi;

use clap::{Parser, Subcommand};

#[derive(Parser)]
#[command(about = "The commands of this repository.")]
struct Arguments {
    #[command(subcommand)]
    command: Commands,
}

#[derive(Subcommand)]
enum Commands {
    /// Make a CPython version's columns of the C-API data from its headers, and compare them with the data.
    Capi(capi::CapiArgs),
}

fn main() -> anyhow::Result<()> {
    match Arguments::parse().command {
        Commands::Capi(args) => capi::run(&args),
    }
}

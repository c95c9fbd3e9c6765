//! `cargo xtask capi`: a CPython version's columns from its headers, beside those of the committed data.
//!
//! The C compiler only preprocesses (`cc -E -dD`); what it leaves is read by the lexer and the small reader of
//! declarations here. The data itself was made with another tool (libclang), so that the two check each other.

mod columns;
mod compare;
mod declarations;
mod declarator;
mod lexer;
mod members;
mod preprocess;

use std::path::PathBuf;

use anyhow::Context as _;
use capi::Version;

/// What `cargo xtask capi` takes.
#[derive(clap::Args)]
pub(crate) struct CapiArgs {
    /// The folder that holds Python.h, such as ~/.pyenv/versions/3.13.0/include/python3.13.
    #[arg(long, value_name = "DIR")]
    headers: PathBuf,
    /// The CPython version of those headers.
    #[arg(long)]
    version: Version,
    /// Compare with the committed data (the default); an unexplained difference is exit status 1.
    #[arg(long, conflicts_with = "write")]
    check: bool,
    /// Write the columns to this file instead, as JSON Lines.
    #[arg(long, value_name = "OUT")]
    write: Option<PathBuf>,
}

/// Runs the command.
pub(crate) fn run(args: &CapiArgs) -> anyhow::Result<()> {
    let found = columns::Columns::from_headers(&args.headers, args.version)?;
    if let Some(out) = &args.write {
        std::fs::write(out, found.json_lines()?).with_context(|| format!("writing {}", out.display()))?;
        println!("{}: {}", out.display(), found.counts());
        return Ok(());
    }
    let committed = columns::Columns::from_facts(args.version);
    println!("headers of {}: {}", args.version, found.counts());
    println!("committed data: {}", committed.counts());
    compare::report(&compare::differences(args.version, &found, &committed))
}

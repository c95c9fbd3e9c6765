//! `abiscope status`: how many of what are in which state.

use std::collections::BTreeMap;
use std::io::Write;

use store::Status;

use super::Home;
use crate::cli::{StatusArgs, StatusFormat};
use crate::exit::Exit;
use crate::output::{self, BOLD, DIM};

/// Prints the counts.
pub async fn run(args: StatusArgs) -> anyhow::Result<Exit> {
    let home = Home::open(&args.home).await?;
    let status = home.store.status().await?;
    home.leave().await;
    let mut out = anstream::stdout().lock();
    match args.format {
        StatusFormat::Text => write_text(&status, &mut out)?,
        StatusFormat::Json => writeln!(out, "{}", as_json(&status)?)?,
    }
    Ok(Exit::Done)
}

fn as_json(status: &Status) -> serde_json::Result<String> {
    let mut value = serde_json::to_value(status)?;
    value["versions"] = serde_json::json!({
        "abiscope": env!("CARGO_PKG_VERSION"),
        "analyzer": analyzer::ANALYZER_VERSION,
        "capi": capi::DATA_VERSION,
    });
    serde_json::to_string_pretty(&value)
}

fn write_text(status: &Status, out: &mut impl Write) -> std::io::Result<()> {
    let version = env!("CARGO_PKG_VERSION");
    let (analyzer, capi, schema) = (analyzer::ANALYZER_VERSION, capi::DATA_VERSION, status.schema);
    writeln!(out, "abiscope {version} · analyzer {analyzer} · C API data {capi} · schema {schema}")?;
    for (title, counts) in [("projects", &status.projects), ("releases", &status.releases), ("sdists", &status.files)] {
        write_counts(title, counts, out)?;
    }
    let size = output::bytes(u64::try_from(status.database_bytes).unwrap_or(0));
    let updated = status.updated_at.map_or_else(|| "never".to_owned(), |at| at.format("%F %R UTC").to_string());
    writeln!(out, "\n{DIM}database {size}, last written {updated}{DIM:#}")
}

fn write_counts(title: &str, counts: &BTreeMap<String, i64>, out: &mut impl Write) -> std::io::Result<()> {
    let total: i64 = counts.values().sum();
    writeln!(out, "\n{BOLD}{:<20}{:>9}{BOLD:#}", title, output::grouped(total.unsigned_abs()))?;
    for (state, count) in counts.iter().filter(|(_, count)| **count > 0) {
        writeln!(out, "  {state:<18}{:>9}", output::grouped(count.unsigned_abs()))?;
    }
    Ok(())
}

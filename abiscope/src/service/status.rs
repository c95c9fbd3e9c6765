//! `abiscope status`: how many of what are in which state, and how the crawl stands.

mod crawl;
mod layout;

use std::collections::BTreeMap;
use std::io::Write;

use store::Status;

use super::Home;
use crate::cli::{OutputFormat, StatusArgs};
use crate::exit::Exit;
use crate::output::{self, BOLD, DIM};

use layout::LABEL;

/// Prints the counts.
pub async fn run(args: StatusArgs) -> anyhow::Result<Exit> {
    let home = Home::open(&args.home).await?;
    let status = home.store.status().await;
    home.leave().await;
    let status = status?;
    let mut out = anstream::stdout().lock();
    match args.format {
        OutputFormat::Text => write_text(&status, output::width(), &mut out)?,
        OutputFormat::Json => writeln!(out, "{}", as_json(&status)?)?,
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

fn write_text(status: &Status, width: usize, out: &mut impl Write) -> std::io::Result<()> {
    let version = env!("CARGO_PKG_VERSION");
    let (analyzer, capi, schema) = (analyzer::ANALYZER_VERSION, capi::DATA_VERSION, status.schema);
    writeln!(out, "abiscope {version} · analyzer {analyzer} · C API data {capi} · schema {schema}")?;
    for (title, counts) in [("projects", &status.projects), ("releases", &status.releases), ("sdists", &status.files)] {
        write_counts(title, counts, out)?;
    }
    crawl::write(status, width, out)?;
    let size = output::bytes(u64::try_from(status.database_bytes).unwrap_or(0));
    let updated = status.updated_at.map_or_else(|| "never".to_owned(), |at| at.format("%F %R UTC").to_string());
    writeln!(out, "\n{DIM}database {size}, last written {updated}{DIM:#}")
}

fn write_counts(title: &str, counts: &BTreeMap<String, i64>, out: &mut impl Write) -> std::io::Result<()> {
    let total: i64 = counts.values().sum();
    writeln!(out, "\n{BOLD}{title:<LABEL$}{:>9}{BOLD:#}", output::grouped(total.unsigned_abs()))?;
    for (state, count) in counts.iter().filter(|(_, count)| **count > 0) {
        writeln!(out, "  {state:<0$}{1:>9}", LABEL - 2, output::grouped(count.unsigned_abs()))?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_survey_without_a_crawl_is_its_counts() {
        let counts = BTreeMap::from([("listed".to_owned(), 1_234), ("not-found".to_owned(), 0)]);
        let status = Status { schema: 7, projects: counts, database_bytes: 48_300_000, ..Status::default() };
        let mut out = Vec::new();
        write_text(&status, 80, &mut anstream::StripStream::new(&mut out)).expect("written");
        let text = String::from_utf8(out).expect("UTF-8");
        let (_, rest) = text.split_once("· schema 7\n").expect("the versions first");
        assert_eq!(
            rest,
            "\nprojects                1,234\n  listed                1,234\n\nreleases                    0\n\n\
             sdists                      0\n\ndatabase 48.3 MB, last written never\n"
        );
    }
}

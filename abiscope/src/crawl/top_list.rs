//! `--top-list`: ranks and downloads of projects, from a file or an address.

use std::fs::File;
use std::io::BufReader;

use anyhow::{Context, bail};
use chrono::{NaiveDate, Utc};
use crawler::{ClientConfig, TopList};
use store::{Month, Store, TopRow};

use crate::logs::say;

/// Reads the list and records it under its month.
pub async fn record(store: &Store, contact: Option<&str>, list: &str) -> anyhow::Result<()> {
    let read = if list.starts_with("https://") || list.starts_with("http://") {
        let config = ClientConfig { contact: contact.map(str::to_owned), ..ClientConfig::default() };
        TopList::fetch(list, &config).await.with_context(|| format!("--top-list {list}"))?
    } else {
        let file = File::open(list).with_context(|| format!("--top-list {list}"))?;
        TopList::read(BufReader::new(file)).with_context(|| format!("--top-list {list}"))?
    };
    if read.projects.is_empty() {
        bail!("--top-list {list}: it names no project");
    }
    let month = month_of(&read);
    let rows = read.projects.iter().map(|row| TopRow { name: row.name.clone(), downloads: row.downloads });
    store.top_list_recorded(month, &rows.collect::<Vec<_>>()).await?;
    say!("Ranks of {} projects, of the month of {}.", read.projects.len(), month.first_day().format("%Y-%m"));
    Ok(())
}

/// The month that the list says it is of, else this one.
fn month_of(list: &TopList) -> Month {
    let told = list.last_update.as_deref().and_then(|text| NaiveDate::parse_from_str(text.get(..10)?, "%Y-%m-%d").ok());
    Month::of(told.unwrap_or_else(|| Utc::now().date_naive()))
}

//! A day's changes: how long it takes until memory follows what was written.

use std::time::Duration;

use anyhow::{Context as _, bail};
use sqlx::{Connection as _, PgConnection};

use super::server::Served;

/// Of a hundred projects so many have news on a day.
const NEWS: i64 = 1;

/// A process that has just read everything rests for a while before it reads again.
const PATIENCE: Duration = Duration::from_mins(20);

/// What is read into memory, by the metrics' word, and what that is.
const READ: [(&str, &str); 2] = [("past", "the past"), ("standing", "releases that stand")];

/// Reads of one sort so far.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Reads {
    count: u32,
    /// All together.
    seconds: f64,
}

/// How long it took to read everything when the server started.
pub(super) async fn told_of_start(served: &Served) -> anyhow::Result<String> {
    let metrics = served.metrics().await?;
    let told = |(what, words)| Ok(format!("{words} {:.1} s", reads(&metrics, what)?.seconds));
    let told: anyhow::Result<Vec<String>> = READ.into_iter().map(told).collect();
    Ok(format!("Read into memory at the start: {}", told?.join(", ")))
}

/// Has projects written anew, asks for pages until each memory was read again, and tells how long the reads took.
pub(super) async fn told_of_a_day(served: &Served) -> anyhow::Result<String> {
    let before = served.metrics().await?;
    let projects = written(served.database()).await?;
    let mut told = Vec::new();
    for (what, words) in READ {
        let before = reads(&before, what)?;
        let after = read_again(served, what, before).await?;
        told.push(format!("{words} {:.2} s", (after.seconds - before.seconds) / f64::from(after.count - before.count)));
    }
    Ok(format!("A day's changes, {projects} projects, read into memory: {}", told.join(", ")))
}

/// Writes what a crawl writes of a project that has news, so that all of it is read again.
async fn written(url: &str) -> anyhow::Result<u64> {
    let mut connection = PgConnection::connect(url).await.context("connecting to the world's database")?;
    let news = "UPDATE projects SET read_at = now() WHERE id % 100 < $1";
    let projects = sqlx::query(news).bind(NEWS).execute(&mut connection).await?.rows_affected();
    let version = "UPDATE data_changes SET changes = changes + 1, changed_at = now() WHERE slot = 0";
    sqlx::query(version).execute(&mut connection).await?;
    connection.close().await?;
    Ok(projects)
}

async fn read_again(served: &Served, what: &str, before: Reads) -> anyhow::Result<Reads> {
    let waited = async {
        loop {
            for page in ["/trends", "/"] {
                reqwest::get(format!("{}{page}", served.address)).await?.error_for_status()?;
            }
            let now = reads(&served.metrics().await?, what)?;
            if now.count > before.count {
                return anyhow::Ok(now);
            }
            tokio::time::sleep(Duration::from_millis(500)).await;
        }
    };
    match tokio::time::timeout(PATIENCE, waited).await {
        Ok(read) => read,
        Err(_) => bail!("{what} was not read again within {} minutes", PATIENCE.as_secs() / 60),
    }
}

/// What metrics say of reads of one sort.
fn reads(metrics: &str, what: &str) -> anyhow::Result<Reads> {
    let value = |name: &str| {
        let line = format!("abiscope_memory_read_duration_seconds_{name}{{what=\"{what}\"}} ");
        metrics.lines().find_map(|text| text.strip_prefix(&line)).with_context(|| format!("metrics tell no {line}"))
    };
    Ok(Reads { count: value("count")?.parse()?, seconds: value("sum")?.parse()? })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_are_found_in_metrics() {
        let metrics = "# TYPE abiscope_memory_read_duration_seconds histogram\n\
            abiscope_memory_read_duration_seconds_bucket{what=\"past\",le=\"+Inf\"} 3\n\
            abiscope_memory_read_duration_seconds_sum{what=\"past\"} 1.5\n\
            abiscope_memory_read_duration_seconds_count{what=\"past\"} 3\n";
        assert_eq!(reads(metrics, "past").unwrap(), Reads { count: 3, seconds: 1.5 });
        assert!(reads(metrics, "standing").is_err());
    }
}

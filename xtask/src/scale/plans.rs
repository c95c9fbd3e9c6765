//! The plans of the largest queries of a crawl, taken in its middle: the queue is as full then as it is empty.
//!
//! The text of each is what the program runs: ours from `.sqlx/`, the queue's from its library.

mod take_a_job;

use std::fmt;

use anyhow::Context as _;
use sqlx::{AssertSqlSafe, Connection as _, PgConnection, Row as _};

use crate::workspace;

/// A query as Postgres ran it.
#[derive(Debug)]
pub(super) struct Plan {
    title: &'static str,
    lines: Vec<String>,
}

/// A query to look at.
struct Asked {
    title: &'static str,
    /// What is in its text and in that of no other.
    mark: &'static str,
    arguments: &'static str,
}

/// Ours. What they write is rolled back.
const OURS: [Asked; 8] = [
    Asked {
        title: "Which projects are due (Store::enqueue_due)",
        mark: r#"SELECT due.name AS "name!""#,
        arguments: "(NULL, 30, NULL)",
    },
    Asked { title: "Whether the crawl is done (Store::is_at_rest)", mark: r#"AS "at_rest!""#, arguments: "(120)" },
    Asked { title: "The depth of the queue (Store::crawl_status)", mark: r#"AS "delayed!""#, arguments: "" },
    Asked {
        title: "What a listing lost (Listing::finish)",
        mark: r#"AS "lost!""#,
        arguments: "('http://index.example/simple/')",
    },
    Asked { title: "What a listing changed (Listing::finish)", mark: "WITH moved AS", arguments: "" },
    Asked {
        title: "Sdists whose job may be lost (Store::enqueue_waiting_files)",
        mark: "WHERE id > $1 AND selected AND state IN",
        arguments: "(0, 1000)",
    },
    Asked {
        title: "What an older analyzer said (Store::files_outdated)",
        mark: "f.failed_by IS DISTINCT FROM $5",
        arguments: "(0, '0', '0', 1000, '0/0')",
    },
    Asked {
        title: "The next steps of a project (Store::enqueue_project_files)",
        mark: "p.name = $1 AND f.selected AND f.state IN",
        arguments: "('gen-project-000100')",
    },
];

/// Whether half of the projects have been read.
pub(super) async fn half_is_read(url: &str, projects: u32) -> anyhow::Result<bool> {
    let mut connection = connected(url).await?;
    let read: i64 = sqlx::query_scalar(
        "SELECT coalesce(sum(n_tup_ins), 0)::bigint FROM pg_stat_user_tables WHERE relname = 'projects'",
    )
    .fetch_one(&mut connection)
    .await
    .context("asking how far the crawl is")?;
    connection.close().await?;
    Ok(read >= i64::from(projects / 2))
}

/// The plans, as the database is now.
pub(super) async fn take(url: &str) -> anyhow::Result<Vec<Plan>> {
    let mut connection = connected(url).await?;
    let (sql, arguments) = take_a_job::query(&mut connection).await?;
    let mut plans = vec![explained(&mut connection, "The next job (the queue's library)", &sql, &arguments).await?];
    for asked in &OURS {
        let sql = text_with(asked.mark)?;
        plans.push(explained(&mut connection, asked.title, &sql, asked.arguments).await?);
    }
    connection.close().await?;
    Ok(plans)
}

async fn connected(url: &str) -> anyhow::Result<PgConnection> {
    PgConnection::connect(url).await.context("cannot connect to the crawl's database")
}

/// Runs a query and takes back what it did. A listing is as it was when it comes once more.
async fn explained(
    connection: &mut PgConnection,
    title: &'static str,
    sql: &str,
    arguments: &str,
) -> anyhow::Result<Plan> {
    let mut tx = connection.begin().await?;
    let listing = "INSERT INTO listing_stage SELECT name, display_name, serial FROM index_names; ANALYZE listing_stage";
    sqlx::raw_sql(listing).execute(&mut *tx).await.context("making a listing")?;
    let prepare = format!("PREPARE asked AS {sql}");
    sqlx::raw_sql(AssertSqlSafe(prepare)).execute(&mut *tx).await.with_context(|| format!("preparing {sql}"))?;
    let explain = format!("EXPLAIN (ANALYZE, BUFFERS, COSTS OFF) EXECUTE asked{arguments}");
    let rows = sqlx::raw_sql(AssertSqlSafe(explain)).fetch_all(&mut *tx).await;
    let lines = rows.with_context(|| format!("explaining {sql}"))?.iter().map(|row| row.try_get(0)).collect();
    let lines: Result<Vec<String>, sqlx::Error> = lines;
    tx.rollback().await?;
    sqlx::raw_sql("DEALLOCATE asked").execute(connection).await?;
    Ok(Plan { title, lines: lines? })
}

/// The one query of `.sqlx/` that holds `mark`.
fn text_with(mark: &str) -> anyhow::Result<String> {
    let folder = workspace::root().join(".sqlx");
    let mut found = Vec::new();
    for entry in std::fs::read_dir(&folder).context("reading .sqlx/")? {
        let kept = std::fs::read(entry?.path()).context("reading .sqlx/")?;
        let kept: serde_json::Value = serde_json::from_slice(&kept).context("reading .sqlx/")?;
        found.extend(kept["query"].as_str().filter(|text| text.contains(mark)).map(str::to_owned));
    }
    match <[String; 1]>::try_from(found) {
        Ok([text]) => Ok(text),
        Err(found) => anyhow::bail!(
            "{} queries of .sqlx/ hold {mark:?}, not one: xtask/src/scale/plans.rs has to be told its words",
            found.len()
        ),
    }
}

impl fmt::Display for Plan {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.title)?;
        self.lines.iter().try_for_each(|line| write!(f, "\n  {line}"))
    }
}

//! The schema: connecting, migrating, and refusing what this binary does not know.
//!
//! # Changing it
//! Add `migrations/NNNN_what_it_does.sql`; it writes its own row of `schema_versions`, naming the first abiscope that
//! knows it. A migration that was released is never edited. Queries are checked when they are compiled, against
//! the descriptions in `.sqlx/`. To make these anew, with a migrated database at `URL`: empty `.sqlx/`, touch
//! `store/src/lib.rs`, and run
//! `SQLX_OFFLINE=false SQLX_OFFLINE_DIR=<absolute path of .sqlx> DATABASE_URL=URL cargo check -p store --all-targets`.

use std::time::Duration;

use sqlx::migrate::{Migrate, Migrator};
use sqlx::postgres::{PgConnection, PgPoolOptions};
use sqlx::{Connection, query, query_scalar};

use crate::{Blobs, Error, Store, queue};

static MIGRATIONS: Migrator = sqlx::migrate!("../migrations");

/// Connections of one process: a page needs one at a time, a worker's job too.
const CONNECTIONS: u32 = 16;

/// How long calls under way may take when the process is to end.
const CLOSING: Duration = Duration::from_secs(20);

impl Store {
    /// Connects to the database at `url` and checks that its schema is the one this binary knows.
    pub async fn connect(url: &str, blobs: Blobs) -> Result<Self, Error> {
        let options = PgPoolOptions::new().max_connections(CONNECTIONS);
        // Postgres takes half a second to compile a query that it believes to be large; ours are done by then.
        let options = options.after_connect(|connection, _| {
            Box::pin(async move { query("SET jit = off").execute(connection).await.map(drop) })
        });
        let pool = options.connect(url).await?;
        check(&mut *pool.acquire().await?).await?;
        Ok(Self {
            pool,
            blobs,
            freed: std::sync::Arc::default(),
            standing: std::sync::Arc::default(),
            trends: std::sync::Arc::default(),
        })
    }

    /// Whether the database answers, with a schema this binary can work with.
    pub async fn check(&self) -> Result<(), Error> {
        check(&mut *self.pool.acquire().await?).await
    }

    /// Closes every connection. Calls under way have some seconds to finish first; one that reads a whole survey may take
    /// minutes, and nothing is lost without it.
    pub async fn close(&self) {
        self.close_within(CLOSING).await;
    }

    /// As [`Store::close`], with another time for calls under way.
    pub async fn close_within(&self, time: Duration) {
        if tokio::time::timeout(time, self.pool.close()).await.is_err() {
            tracing::info!("calls to the database are given up as they take longer than {} s", time.as_secs());
        }
    }

    /// Brings the database at `url` to this binary's schema, from whatever older one, an empty one included.
    /// Returns how many migrations were applied, those of the queue's library counted too. Several at once wait for
    /// each other.
    pub async fn migrate(url: &str) -> Result<usize, Error> {
        let mut connection = PgConnection::connect(url).await?;
        // The lock that the migrator takes too, here from before the look at what is there.
        connection.lock().await?;
        let (found, needed) = found(&mut connection).await?;
        check_not_newer(found, needed)?;
        MIGRATIONS.run(&mut connection).await?;
        let queue = queue::schema::migrate(&mut connection, url).await?;
        connection.unlock().await?;
        connection.close().await?;
        Ok(MIGRATIONS.iter().filter(|migration| migration.version > found).count() + queue)
    }
}

/// Refuses a schema that this binary cannot work with.
async fn check(connection: &mut PgConnection) -> Result<(), Error> {
    let (found, needed) = found(connection).await?;
    check_not_newer(found, needed)?;
    if found < known() {
        return Err(Error::OlderSchema { found, known: known() });
    }
    queue::schema::check(connection).await
}

/// The newest schema this binary knows.
pub(crate) fn known() -> i64 {
    MIGRATIONS.iter().map(|migration| migration.version).max().unwrap_or(0)
}

/// The lines of all migrations.
pub(crate) fn statements() -> impl Iterator<Item = &'static str> {
    MIGRATIONS.iter().flat_map(|migration| migration.sql.as_str().lines())
}

/// The schema of the database, 0 if there is none, and the first abiscope that knows it.
pub(crate) async fn found(connection: &mut PgConnection) -> Result<(i64, String), Error> {
    let empty = query_scalar!(r#"SELECT to_regclass('schema_versions') IS NULL AS "empty!""#)
        .fetch_one(&mut *connection)
        .await?;
    if empty {
        return Ok((0, String::new()));
    }
    let newest = query!("SELECT version, abiscope_version FROM schema_versions ORDER BY version DESC LIMIT 1")
        .fetch_optional(connection)
        .await?;
    Ok(newest.map_or((0, String::new()), |row| (row.version, row.abiscope_version)))
}

fn check_not_newer(found: i64, needed: String) -> Result<(), Error> {
    if found > known() {
        return Err(Error::NewerSchema { found, known: known(), needed });
    }
    Ok(())
}

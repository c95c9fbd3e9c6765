//! The queue's own schema, which its library brings along.
//!
//! It is migrated by [`crate::Store::migrate`] only, under the same lock as ours. The library adds columns and functions
//! in steps that are marked when they break older programs; so replicas of two versions run side by side unless such a
//! step lies between them, and then the older one refuses to start.

use graphile_worker_migrations::GraphileWorkerMigration;
use graphile_worker_migrations::sql::GRAPHILE_WORKER_MIGRATIONS;
use sqlx::{PgConnection, PgPool, query, query_scalar};

use super::SCHEMA;
use crate::Error;

/// What a database has of the queue's schema.
#[derive(Debug, Clone, Copy, Default)]
struct Found {
    /// The newest step; 0: there is none.
    newest: i32,
    /// The newest step that breaks older programs.
    newest_breaking: i32,
}

/// Brings the queue's schema to what this binary needs; returns how many steps were taken. The caller holds the lock.
pub(crate) async fn migrate(connection: &mut PgConnection, url: &str) -> Result<usize, Error> {
    let before = found(connection).await?;
    check_not_newer(before)?;
    if before.newest >= known() {
        return Ok(0);
    }
    let pool = PgPool::connect(url).await?;
    let done = graphile_worker_migrations::migrate(pool.clone(), SCHEMA).await;
    pool.close().await;
    done.map_err(|error| Error::Queue(format!("migrating it: {error}")))?;
    Ok(usize::try_from(found(connection).await?.newest - before.newest).unwrap_or(0))
}

/// Refuses a queue that this binary cannot work with.
pub(crate) async fn check(connection: &mut PgConnection) -> Result<(), Error> {
    let found = found(connection).await?;
    check_not_newer(found)?;
    if found.newest < known() {
        return Err(Error::OlderQueue { found: found.newest, known: known() });
    }
    Ok(())
}

fn check_not_newer(found: Found) -> Result<(), Error> {
    if found.newest_breaking > known() {
        return Err(Error::NewerQueue { found: found.newest_breaking, known: known() });
    }
    Ok(())
}

/// The newest step this binary knows.
fn known() -> i32 {
    let numbers = GRAPHILE_WORKER_MIGRATIONS.iter().map(GraphileWorkerMigration::migration_number);
    numbers.max().and_then(|newest| i32::try_from(newest).ok()).unwrap_or(0)
}

async fn found(connection: &mut PgConnection) -> Result<Found, Error> {
    let empty = query_scalar!(r#"SELECT to_regclass('graphile_worker.migrations') IS NULL AS "empty!""#)
        .fetch_one(&mut *connection)
        .await?;
    if empty {
        return Ok(Found::default());
    }
    let row = query!(
        r#"SELECT coalesce(max(id), 0) AS "newest!", coalesce(max(id) FILTER (WHERE breaking), 0) AS "newest_breaking!"
           FROM graphile_worker.migrations"#
    )
    .fetch_one(connection)
    .await?;
    Ok(Found { newest: row.newest, newest_breaking: row.newest_breaking })
}

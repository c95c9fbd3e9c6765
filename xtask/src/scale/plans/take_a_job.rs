//! The query by which the queue's library takes the next job: asked of the library itself.

use std::sync::{Mutex, PoisonError};

use anyhow::Context as _;
use graphile_worker::sql::{get_job::get_job, task_identifiers::TaskDetails};
use graphile_worker::{BoxFuture, DbError, DbExecutor, DbParams, DbRow};
use sqlx::PgConnection;

/// A database that runs nothing and remembers what it was told.
#[derive(Default)]
struct Recorder(Mutex<String>);

impl DbExecutor for Recorder {
    fn execute<'a>(&'a self, sql: &'a str, _params: DbParams) -> BoxFuture<'a, Result<u64, DbError>> {
        sql.clone_into(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner));
        Box::pin(std::future::ready(Ok(0)))
    }

    fn fetch_all<'a>(&'a self, sql: &'a str, _params: DbParams) -> BoxFuture<'a, Result<Vec<DbRow>, DbError>> {
        sql.clone_into(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner));
        Box::pin(std::future::ready(Ok(Vec::new())))
    }
}

/// Its text and the arguments of a worker that does jobs of every kind.
pub(super) async fn query(connection: &mut PgConnection) -> anyhow::Result<(String, String)> {
    let kinds: String =
        sqlx::query_scalar("SELECT coalesce(array_agg(id)::text, '{}') FROM graphile_worker._private_tasks")
            .fetch_one(connection)
            .await
            .context("asking for the kinds of jobs")?;
    let recorder = Recorder::default();
    get_job(&recorder, &TaskDetails::new(), "graphile_worker", "", &[], None).await.context("asking the queue")?;
    let sql = recorder.0.into_inner().unwrap_or_else(PoisonError::into_inner);
    Ok((sql, format!("('somebody', '{kinds}')")))
}

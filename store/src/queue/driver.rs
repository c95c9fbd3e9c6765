//! The pool as the queue's library sees it.
//!
//! The library takes one job for each notice it gets, so that a queue filled earlier would be worked off at the pace of
//! its polling. Here a job that ends is a notice, too: whoever has done one looks for the next at once.

use std::any::Any;
use std::future::ready;
use std::sync::Arc;

use futures_util::StreamExt;
use futures_util::stream::{select, unfold};
use graphile_worker::{
    BoxFuture, Database, DatabaseDriver, DbError, DbExecutor, DbParams, DbRow, DbTransaction, Notification,
    NotificationStream,
};
use sqlx::PgPool;
use tokio::sync::Notify;

/// A pool that also hears when a job of this process ended.
#[derive(Debug)]
pub(super) struct Driver {
    inner: Database,
    ended: Arc<Notify>,
}

impl Driver {
    /// `ended` is notified for each job that ends.
    pub(super) fn new(pool: &PgPool, ended: Arc<Notify>) -> Self {
        Self { inner: Database::from(pool.clone()), ended }
    }
}

impl DbExecutor for Driver {
    fn execute<'a>(&'a self, sql: &'a str, params: DbParams) -> BoxFuture<'a, Result<u64, DbError>> {
        self.inner.execute(sql, params)
    }

    fn fetch_all<'a>(&'a self, sql: &'a str, params: DbParams) -> BoxFuture<'a, Result<Vec<DbRow>, DbError>> {
        self.inner.fetch_all(sql, params)
    }
}

impl DatabaseDriver for Driver {
    fn as_any(&self) -> &dyn Any {
        self
    }

    fn begin(&self) -> BoxFuture<'_, Result<DbTransaction, DbError>> {
        Box::pin(self.inner.begin())
    }

    fn listen<'a>(&'a self, channel: &'a str) -> BoxFuture<'a, Result<Option<NotificationStream>, DbError>> {
        Box::pin(async move {
            let own = notices(Arc::clone(&self.ended), channel.to_owned());
            Ok(Some(match self.inner.listen(channel).await? {
                // After an error the library would hear nothing any more, ours included.
                Some(others) => Box::pin(select(own, others.filter(|notice| ready(notice.is_ok())))),
                None => own,
            }))
        })
    }
}

/// A notice whenever a job ended. Those that come while nobody listens are one.
fn notices(ended: Arc<Notify>, channel: String) -> NotificationStream {
    Box::pin(unfold((ended, channel), |(ended, channel)| async move {
        ended.notified().await;
        Some((Ok(Notification { channel: channel.clone(), payload: String::new() }), (ended, channel)))
    }))
}

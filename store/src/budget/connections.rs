//! Connections: a fixed number of slots that expire, so that a dead holder blocks nobody for long.

use std::time::Duration;

use sqlx::query;
use tokio::sync::oneshot;

use crate::{Error, Store};

/// How long a slot is held without being renewed.
const HELD: Duration = Duration::from_mins(1);

/// How often a waiting caller looks for a slot that another process has freed; of those of its own it is told.
const LOOK: Duration = Duration::from_millis(100);

/// A slot that is taken until it is released or expires.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Connection {
    index: String,
    slot: i32,
    lease: i64,
}

impl Connection {
    /// Which slot, from 1.
    pub const fn slot(&self) -> i32 {
        self.slot
    }
}

/// A slot that renews itself until it is dropped.
#[derive(Debug)]
pub struct HeldConnection {
    /// Closed by the drop: then the task that renews the slot releases it.
    _dropped: oneshot::Sender<()>,
}

impl Store {
    /// Takes a connection to `index` for `time`, if one is free.
    pub async fn take_connection(&self, index: &str, time: Duration) -> Result<Option<Connection>, Error> {
        let taken = self.take_unless_quiet(index, time, Duration::MAX).await?;
        Ok(taken.ok().flatten())
    }

    /// Takes a connection, if one is free; or tells how long the index wants quiet, if that is longer than `longest`.
    async fn take_unless_quiet(
        &self,
        index: &str,
        time: Duration,
        longest: Duration,
    ) -> Result<Result<Option<Connection>, Duration>, Error> {
        let row = query!(
            r#"WITH budget AS MATERIALIZED (
                 SELECT connections,
                     greatest(0, extract(epoch FROM greatest(blocked_until, now()) - clock_timestamp()))::float8 AS quiet
                 FROM request_budgets WHERE index = $1
             ), free AS MATERIALIZED (
                 SELECT c.slot FROM connection_slots c JOIN budget b ON c.slot <= b.connections AND b.quiet <= $3
                 WHERE c.index = $1 AND c.taken_until <= clock_timestamp()
                 ORDER BY c.slot LIMIT 1 FOR UPDATE OF c SKIP LOCKED
             ), taken AS (
                 UPDATE connection_slots s
                 SET lease = nextval('connection_leases'), taken_until = clock_timestamp() + make_interval(secs => $2)
                 FROM free WHERE s.index = $1 AND s.slot = free.slot
                 RETURNING s.slot, s.lease
             )
             SELECT b.quiet AS "quiet!", t.slot AS "slot?", t.lease AS "lease?" FROM budget b LEFT JOIN taken t ON true"#,
            index,
            time.as_secs_f64(),
            longest.as_secs_f64(),
        )
        .fetch_optional(&self.pool)
        .await?
        // Without a budget there are no slots, and one would wait for ever.
        .ok_or_else(|| Error::NoBudget(index.to_owned()))?;
        let quiet = Duration::try_from_secs_f64(row.quiet).unwrap_or_default();
        if quiet > longest {
            return Ok(Err(quiet));
        }
        let taken = row.slot.zip(row.lease);
        Ok(Ok(taken.map(|(slot, lease)| Connection { index: index.to_owned(), slot, lease })))
    }

    /// Holds a connection for `time` from now on; `false` if it had expired and somebody else has it.
    pub async fn renew_connection(&self, connection: &Connection, time: Duration) -> Result<bool, Error> {
        let renewed = query!(
            "UPDATE connection_slots SET taken_until = clock_timestamp() + make_interval(secs => $4)
             WHERE index = $1 AND slot = $2 AND lease = $3",
            &connection.index,
            connection.slot,
            connection.lease,
            time.as_secs_f64(),
        )
        .execute(&self.pool)
        .await?
        .rows_affected();
        Ok(renewed > 0)
    }

    /// Gives a connection back; one that had expired frees nobody else's.
    pub async fn release_connection(&self, connection: &Connection) -> Result<(), Error> {
        query!(
            "UPDATE connection_slots SET taken_until = '-infinity' WHERE index = $1 AND slot = $2 AND lease = $3",
            &connection.index,
            connection.slot,
            connection.lease,
        )
        .execute(&self.pool)
        .await?;
        Ok(())
    }

    /// Waits for a connection to `index` and holds it until the answer is dropped. If the holder dies it is free again
    /// after a minute.
    pub async fn hold_connection(&self, index: &str) -> Result<HeldConnection, Error> {
        loop {
            if let Ok(held) = self.hold_connection_unless_quiet(index, Duration::MAX).await? {
                return Ok(held);
            }
        }
    }

    /// [`Store::hold_connection`]; or how long the index wants quiet, as soon as that is longer than `longest`.
    pub async fn hold_connection_unless_quiet(
        &self,
        index: &str,
        longest: Duration,
    ) -> Result<Result<HeldConnection, Duration>, Error> {
        let connection = loop {
            match self.take_unless_quiet(index, HELD, longest).await? {
                Ok(Some(connection)) => break connection,
                Ok(None) => _ = tokio::time::timeout(LOOK, self.freed.notified()).await,
                Err(quiet) => return Ok(Err(quiet)),
            }
        };
        let (dropped, when_dropped) = oneshot::channel();
        tokio::spawn(renew_until(self.clone(), connection, when_dropped));
        Ok(Ok(HeldConnection { _dropped: dropped }))
    }
}

/// Renews a connection until it is dropped, then releases it. Trouble with the database is sat out: at worst the slot
/// expires, and there is one connection more for a moment.
async fn renew_until(store: Store, connection: Connection, mut dropped: oneshot::Receiver<()>) {
    loop {
        tokio::select! {
            _ = &mut dropped => break,
            () = tokio::time::sleep(HELD / 3) => {
                if let Err(error) = store.renew_connection(&connection, HELD).await {
                    tracing::debug!("renewing a connection's slot: {error}");
                }
            }
        }
    }
    if let Err(error) = store.release_connection(&connection).await {
        tracing::debug!("releasing a connection's slot: {error}");
    }
    store.freed.notify_one();
}

//! Connections: a fixed number of slots that expire, so that a dead holder blocks nobody for long.

use std::time::Duration;

use sqlx::{query, query_scalar};
use tokio::sync::oneshot;

use crate::{Error, Store};

/// How long a slot is held without being renewed.
const HELD: Duration = Duration::from_mins(1);

/// How often a waiting caller looks for a free slot.
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
        let taken = query!(
            "WITH free AS MATERIALIZED (
                 SELECT c.slot FROM connection_slots c JOIN request_budgets b ON b.index = c.index
                 WHERE c.index = $1 AND c.slot <= b.connections AND c.taken_until <= clock_timestamp()
                 ORDER BY c.slot LIMIT 1 FOR UPDATE OF c SKIP LOCKED
             )
             UPDATE connection_slots s
             SET lease = nextval('connection_leases'), taken_until = clock_timestamp() + make_interval(secs => $2)
             FROM free WHERE s.index = $1 AND s.slot = free.slot
             RETURNING s.slot, s.lease",
            index,
            time.as_secs_f64(),
        )
        .fetch_optional(&self.pool)
        .await?;
        Ok(taken.map(|row| Connection { index: index.to_owned(), slot: row.slot, lease: row.lease }))
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
        self.budget_known(index).await?;
        let connection = loop {
            match self.take_connection(index, HELD).await? {
                Some(connection) => break connection,
                None => tokio::time::sleep(LOOK).await,
            }
        };
        let (dropped, when_dropped) = oneshot::channel();
        tokio::spawn(renew_until(self.clone(), connection, when_dropped));
        Ok(HeldConnection { _dropped: dropped })
    }

    /// Without a budget there are no slots, and one would wait for ever.
    async fn budget_known(&self, index: &str) -> Result<(), Error> {
        let known = query_scalar!(r#"SELECT EXISTS (SELECT FROM request_budgets WHERE index = $1) AS "known!""#, index)
            .fetch_one(&self.pool)
            .await?;
        if known { Ok(()) } else { Err(Error::NoBudget(index.to_owned())) }
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
}

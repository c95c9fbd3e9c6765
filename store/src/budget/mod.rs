//! How fast an index may be asked, by all processes of a deployment together.
//!
//! One row for each index is the only truth, and Postgres' clock the only clock. [`Store::budget_set`] comes first; then
//! each request waits for its [`Store::request_turn`], holding a connection ([`Store::hold_connection`]).
//!
//! `index` is the address of the index without user and password: it is shown on the status page.

mod connections;
mod requests;

pub use connections::{Connection, HeldConnection};
pub use requests::Reservation;

use sqlx::query;

use crate::{Error, Store};

/// What an index is asked at most.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Budget {
    /// Requests a second; `None`: no limit.
    pub per_second: Option<f64>,
    /// Connections at a time; at least 1.
    pub connections: u32,
}

impl Default for Budget {
    /// The polite one: 5 requests a second over 8 connections.
    fn default() -> Self {
        Self { per_second: Some(5.0), connections: 8 }
    }
}

impl Budget {
    /// Seconds between two requests.
    fn spacing(self) -> f64 {
        // A rate that is no rate is slow, not unlimited.
        self.per_second.map_or(0.0, |rate| if rate > 0.0 { (1.0 / rate).min(3600.0) } else { 3600.0 })
    }
}

impl Store {
    /// Sets what `index` is asked at most, for the whole deployment. Who comes last is right; what was reserved and
    /// blocked before stays so.
    pub async fn budget_set(&self, index: &str, budget: Budget) -> Result<(), Error> {
        let connections = i32::try_from(budget.connections.max(1)).unwrap_or(i32::MAX).min(1000);
        let mut tx = self.pool.begin().await?;
        query!(
            "INSERT INTO request_budgets AS b (index, spacing, connections) VALUES ($1, make_interval(secs => $2), $3)
             ON CONFLICT (index) DO UPDATE SET spacing = excluded.spacing, connections = excluded.connections
             WHERE (b.spacing, b.connections) IS DISTINCT FROM (excluded.spacing, excluded.connections)",
            index,
            budget.spacing(),
            connections,
        )
        .execute(&mut *tx)
        .await?;
        query!(
            "INSERT INTO connection_slots (index, slot) SELECT $1, generate_series(1, $2::int) ON CONFLICT DO NOTHING",
            index,
            connections,
        )
        .execute(&mut *tx)
        .await?;
        Ok(tx.commit().await?)
    }
}

//! Which old releases a deployment reads, too.

use sqlx::{query, query_scalar};

use crate::{Error, Store};

impl Store {
    /// Sets which old releases are read from now on, by all processes: who says so last decides. What was read before
    /// stays, and what only waits to be is left out when its page is read again.
    pub async fn history_set(&self, history: Option<&str>) -> Result<(), Error> {
        match history {
            Some(history) => {
                query!(
                    "INSERT INTO history_policy AS p (history) VALUES ($1)
                     ON CONFLICT (only_one) DO UPDATE SET history = excluded.history, set_at = now()
                     WHERE p.history <> excluded.history",
                    history
                )
                .execute(&self.pool)
                .await?
            }
            None => query!("DELETE FROM history_policy").execute(&self.pool).await?,
        };
        Ok(())
    }

    /// Which old releases are read; `None`: none are.
    pub async fn history(&self) -> Result<Option<String>, Error> {
        Ok(query_scalar!("SELECT history FROM history_policy").fetch_optional(&self.pool).await?)
    }
}

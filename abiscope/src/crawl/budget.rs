//! The budget of requests that all processes of a deployment share, kept in Postgres.

use std::time::Duration;

use crawler::{LONGEST_WAIT, NoSlot, Slot, Soon};
use store::Store;

/// The budget of one index.
#[derive(Debug)]
pub struct SharedBudget {
    store: Store,
    /// The index, without user and password.
    index: String,
}

impl SharedBudget {
    /// The budget of `index` in `store`, which has been set there.
    pub fn new(store: Store, index: String) -> Self {
        Self { store, index }
    }

    async fn wait(&self) -> Result<Slot, NoSlot> {
        let out_of_reach = |error: store::Error| NoSlot::OutOfReach(error.to_string());
        let connection = self.store.hold_connection_unless_quiet(&self.index, LONGEST_WAIT).await;
        let connection = connection.map_err(out_of_reach)?.map_err(NoSlot::Blocked)?;
        self.store.request_turn(&self.index).await.map_err(out_of_reach)?;
        Ok(Slot::new(connection))
    }
}

impl crawler::Budget for SharedBudget {
    fn slot(&self) -> Soon<'_, Result<Slot, NoSlot>> {
        Box::pin(self.wait())
    }

    fn block_for(&self, pause: Duration) -> Soon<'_, ()> {
        Box::pin(async move {
            tracing::info!(index = self.index, seconds = pause.as_secs_f64(), "the index asks for quiet");
            if let Err(error) = self.store.block_requests(&self.index, pause).await {
                tracing::warn!("the index asked for a pause of {pause:?}, which could not be noted: {error}");
            }
        })
    }
}

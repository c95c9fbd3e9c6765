//! Writing: the steps of an sdist's way, each one transaction and an upsert.
//!
//! Every transaction ends with [`commit`], which moves the data version. Rows are locked from the large to the small
//! (project, file, interned words in their order, the slot of the data version), so that writers cannot deadlock.

mod file;
mod project;
mod report;

use sqlx::{Postgres, Transaction, query};

use crate::Error;

/// Moves the data version and commits.
pub(crate) async fn commit(mut tx: Transaction<'_, Postgres>) -> Result<(), Error> {
    query!(
        "UPDATE data_changes SET changes = changes + 1, changed_at = greatest(changed_at, now())
         WHERE slot = pg_backend_pid() % 16"
    )
    .execute(&mut *tx)
    .await?;
    Ok(tx.commit().await?)
}

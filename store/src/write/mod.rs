//! Writing: the steps of an sdist's way, each one transaction and an upsert.
//!
//! Every transaction ends with [`commit`], which moves the data version. Rows are locked from the large to the small
//! (project, file, interned words in their order, the slot of the data version), so that writers cannot deadlock.

mod file;
mod held;
mod known;
mod project;
mod report;
mod unchanged;
mod withdrawal;

use sqlx::{Postgres, Transaction, query};

use crate::Error;

pub(crate) use held::{held, nobody_names};
pub use known::KnownPage;
pub use report::Recorded;
pub use withdrawal::Withdrawal;

/// The versions of this analyzer and its C-API data, as `files.failed_by` has them.
pub(crate) fn versions() -> String {
    format!("{}/{}", analyzer::ANALYZER_VERSION, capi::DATA_VERSION)
}

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

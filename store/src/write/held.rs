//! Between a put and the row that names the blob, no sweep may take the blob away.

use bytes::Bytes;
use sqlx::{Postgres, Transaction, query};

use crate::{Blobs, Error, Sha256};

/// The advisory lock between those who name blobs (shared) and those who remove blobs that nobody names (alone).
const NAMING: i64 = 0x6162_6973_626c_6f62;

/// Makes sure that blobs that were put a moment ago are there until the end of the transaction that names them. To be
/// called first in it. A sweep that saw them old and unnamed may have removed them since: then they are put again.
pub(crate) async fn held(
    tx: &mut Transaction<'_, Postgres>,
    blobs: &Blobs,
    put: &[(Sha256, &Bytes)],
) -> Result<(), Error> {
    query!("SELECT pg_advisory_xact_lock_shared($1)", NAMING).execute(&mut **tx).await?;
    for (key, bytes) in put {
        if !blobs.has(*key).await? {
            blobs.put_as(*key, (*bytes).clone()).await?;
        }
    }
    Ok(())
}

/// Waits until nobody is about to name a blob, and keeps everybody from it until the end of the transaction.
pub(crate) async fn nobody_names(tx: &mut Transaction<'_, Postgres>) -> Result<(), Error> {
    query!("SELECT pg_advisory_xact_lock($1)", NAMING).execute(&mut **tx).await?;
    Ok(())
}

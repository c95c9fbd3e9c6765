//! Files of the store: what is known of them, analysed in children and recorded.

use store::{FileId, FileState, Store};

use super::{Outcome, Pool};

/// Records what came of a file that was given to a child; the state it came to.
pub async fn recorded(store: &Store, file: FileId, outcome: Outcome) -> Result<FileState, store::Error> {
    match outcome {
        Outcome::Analysed(analysed) => {
            store.file_analysed_packed(file, &analysed.report, &analysed.packed).await?;
            Ok(FileState::Analysed)
        }
        Outcome::Ended(state, reason) => {
            store.file_ended(file, state, &reason).await?;
            Ok(state)
        }
    }
}

/// Analyses a file again, from its source pack, else from its archive. Fetches nothing: `None` if neither is stored.
pub async fn again(pool: &Pool, store: &Store, file: FileId, filename: &str) -> anyhow::Result<Option<FileState>> {
    let outcome = match store.source_pack(file).await? {
        Some((filename, pack)) => pool.pack(&filename, pack).await?,
        None => match store.file_bytes(file).await? {
            Some(archive) => pool.archive(filename, archive).await?,
            None => return Ok(None),
        },
    };
    Ok(Some(recorded(store, file, outcome).await?))
}

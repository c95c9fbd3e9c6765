//! Files of the store: what is known of them, analysed in children and recorded.

use bytes::Bytes;
use store::{FileId, FileState, Store};

use super::wire::Input;
use super::{Outcome, Pool};

/// Analyses the archive of a file and records what came of it.
pub async fn archive(
    pool: &Pool,
    store: &Store,
    file: FileId,
    filename: &str,
    archive: Bytes,
) -> anyhow::Result<FileState> {
    analysed(pool, store, file, filename, (Input::Archive, archive)).await
}

/// Analyses a file again, from its source pack, else from its archive. Fetches nothing: `None` if neither is stored.
pub async fn again(pool: &Pool, store: &Store, file: FileId, filename: &str) -> anyhow::Result<Option<FileState>> {
    let (filename, input) = match store.source_pack(file).await? {
        Some((filename, pack)) => (filename, (Input::Pack, pack)),
        None => match store.file_bytes(file).await? {
            Some(archive) => (filename.to_owned(), (Input::Archive, archive)),
            None => return Ok(None),
        },
    };
    Ok(Some(analysed(pool, store, file, &filename, input).await?))
}

/// Analyses a file, unless its sources are those of another release of the project, and records what came of it.
async fn analysed(
    pool: &Pool,
    store: &Store,
    file: FileId,
    filename: &str,
    (input, bytes): (Input, Bytes),
) -> anyhow::Result<FileState> {
    let mut known = store.known_fingerprints(file).await?;
    loop {
        let outcome = match input {
            Input::Archive => pool.archive(filename, bytes.clone(), known).await?,
            Input::Pack => pool.pack(filename, bytes.clone(), known).await?,
        };
        match outcome {
            Outcome::Analysed(analysed) => {
                store.file_analysed_packed(file, &analysed.report, &analysed.packed).await?;
                return Ok(FileState::Analysed);
            }
            Outcome::Unchanged(unchanged) if store.file_unchanged(file, &unchanged).await? => {
                return Ok(FileState::Analysed);
            }
            // The other release's report went meanwhile.
            Outcome::Unchanged(_) => known = Vec::new(),
            Outcome::Ended(state, reason) => {
                store.file_ended(file, state, &reason).await?;
                return Ok(state);
            }
        }
    }
}

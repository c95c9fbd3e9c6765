//! Discovery: what the index lists, and what of it is to be read.

use crawler::{Listing, ListingFailure};
use packaging::ProjectName;
use store::{Completeness, Due, DueRules, ListedName, ListingOutcome, ListingRules, Store};
use tokio::sync::mpsc;

use super::index::Index;

/// Names that are written together.
const BATCH: usize = 5_000;

/// What became of the listing.
#[derive(Debug)]
pub enum Discovered {
    /// It was compared with the one before.
    Listing(ListingOutcome),
    /// It could not be read; what is known stays.
    Failed(ListingFailure),
}

/// Reads the root listing of the index as a stream and compares it with the one before.
pub async fn read_listing(store: &Store, index: &Index, rules: ListingRules) -> Result<Discovered, store::Error> {
    let mut listing = store.listing_begun(&index.name).await?;
    let (out, mut names) = mpsc::channel(BATCH);
    let client = index.client.clone();
    let reading = tokio::spawn(async move { client.read_listing(None, out).await });
    let mut batch = Vec::with_capacity(BATCH);
    while let Some(listed) = names.recv().await {
        batch.push(ListedName { name: listed.name, display_name: listed.display_name, serial: listed.serial });
        if batch.len() == BATCH {
            listing.add(&batch).await?;
            batch.clear();
        }
    }
    listing.add(&batch).await?;
    match reading.await.unwrap_or(Err(ListingFailure::Abandoned)) {
        Ok(Listing::Complete(end)) => {
            Ok(Discovered::Listing(listing.finish(Completeness::Whole, end.serial, rules).await?))
        }
        Err(ListingFailure::Short(_)) => Ok(Discovered::Listing(listing.finish(Completeness::Cut, None, rules).await?)),
        // Dropped unfinished, the listing has changed nothing.
        Ok(Listing::NotModified) => Ok(Discovered::Failed(ListingFailure::Abandoned)),
        Err(failure) => Ok(Discovered::Failed(failure)),
    }
}

/// Enqueues the projects that are due, of these names or of all.
pub async fn enqueue(store: &Store, names: Option<&[ProjectName]>) -> Result<Due, store::Error> {
    store.enqueue_due(&DueRules { names, ..DueRules::default() }).await
}

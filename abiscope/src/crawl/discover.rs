//! Discovery: what the index lists, and what of it is to be read.

use std::time::Duration;

use crawler::{Listing, ListingFailure};
use packaging::ProjectName;
use store::{Completeness, Due, DueRules, ListedName, ListingOutcome, ListingRules, Store};
use tokio::sync::mpsc;

use super::index::Index;

/// Names that are written together.
const BATCH: usize = 5_000;

/// Pauses before a listing that broke off is read again.
const AGAIN_AFTER: [Duration; 3] = [Duration::from_secs(2), Duration::from_secs(20), Duration::from_mins(2)];

/// What became of the listing.
#[derive(Debug)]
pub enum Discovered {
    /// It was compared with the one before.
    Listing(ListingOutcome),
    /// It could not be read; what is known stays.
    Failed(ListingFailure),
}

/// Reads the root listing of the index as a stream and compares it with the one before. One that broke off is read
/// again a few times: the next look at the index may be a day away.
pub async fn read_listing(store: &Store, index: &Index, rules: ListingRules) -> Result<Discovered, store::Error> {
    for pause in AGAIN_AFTER {
        let (listing, end) = read(store, index).await?;
        let Some((failure, asked)) = end.as_ref().err().and_then(passing) else {
            return ended(listing, end, rules).await;
        };
        drop(listing);
        let pause = asked.unwrap_or(pause);
        tracing::warn!("the index's list of projects: {failure}; reading it again in {} s", pause.as_secs());
        tokio::time::sleep(pause).await;
    }
    let (listing, end) = read(store, index).await?;
    ended(listing, end, rules).await
}

/// Hands the names over while they come; how the reading ended.
async fn read(store: &Store, index: &Index) -> Result<(store::Listing, Result<Listing, ListingFailure>), store::Error> {
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
    Ok((listing, reading.await.unwrap_or(Err(ListingFailure::Abandoned))))
}

/// A failure after which the listing may be read to its end later, with the pause that the index asked for.
const fn passing(failure: &ListingFailure) -> Option<(&ListingFailure, Option<Duration>)> {
    match failure {
        ListingFailure::Short(_) | ListingFailure::Malformed(_) => Some((failure, None)),
        ListingFailure::Deferred { retry_after, .. } => Some((failure, *retry_after)),
        ListingFailure::NotThere | ListingFailure::TooLarge(_) | ListingFailure::Abandoned => None,
    }
}

async fn ended(
    listing: store::Listing,
    end: Result<Listing, ListingFailure>,
    rules: ListingRules,
) -> Result<Discovered, store::Error> {
    match end {
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

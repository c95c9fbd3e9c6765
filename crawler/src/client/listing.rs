//! The listing of all projects.

use tokio::sync::mpsc;

use super::IndexClient;
use crate::exchange::Answered;
use crate::json_stream;
use crate::listing::{Stopped, read_all};
use crate::outcome::put_off;
use crate::read::{Validators, conditional, is_not_modified, json_body};
use crate::trouble::Trouble;
use crate::{ListedProject, Listing, ListingFailure};

impl IndexClient {
    /// Reads the listing of all projects and hands each out through `out` while it comes; nothing is held but a few
    /// hundred kilobytes and eight bytes a project. `known_etag`: the listing is read only if it has another.
    ///
    /// Requests that fail are tried again until the listing begins to come. After that a failure ends the reading, as
    /// projects were handed out already: the caller forgets those and calls again later. Only
    /// [`Listing::Complete`] says that the projects handed out are all there are; whether so many may be missing since
    /// the last time is for the store to decide.
    ///
    /// The receiver must be read at the same time, as no more than its capacity waits in between.
    pub async fn read_listing(
        &self,
        known_etag: Option<&str>,
        out: mpsc::Sender<ListedProject>,
    ) -> Result<Listing, ListingFailure> {
        let admit = |url| self.trust.page(url);
        let exchange = self.page_exchange(&admit);
        let headers = conditional(known_etag);
        let begin = || async {
            let answered = exchange.get(self.index.as_url().clone(), &headers).await?;
            let validators = Validators::of(answered.response.headers());
            let Answered { response, slot, .. } = answered;
            let not_modified = is_not_modified(&response);
            let chunks = if not_modified { None } else { Some(json_body(response, self.config.patience).await?) };
            Ok((chunks, slot, validators))
        };
        let first = self.with_tries(begin).await;
        let (chunks, _slot, validators) = first.map_err(|(trouble, tries)| failed_to_begin(trouble, tries))?;
        let Some(chunks) = chunks else { return Ok(Listing::NotModified) };
        let read = json_stream::parse(chunks, self.config.listing_bytes, move |body| read_all(body, out)).await;
        let outcome = read.map_err(failed_midway)?;
        let begins_with = outcome.begins_with;
        let mut end = outcome.result.map_err(|stopped| match stopped {
            Stopped::Short(why) => ListingFailure::Short(why),
            Stopped::Malformed(why) => ListingFailure::Malformed(format!("{why}; it begins with: {begins_with}")),
            Stopped::TooLarge(why) => ListingFailure::TooLarge(why),
            Stopped::Abandoned => ListingFailure::Abandoned,
        })?;
        end.etag = validators.etag;
        end.serial = end.serial.or(validators.serial);
        Ok(Listing::Complete(end))
    }
}

fn failed_to_begin(trouble: Trouble, tries: u32) -> ListingFailure {
    match trouble {
        Trouble::NotThere => ListingFailure::NotThere,
        Trouble::TooLarge(why) => ListingFailure::TooLarge(why),
        other => {
            let (reason, retry_after) = put_off(other);
            ListingFailure::Deferred { reason, tries, retry_after }
        }
    }
}

fn failed_midway(trouble: Trouble) -> ListingFailure {
    match trouble {
        Trouble::TooLarge(why) => ListingFailure::TooLarge(why),
        other => ListingFailure::Short(put_off(other).0),
    }
}

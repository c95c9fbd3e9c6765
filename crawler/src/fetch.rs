//! Fetching a file: its bytes as they are, resumed where they broke off, and believed only when the whole hash is right.

use std::sync::{Mutex, PoisonError};

use bytes::Bytes;
use reqwest::header::{self, HeaderMap, HeaderValue};
use reqwest::{Response, StatusCode};
use store::Sha256;
use url::Url;

use crate::Patience;
use crate::body::Chunks;
use crate::exchange::{Answered, Exchange};
use crate::trouble::{Trouble, printable};

/// What the index promised about a file, and the limit.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Promise {
    pub(crate) sha256: Sha256,
    pub(crate) size: Option<u64>,
    /// Bytes of one download.
    pub(crate) limit: u64,
}

impl Promise {
    fn most(self) -> u64 {
        self.size.map_or(self.limit, |size| size.min(self.limit))
    }

    fn too_large(self) -> Trouble {
        match self.size {
            Some(size) => Trouble::WrongBody(format!("a body of more than the promised {size} bytes")),
            None => Trouble::TooLarge(format!("more than {} bytes", self.limit)),
        }
    }
}

/// What earlier tries received, for the next one to go on from.
#[derive(Debug, Default)]
pub(crate) struct Partial(Mutex<Vec<u8>>);

impl Partial {
    fn take(&self) -> Vec<u8> {
        std::mem::take(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }

    fn keep(&self, received: Vec<u8>) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = received;
    }
}

/// `Accept` of these requests.
pub(crate) const fn accept() -> HeaderValue {
    HeaderValue::from_static("*/*")
}

/// One try: the bytes, if they are the promised ones. What came of a body that broke is kept for the next try; what
/// turned out to be wrong is not.
pub(crate) async fn fetch_file(
    exchange: &Exchange<'_>,
    url: Url,
    promise: Promise,
    patience: Patience,
    partial: &Partial,
    progress: &(dyn Fn(u64) + Sync),
) -> Result<Bytes, Trouble> {
    let mut body = partial.take();
    if promise.size != Some(body.len() as u64) || body.is_empty() {
        let outcome = receive(exchange, url, promise, patience, &mut body, progress).await;
        if let Err(trouble) = outcome {
            if matches!(trouble, Trouble::Passing(_) | Trouble::Paused { .. } | Trouble::Misled(_)) {
                partial.keep(body);
            }
            return Err(trouble);
        }
    }
    let found = Sha256::of(&body);
    if found == promise.sha256 { Ok(body.into()) } else { Err(Trouble::WrongBody(found.to_string())) }
}

async fn receive(
    exchange: &Exchange<'_>,
    url: Url,
    promise: Promise,
    patience: Patience,
    body: &mut Vec<u8>,
    progress: &(dyn Fn(u64) + Sync),
) -> Result<(), Trouble> {
    let Answered { response, slot: _slot, .. } = exchange.get(url, &rest_of(body)).await?;
    if let Err(trouble) = continues(&response, body.len()) {
        body.clear();
        return Err(trouble);
    }
    if response.status() == StatusCode::OK {
        body.clear(); // the whole file comes again
    }
    let chunks = Chunks::new(response, patience);
    chunks.append_to(body, promise.most(), || promise.too_large(), progress).await
}

/// Asks for what is missing. The files host has no tags to make sure that the file is still the same one: the hash of
/// the whole does.
fn rest_of(body: &[u8]) -> HeaderMap {
    if body.is_empty() {
        return HeaderMap::new();
    }
    let range = HeaderValue::from_str(&format!("bytes={}-", body.len())).ok();
    range.map(|range| (header::RANGE, range)).into_iter().collect()
}

/// Whether a partial answer begins where the bytes received so far end.
fn continues(response: &Response, received: usize) -> Result<(), Trouble> {
    if response.status() == StatusCode::OK {
        return Ok(());
    }
    let range = response.headers().get(header::CONTENT_RANGE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    if response.status() == StatusCode::PARTIAL_CONTENT && range_start(range) == Some(received) {
        return Ok(());
    }
    let status = response.status();
    let range = printable(range);
    Err(Trouble::Passing(format!("{status} with the range {range:?} when the bytes from {received} on were asked for")))
}

/// Of `bytes 10-99/100` the 10.
fn range_start(content_range: &str) -> Option<usize> {
    content_range.trim().strip_prefix("bytes ")?.split_once('-')?.0.trim().parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_start_of_a_range_is_read_and_nothing_else_is_taken_for_one() {
        assert_eq!(range_start("bytes 10-99/100"), Some(10));
        assert_eq!(range_start("bytes 0-99/*"), Some(0));
        for text in ["", "bytes */100", "bytes=10-99", "10-99/100", "bytes -5", "items 10-99/100"] {
            assert_eq!(range_start(text), None, "{text}");
        }
    }
}

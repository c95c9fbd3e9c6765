//! Fetching a file.

use bytes::Bytes;
use reqwest::header::HeaderValue;
use store::Sha256;
use url::Url;

use crate::body;
use crate::exchange::Exchange;
use crate::trouble::Trouble;

/// What the index promised about a file, and the limit.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Promise {
    pub(crate) sha256: Sha256,
    pub(crate) size: Option<u64>,
    /// Bytes of one download.
    pub(crate) limit: u64,
}

/// `Accept` of these requests.
pub(crate) const fn accept() -> HeaderValue {
    HeaderValue::from_static("*/*")
}

/// One try: the bytes, if they are the promised ones.
pub(crate) async fn fetch_file(
    exchange: &Exchange<'_>,
    url: Url,
    promise: Promise,
    progress: &(dyn Fn(u64) + Sync),
) -> Result<Bytes, Trouble> {
    let (response, _permit) = exchange.get(url).await?;
    let most = promise.size.map_or(promise.limit, |size| size.min(promise.limit));
    let too_large = || match promise.size {
        Some(size) => Trouble::WrongBody(format!("a body of more than the promised {size} bytes")),
        None => Trouble::TooLarge(format!("more than {} bytes", promise.limit)),
    };
    let body = body::read(response, most, too_large, progress).await?;
    let found = Sha256::of(&body);
    if found == promise.sha256 { Ok(body.into()) } else { Err(Trouble::WrongBody(found.to_string())) }
}

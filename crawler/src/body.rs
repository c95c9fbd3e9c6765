//! Reading a body: bounded in size, and not for ever.

use std::time::{Duration, Instant};

use bytes::Bytes;
use reqwest::Response;

use crate::Patience;
use crate::trouble::Trouble;

/// A body, part by part.
pub(crate) struct Chunks {
    response: Response,
    window: Window,
}

impl Chunks {
    pub(crate) const fn new(response: Response, patience: Patience) -> Self {
        Self { response, window: Window::new(patience) }
    }

    /// The length that the headers promise, where the body is sent as it is.
    pub(crate) fn promised(&self) -> Option<u64> {
        self.response.content_length()
    }

    /// The next part; `None` at the end. Only the time spent waiting here counts against the sender, not the time that
    /// the reader takes in between.
    pub(crate) async fn next(&mut self) -> Result<Option<Bytes>, Trouble> {
        let since = Instant::now();
        let chunk = self.response.chunk().await.map_err(|error| Trouble::of_transport(&error))?;
        let received = chunk.as_ref().map_or(0, Bytes::len) as u64;
        if self.window.is_too_slow(since.elapsed(), received) && chunk.is_some() {
            return Err(Trouble::Passing(self.window.complaint()));
        }
        Ok(chunk)
    }

    /// Appends the rest to `body`, which must not grow beyond `limit` bytes: more is `too_large`. `progress` hears its
    /// length.
    pub(crate) async fn append_to(
        mut self,
        body: &mut Vec<u8>,
        limit: u64,
        too_large: impl Fn() -> Trouble,
        progress: &(dyn Fn(u64) + Sync),
    ) -> Result<(), Trouble> {
        let promised = self.promised().unwrap_or(0);
        if promised.saturating_add(body.len() as u64) > limit {
            return Err(too_large());
        }
        body.reserve_exact(usize::try_from(promised).unwrap_or(0));
        while let Some(chunk) = self.next().await? {
            let length = (body.len() + chunk.len()) as u64;
            if length > limit {
                return Err(too_large());
            }
            body.extend_from_slice(&chunk);
            progress(length);
        }
        Ok(())
    }
}

/// The current window: how long it lasts already, and what it brought.
struct Window {
    patience: Patience,
    waited: Duration,
    received: u64,
}

impl Window {
    const fn new(patience: Patience) -> Self {
        Self { patience, waited: Duration::ZERO, received: 0 }
    }

    /// At the end of each window: whether it brought too little.
    fn is_too_slow(&mut self, waited: Duration, received: u64) -> bool {
        self.waited += waited;
        self.received += received;
        if self.waited < self.patience.window {
            return false;
        }
        let least = u128::from(self.patience.slowest) * self.waited.as_millis() / 1000;
        let too_slow = u128::from(self.received) < least;
        (self.waited, self.received) = (Duration::ZERO, 0);
        too_slow
    }

    fn complaint(&self) -> String {
        let Patience { slowest, window, .. } = self.patience;
        format!("the body came slower than {slowest} bytes a second for {window:?}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_minute_with_too_few_bytes_is_too_slow_however_good_the_one_before_was() {
        let mut window = Window::new(Patience::default());
        let mut after = |seconds, received| window.is_too_slow(Duration::from_secs(seconds), received);
        assert!(!after(59, 1), "the minute is not over");
        assert!(!after(1, 599_999));
        assert!(!after(40, 1));
        assert!(after(20, 599_998));
        assert!(!after(60, 600_000));
        assert!(after(61, 609_999), "a longer wait must bring more");
        assert!(!after(0, 0));
    }
}

//! Reading a body: bounded in size, and not for ever.

use std::time::{Duration, Instant};

use reqwest::Response;

use crate::trouble::Trouble;

/// A body slower than this over a whole window is given up: 10 kB/s over 60 s.
const WINDOW: Duration = Duration::from_mins(1);
const BYTES_A_WINDOW: u64 = 600_000;

/// The body, if it has at most `limit` bytes; more is `too_large`. `progress` hears the bytes received so far.
pub(crate) async fn read(
    mut response: Response,
    limit: u64,
    too_large: impl Fn() -> Trouble,
    progress: &(dyn Fn(u64) + Sync),
) -> Result<Vec<u8>, Trouble> {
    let promised = response.content_length();
    if promised.is_some_and(|length| length > limit) {
        return Err(too_large());
    }
    let mut body = Vec::with_capacity(usize::try_from(promised.unwrap_or(0)).unwrap_or(0));
    let mut window = Window::starting(Instant::now());
    while let Some(chunk) = response.chunk().await.map_err(|error| Trouble::of_transport(&error))? {
        body.extend_from_slice(&chunk);
        let received = body.len() as u64;
        if received > limit {
            return Err(too_large());
        }
        if window.is_too_slow(Instant::now(), received) {
            return Err(Trouble::Passing("the body came slower than 10 kB/s for a minute".into()));
        }
        progress(received);
    }
    Ok(body)
}

/// The current minute: when it began, and what had been received then.
struct Window {
    since: Instant,
    before: u64,
}

impl Window {
    const fn starting(since: Instant) -> Self {
        Self { since, before: 0 }
    }

    /// At the end of each minute: whether it brought too little.
    fn is_too_slow(&mut self, now: Instant, received: u64) -> bool {
        if now.duration_since(self.since) < WINDOW {
            return false;
        }
        let too_slow = received - self.before < BYTES_A_WINDOW;
        *self = Self { since: now, before: received };
        too_slow
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_minute_with_too_few_bytes_is_too_slow_however_good_the_one_before_was() {
        let start = Instant::now();
        let at = |seconds| start + Duration::from_secs(seconds);
        let mut window = Window::starting(start);
        assert!(!window.is_too_slow(at(59), 1), "the minute is not over");
        assert!(!window.is_too_slow(at(60), 600_000));
        assert!(!window.is_too_slow(at(100), 600_001));
        assert!(window.is_too_slow(at(120), 1_199_999));
        let mut window = Window::starting(start);
        assert!(window.is_too_slow(at(61), 599_999));
    }
}

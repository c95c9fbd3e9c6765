//! The pace of requests: how many a second, how many at once, and when the index asked to wait.
//!
//! Inside one process it is `governor` and a semaphore. The budget of a whole deployment (one row in Postgres) takes
//! its place here: whoever wants to send a request asks [`Pace::permit`] first, and reports a `Retry-After` with
//! [`Pace::hold`].

use std::num::NonZeroU32;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use governor::{DefaultDirectRateLimiter, Quota, RateLimiter};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::Instant;

/// The longest time that a request waits because the index asked for it. Beyond that it is deferred: a person who waits
/// for a survey is told at once, and a crawl has other work.
pub(crate) const LONGEST_WAIT: Duration = Duration::from_mins(1);

/// Shared by the clones of a client.
#[derive(Debug, Clone)]
pub(crate) struct Pace(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    rate: DefaultDirectRateLimiter,
    connections: Arc<Semaphore>,
    held_until: Mutex<Option<Instant>>,
}

/// The right to one request, kept until its body is read: dropping it frees the connection.
#[derive(Debug)]
pub(crate) struct Permit {
    _connection: OwnedSemaphorePermit,
}

/// The index asked for a pause that is still this long.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct HeldTooLong(pub(crate) Duration);

impl Pace {
    /// `requests_per_second` evenly spaced, without bursts; `connections` at once. Zero counts as one.
    pub(crate) fn new(requests_per_second: u32, connections: usize) -> Self {
        let per_second = NonZeroU32::new(requests_per_second).unwrap_or(NonZeroU32::MIN);
        let quota = Quota::per_second(per_second).allow_burst(NonZeroU32::MIN);
        Self(Arc::new(Inner {
            rate: RateLimiter::direct(quota),
            connections: Arc::new(Semaphore::new(connections.max(1))),
            held_until: Mutex::new(None),
        }))
    }

    /// Waits for a free connection, for the end of a pause the index asked for, and for the rate.
    pub(crate) async fn permit(&self) -> Result<Permit, HeldTooLong> {
        let connections = Arc::clone(&self.0.connections);
        let connection = connections.acquire_owned().await.expect("the semaphore is never closed");
        // In a loop: another request may be told to wait while this one sleeps.
        while let Some(left) = self.held_for() {
            if left > LONGEST_WAIT {
                return Err(HeldTooLong(left));
            }
            tokio::time::sleep(left).await;
        }
        self.0.rate.until_ready().await;
        Ok(Permit { _connection: connection })
    }

    /// No request for this long; a shorter pause never ends a longer one.
    pub(crate) fn hold(&self, pause: Duration) {
        let until = Instant::now() + pause;
        let mut held_until = self.0.held_until.lock().unwrap_or_else(PoisonError::into_inner);
        *held_until = Some(held_until.map_or(until, |before| before.max(until)));
    }

    fn held_for(&self) -> Option<Duration> {
        let held_until = *self.0.held_until.lock().unwrap_or_else(PoisonError::into_inner);
        held_until?.checked_duration_since(Instant::now()).filter(|left| !left.is_zero())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pace() -> Pace {
        Pace::new(1_000_000, 2)
    }

    #[tokio::test]
    async fn only_so_many_requests_run_at_once_clones_included() {
        let pace = pace();
        let _one = pace.permit().await.unwrap();
        let two = pace.clone().permit().await.unwrap();
        let mut third = Box::pin(pace.permit());
        assert!(poll_once(&mut third).is_pending());
        drop(two);
        assert!(third.await.is_ok());
    }

    #[tokio::test(start_paused = true)]
    async fn a_short_pause_is_waited_for_by_every_clone() {
        let pace = pace();
        pace.hold(Duration::from_secs(59));
        let before = Instant::now();
        pace.clone().permit().await.unwrap();
        assert!(before.elapsed() >= Duration::from_secs(59));
    }

    #[tokio::test(start_paused = true)]
    async fn a_long_pause_is_told_at_once_and_a_shorter_one_does_not_end_it() {
        let pace = pace();
        pace.hold(Duration::from_mins(10));
        pace.hold(Duration::from_secs(1));
        assert_eq!(pace.permit().await.unwrap_err(), HeldTooLong(Duration::from_mins(10)));
        tokio::time::advance(Duration::from_mins(10)).await;
        assert!(pace.permit().await.is_ok());
    }

    #[tokio::test]
    async fn the_second_request_waits_for_its_turn() {
        let slow = Pace::new(1, 8);
        slow.permit().await.unwrap();
        assert!(poll_once(&mut Box::pin(slow.permit())).is_pending());
    }

    fn poll_once<F: Future + Unpin>(future: &mut F) -> std::task::Poll<F::Output> {
        let mut context = std::task::Context::from_waker(std::task::Waker::noop());
        std::pin::Pin::new(future).poll(&mut context)
    }
}

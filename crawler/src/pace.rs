//! The pace of requests inside one process: how many a second, how many at once, and when the index asked to wait.

use std::num::NonZeroU32;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use governor::{DefaultDirectRateLimiter, Quota, RateLimiter};
use tokio::sync::Semaphore;
use tokio::time::Instant;

use crate::budget::{Budget, LONGEST_WAIT, NoSlot, Slot, Soon};

/// The budget of a process that is alone: `governor` and a semaphore.
#[derive(Debug)]
pub(crate) struct Pace {
    rate: DefaultDirectRateLimiter,
    connections: Arc<Semaphore>,
    held_until: Mutex<Option<Instant>>,
}

impl Pace {
    /// `requests_per_second` evenly spaced, without bursts; `connections` at once. Zero counts as one.
    pub(crate) fn new(requests_per_second: u32, connections: usize) -> Self {
        let per_second = NonZeroU32::new(requests_per_second).unwrap_or(NonZeroU32::MIN);
        let quota = Quota::per_second(per_second).allow_burst(NonZeroU32::MIN);
        Self {
            rate: RateLimiter::direct(quota),
            connections: Arc::new(Semaphore::new(connections.max(1))),
            held_until: Mutex::new(None),
        }
    }

    async fn wait(&self) -> Result<Slot, NoSlot> {
        let connections = Arc::clone(&self.connections);
        let connection = connections.acquire_owned().await.expect("the semaphore is never closed");
        // In a loop: another request may be told to wait while this one sleeps.
        while let Some(left) = self.held_for() {
            if left > LONGEST_WAIT {
                return Err(NoSlot::Blocked(left));
            }
            tokio::time::sleep(left).await;
        }
        self.rate.until_ready().await;
        Ok(Slot::new(connection))
    }

    fn hold(&self, pause: Duration) {
        let until = Instant::now() + pause;
        let mut held_until = self.held_until.lock().unwrap_or_else(PoisonError::into_inner);
        *held_until = Some(held_until.map_or(until, |before| before.max(until)));
    }

    fn held_for(&self) -> Option<Duration> {
        let held_until = *self.held_until.lock().unwrap_or_else(PoisonError::into_inner);
        held_until?.checked_duration_since(Instant::now()).filter(|left| !left.is_zero())
    }
}

impl Budget for Pace {
    fn slot(&self) -> Soon<'_, Result<Slot, NoSlot>> {
        Box::pin(self.wait())
    }

    fn block_for(&self, pause: Duration) -> Soon<'_, ()> {
        self.hold(pause);
        Box::pin(std::future::ready(()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pace() -> Pace {
        Pace::new(1_000_000, 2)
    }

    #[tokio::test]
    async fn only_so_many_requests_run_at_once_sharers_included() {
        let pace = pace();
        let _one = pace.slot().await.unwrap();
        let two = pace.slot().await.unwrap();
        let mut third = Box::pin(pace.slot());
        assert!(poll_once(&mut third).is_pending());
        drop(two);
        assert!(third.await.is_ok());
    }

    #[tokio::test(start_paused = true)]
    async fn a_short_pause_is_waited_for_by_everybody() {
        let pace = pace();
        pace.block_for(Duration::from_secs(59)).await;
        let before = Instant::now();
        pace.slot().await.unwrap();
        assert!(before.elapsed() >= Duration::from_secs(59));
    }

    #[tokio::test(start_paused = true)]
    async fn a_long_pause_is_told_at_once_and_a_shorter_one_does_not_end_it() {
        let pace = pace();
        pace.block_for(Duration::from_mins(10)).await;
        pace.block_for(Duration::from_secs(1)).await;
        assert_eq!(pace.slot().await.unwrap_err(), NoSlot::Blocked(Duration::from_mins(10)));
        tokio::time::advance(Duration::from_mins(10)).await;
        assert!(pace.slot().await.is_ok());
    }

    #[tokio::test]
    async fn the_second_request_waits_for_its_turn() {
        let slow = Pace::new(1, 8);
        slow.slot().await.unwrap();
        assert!(poll_once(&mut Box::pin(slow.slot())).is_pending());
    }

    fn poll_once<F: Future + Unpin>(future: &mut F) -> std::task::Poll<F::Output> {
        let mut context = std::task::Context::from_waker(std::task::Waker::noop());
        std::pin::Pin::new(future).poll(&mut context)
    }
}

//! A rest that all jobs of a process take together: the disk is full, the blob store gone. To fetch more would be in vain.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

/// Until when nothing is begun.
#[derive(Debug, Default)]
pub(super) struct Rest(Mutex<Option<Instant>>);

impl Rest {
    /// Nothing is begun for so long from now on.
    pub(super) fn begin(&self, time: Duration) {
        let until = Instant::now() + time;
        let mut rest = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if rest.is_none_or(|before| before <= Instant::now()) {
            tracing::warn!("the store can keep nothing now: this worker rests for {} s", time.as_secs());
        }
        *rest = Some(until);
    }

    /// Waits for the end of the rest, also of one that begins meanwhile.
    pub(super) async fn over(&self) {
        while let Some(until) = self.left() {
            tokio::time::sleep_until(until).await;
        }
    }

    fn left(&self) -> Option<Instant> {
        let until = *self.0.lock().unwrap_or_else(PoisonError::into_inner);
        until.filter(|until| *until > Instant::now())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn everybody_waits_until_the_last_rest_is_over() {
        let rest = Rest::default();
        let began = Instant::now();
        rest.over().await;
        assert_eq!(began.elapsed(), Duration::ZERO);
        rest.begin(Duration::from_secs(30));
        let longer = async {
            tokio::time::sleep(Duration::from_secs(20)).await;
            rest.begin(Duration::from_secs(30));
        };
        tokio::join!(rest.over(), rest.over(), longer);
        assert!(began.elapsed() >= Duration::from_secs(50), "{:?}", began.elapsed());
    }
}

//! Answers that cost much to make and change slowly: made once for everybody.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use store::Error;

/// How long a page waits for an answer that nobody has made yet.
const PATIENCE: Duration = Duration::from_secs(2);

/// An answer that is believed for a while. Only one is made at a time, whoever asks.
pub(crate) struct Remembered<T> {
    lasts: Duration,
    known: Mutex<Option<(Instant, T)>>,
    /// Held while an answer is made.
    gate: Arc<tokio::sync::Mutex<()>>,
    /// One was made, or could not be.
    is_tried: Arc<AtomicBool>,
}

impl<T: Clone + Send + 'static> Remembered<T> {
    /// Nothing is known yet; what will be is believed for `lasts`.
    pub(crate) fn for_the_next(lasts: Duration) -> Self {
        Self { lasts, known: Mutex::new(None), gate: Arc::default(), is_tried: Arc::default() }
    }

    /// The answer; made now if none is known that is new enough.
    pub(crate) async fn get(&self, make: impl Future<Output = Result<T, Error>>) -> Result<T, Error> {
        let _gate = self.gate.lock().await;
        if let Some((value, true)) = self.known() {
            return Ok(value);
        }
        let value = make.await?;
        self.learn(value.clone());
        Ok(value)
    }

    /// The answer, an old one too. Where none is known it is made in the background, however long that takes, and waited
    /// for only a moment.
    pub(crate) async fn get_soon(
        self: &Arc<Self>,
        make: impl Future<Output = Result<T, Error>> + Send + 'static,
    ) -> Option<T> {
        let known = self.known();
        if let Some((value, true)) = known {
            return Some(value);
        }
        if let Ok(gate) = Arc::clone(&self.gate).try_lock_owned() {
            let memory = Arc::clone(self);
            tokio::spawn(async move {
                match make.await {
                    Ok(value) => memory.learn(value),
                    Err(error) => tracing::warn!("counting for a page: {error}"),
                }
                memory.is_tried.store(true, Ordering::Relaxed);
                drop(gate);
            });
        }
        if let Some((value, _)) = known {
            return Some(value);
        }
        // Told by the gate that opens.
        let _ = tokio::time::timeout(PATIENCE, self.gate.lock()).await;
        self.known().map(|(value, _)| value)
    }

    /// Whether [`Remembered::get_soon`] has once come to an end, good or bad: whoever waits until then waits no longer.
    pub(crate) fn is_tried(&self) -> bool {
        self.is_tried.load(Ordering::Relaxed)
    }

    /// What is known, and whether it is new enough.
    fn known(&self) -> Option<(T, bool)> {
        let known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        known.as_ref().map(|(when, value)| (value.clone(), when.elapsed() < self.lasts))
    }

    fn learn(&self, value: T) {
        *self.known.lock().unwrap_or_else(PoisonError::into_inner) = Some((Instant::now(), value));
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::AtomicU32;

    use super::*;

    #[tokio::test]
    async fn an_answer_is_made_once_for_all_who_ask_meanwhile() {
        let count = Arc::new(AtomicU32::new(0));
        let memory = Arc::new(Remembered::for_the_next(Duration::from_hours(1)));
        let make = || {
            let count = Arc::clone(&count);
            async move {
                tokio::task::yield_now().await;
                Ok(count.fetch_add(1, Ordering::SeqCst))
            }
        };
        let (one, other) = tokio::join!(memory.get_soon(make()), memory.get_soon(make()));
        assert_eq!((one, other, memory.get(make()).await.expect("made")), (Some(0), Some(0), 0));
    }

    #[tokio::test]
    async fn a_failure_is_not_remembered() {
        let memory = Arc::new(Remembered::for_the_next(Duration::from_hours(1)));
        assert!(!memory.is_tried());
        let failed = memory.get_soon(async { Err(Error::Damaged("for the test".to_owned())) }).await;
        assert_eq!((failed, memory.is_tried()), (None, true));
        assert_eq!(memory.get_soon(async { Ok(7) }).await, Some(7));
    }

    #[tokio::test]
    async fn an_old_answer_is_better_than_none() {
        let memory = Arc::new(Remembered::for_the_next(Duration::ZERO));
        assert_eq!(memory.get(async { Ok(1) }).await.expect("made"), 1);
        let never = std::future::pending();
        assert_eq!(memory.get_soon(never).await, Some(1));
    }
}

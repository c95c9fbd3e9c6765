//! Answers that follow from the data alone: made once for each data version.

use std::collections::HashMap;
use std::hash::Hash;
use std::sync::{Arc, Mutex, PoisonError};

use store::Error;
use tokio::sync::OnceCell;

/// The answers of the data version that was asked about last.
pub(crate) struct ByVersion<K, V>(Mutex<(i64, Cells<K, V>)>);

/// An answer for each key, once it is made.
type Cells<K, V> = HashMap<K, Arc<OnceCell<Arc<V>>>>;

impl<K: Eq + Hash, V> ByVersion<K, V> {
    pub(crate) fn new() -> Self {
        Self(Mutex::new((-1, HashMap::new())))
    }

    /// The answer for `key` of this version; made now if it is not known. Whoever asks while it is made waits for it.
    pub(crate) async fn get(
        &self,
        key: K,
        version: i64,
        make: impl Future<Output = Result<V, Error>>,
    ) -> Result<Arc<V>, Error> {
        let cell = self.cell(key, version);
        cell.get_or_try_init(async || make.await.map(Arc::new)).await.cloned()
    }

    fn cell(&self, key: K, version: i64) -> Arc<OnceCell<Arc<V>>> {
        let mut memory = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if memory.0 != version {
            *memory = (version, HashMap::new());
        }
        Arc::clone(memory.1.entry(key).or_default())
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicU32, Ordering};

    use super::*;

    #[tokio::test]
    async fn whoever_asks_at_once_gets_what_was_made_once() {
        let (answers, count) = (ByVersion::new(), AtomicU32::new(0));
        let make = async || {
            tokio::task::yield_now().await;
            Ok(count.fetch_add(1, Ordering::Relaxed))
        };
        let (one, other) = tokio::join!(answers.get("a", 1, make()), answers.get("a", 1, make()));
        assert_eq!((*one.unwrap(), *other.unwrap()), (0, 0));
        assert_eq!(*answers.get("b", 1, make()).await.unwrap(), 1);
        assert_eq!(*answers.get("a", 2, make()).await.unwrap(), 2, "another version");
        assert_eq!(*answers.get("a", 2, make()).await.unwrap(), 2);
    }

    #[tokio::test]
    async fn one_answer_does_not_wait_for_another_and_a_failure_is_not_kept() {
        let answers = ByVersion::new();
        let never = answers.get("slow", 1, std::future::pending());
        tokio::select! {
            biased;
            _ = never => unreachable!(),
            quick = answers.get("quick", 1, async { Ok(1) }) => assert_eq!(*quick.unwrap(), 1),
        }
        let failed = async || Err(Error::OlderSchema { found: 1, known: 2 });
        assert!(answers.get("failing", 1, failed()).await.is_err());
        assert_eq!(*answers.get("failing", 1, async { Ok(3) }).await.unwrap(), 3);
        assert_eq!(*answers.get("slow", 1, async { Ok(4) }).await.unwrap(), 4, "whoever made it went away");
    }
}

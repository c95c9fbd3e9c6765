//! Answers that follow from the data alone: made once for each data version.

use std::collections::HashMap;
use std::hash::Hash;
use std::sync::{Arc, Mutex, PoisonError};

use store::Error;

/// The answers of the newest data version that was asked about.
pub(crate) struct ByVersion<K, V> {
    known: Mutex<(i64, HashMap<K, Arc<V>>)>,
    /// Held while an answer is made: whoever asks meanwhile waits for it instead of making it, too.
    gate: tokio::sync::Mutex<()>,
}

impl<K: Eq + Hash + Copy, V> ByVersion<K, V> {
    pub(crate) fn new() -> Self {
        Self { known: Mutex::new((-1, HashMap::new())), gate: tokio::sync::Mutex::new(()) }
    }

    /// The answer for `key` of this version; made now if it is not known.
    pub(crate) async fn get(
        &self,
        key: K,
        version: i64,
        make: impl Future<Output = Result<V, Error>>,
    ) -> Result<Arc<V>, Error> {
        if let Some(known) = self.known(key, version) {
            return Ok(known);
        }
        let _gate = self.gate.lock().await;
        if let Some(known) = self.known(key, version) {
            return Ok(known);
        }
        let value = Arc::new(make.await?);
        let mut memory = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        if memory.0 != version {
            *memory = (version, HashMap::new());
        }
        memory.1.insert(key, Arc::clone(&value));
        Ok(value)
    }

    fn known(&self, key: K, version: i64) -> Option<Arc<V>> {
        let memory = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        (memory.0 == version).then(|| memory.1.get(&key).cloned()).flatten()
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
}

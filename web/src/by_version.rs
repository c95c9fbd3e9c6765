//! Answers that follow from the data alone: made once for each data version.

use std::collections::HashMap;
use std::hash::Hash;
use std::sync::{Arc, Mutex, PoisonError};

use store::Error;

/// The answers of the newest data version that was asked about.
pub(crate) struct ByVersion<K, V>(Mutex<(i64, HashMap<K, Arc<V>>)>);

impl<K: Eq + Hash + Copy, V> ByVersion<K, V> {
    pub(crate) fn new() -> Self {
        Self(Mutex::new((-1, HashMap::new())))
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
        let value = Arc::new(make.await?);
        let mut memory = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if memory.0 != version {
            *memory = (version, HashMap::new());
        }
        memory.1.insert(key, Arc::clone(&value));
        Ok(value)
    }

    fn known(&self, key: K, version: i64) -> Option<Arc<V>> {
        let memory = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        (memory.0 == version).then(|| memory.1.get(&key).cloned()).flatten()
    }
}

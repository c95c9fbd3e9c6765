//! Conditions in words, each worked out once: to say a condition shortly costs more than all else on a line, and a survey
//! has some hundreds of them.

use std::collections::HashMap;
use std::sync::{Arc, LazyLock, PoisonError, RwLock};

/// Conditions that are remembered; one more, and it begins anew.
const MOST: usize = 10_000;

static KNOWN: LazyLock<RwLock<HashMap<String, Arc<str>>>> = LazyLock::new(RwLock::default);

/// [`analyzer::condition_in_words`].
pub(crate) fn in_words(condition: &str) -> Arc<str> {
    if let Some(words) = KNOWN.read().unwrap_or_else(PoisonError::into_inner).get(condition) {
        return Arc::clone(words);
    }
    let words: Arc<str> = analyzer::condition_in_words(condition).into();
    let mut known = KNOWN.write().unwrap_or_else(PoisonError::into_inner);
    if known.len() >= MOST {
        known.clear();
    }
    known.insert(condition.to_owned(), Arc::clone(&words));
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_remembered_is_what_the_analyzer_says() {
        for condition in ["always", "python < 3.9", "python < 3.9", "no condition at all ("] {
            assert_eq!(*in_words(condition), *analyzer::condition_in_words(condition));
        }
        assert_eq!(&*in_words("python < 3.9"), "only below 3.9");
    }

    #[test]
    fn more_than_are_remembered_are_still_answered() {
        for n in 0..MOST + 2 {
            assert_eq!(&*in_words(&format!("({n}")), format!("({n}"));
        }
        assert!(KNOWN.read().expect("no test panics while writing").len() <= MOST);
    }
}

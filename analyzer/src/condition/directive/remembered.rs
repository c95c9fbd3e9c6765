//! Answers that hold for as long as the macros they depend on stay as they are.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use super::super::Macros;

/// A macro that had a say, and what it was then (see [`Macros::version`]).
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Consulted {
    name: Arc<str>,
    version: u64,
}

/// Names that occur in answers, each stored once.
#[derive(Debug, Default)]
pub(super) struct Names(HashSet<Arc<str>>);

/// Answers by text.
#[derive(Debug)]
pub(super) struct Remembered<T> {
    by_text: HashMap<Box<[u8]>, Vec<Answer<T>>>,
    count: usize,
}

#[derive(Debug)]
struct Answer<T> {
    value: T,
    consulted: Box<[Consulted]>,
}

/// Answers that are remembered; when there are more, memory starts anew.
const MAX_ANSWERS: usize = 20_000;

/// Answers to one text, under different definitions.
const MAX_ALTERNATIVES: usize = 8;

/// Macros that one remembered answer may depend on.
const MAX_CONSULTED: usize = 100;

impl<T> Default for Remembered<T> {
    fn default() -> Self {
        Self { by_text: HashMap::new(), count: 0 }
    }
}

impl<T> Remembered<T> {
    /// The answer that holds with these macros, and what it depends on.
    pub(super) fn get(&self, text: &[u8], macros: &dyn Macros) -> Option<(&T, &[Consulted])> {
        let holds = |answer: &&Answer<T>| {
            answer.consulted.iter().all(|consulted| macros.version(&consulted.name) == consulted.version)
        };
        self.by_text.get(text)?.iter().rev().find(holds).map(|answer| (&answer.value, &*answer.consulted))
    }

    pub(super) fn insert(&mut self, text: &[u8], value: T, consulted: Vec<Consulted>) {
        if consulted.len() > MAX_CONSULTED {
            return;
        }
        if self.count >= MAX_ANSWERS {
            *self = Self::default();
        }
        let answers = self.by_text.entry(text.into()).or_default();
        if answers.len() >= MAX_ALTERNATIVES {
            answers.remove(0);
        } else {
            self.count += 1;
        }
        answers.push(Answer { value, consulted: consulted.into_boxed_slice() });
    }
}

impl Names {
    /// What `macros` say about `name` now.
    pub(super) fn consult(&mut self, name: &str, macros: &dyn Macros) -> Consulted {
        let version = macros.version(name);
        if let Some(name) = self.0.get(name) {
            return Consulted { name: Arc::clone(name), version };
        }
        if self.0.len() >= MAX_ANSWERS {
            self.0.clear();
        }
        let name: Arc<str> = name.into();
        self.0.insert(Arc::clone(&name));
        Consulted { name, version }
    }
}

/// Leaves each macro once from `start` on.
pub(super) fn tidy(consulted: &mut Vec<Consulted>, start: usize) {
    if consulted.len() - start < 2 {
        return;
    }
    let mut all = consulted.split_off(start);
    all.sort_unstable();
    all.dedup();
    consulted.append(&mut all);
}

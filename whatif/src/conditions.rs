//! Conditions by number, and which of them a version compiles.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU8, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use analyzer::{Condition, Implementation, Truth, World};
use capi::Version;

/// The conditions of a survey. Hits name them by their place here. Each is read once for each version that anybody asks
/// about, whichever question it is.
#[derive(Debug, Default)]
pub struct Conditions {
    texts: Vec<Arc<str>>,
    known: Mutex<BTreeMap<Version, Arc<[AtomicU8]>>>,
}

/// What is known of a condition in a version.
const LIVE: u8 = 1;
const DEAD: u8 = 2;

impl Conditions {
    /// Conditions in the order of their numbers.
    pub fn new(texts: Vec<Arc<str>>) -> Self {
        Self { texts, known: Mutex::default() }
    }

    /// Each, in the order of their numbers.
    pub(crate) fn texts(&self) -> &[Arc<str>] {
        &self.texts
    }

    /// A condition; `always` for a number that none has.
    pub fn text(&self, number: u32) -> &str {
        self.texts.get(number as usize).map_or("always", |text| text)
    }

    /// What `python` compiles.
    pub(crate) fn live(&self, python: Version) -> Live<'_> {
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        let unknown = || self.texts.iter().map(|_| AtomicU8::new(0)).collect();
        let known = Arc::clone(known.entry(python).or_insert_with(unknown));
        let world = World { python: Some(python), implementation: Some(Implementation::CPython), ..World::default() };
        Live { conditions: self, world, known }
    }
}

/// Which conditions the version asked about compiles.
pub(crate) struct Live<'c> {
    conditions: &'c Conditions,
    world: World,
    known: Arc<[AtomicU8]>,
}

impl Live<'_> {
    /// Whether a build may compile it; what cannot be told may be.
    pub(crate) fn is_live(&self, number: u32) -> bool {
        let Some(known) = self.known.get(number as usize) else { return true };
        match known.load(Ordering::Relaxed) {
            LIVE => true,
            DEAD => false,
            _ => {
                let read = self.conditions.text(number).parse::<Condition>();
                let is_live = !read.is_ok_and(|condition| condition.eval(&self.world) == Truth::False);
                known.store(if is_live { LIVE } else { DEAD }, Ordering::Relaxed);
                is_live
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_cannot_be_told_may_be_compiled_and_other_implementations_are_not_asked() {
        let texts = ["opaque(HAVE_X)", "implementation == pypy", "python >= 3.12", "python < 3.12", "no condition ("];
        let conditions = Conditions::new(texts.map(Arc::from).into());
        let told = |python: Version| {
            let live = conditions.live(python);
            (0..6).map(|number| live.is_live(number)).collect::<Vec<bool>>()
        };
        let newest = [true, false, true, false, true, true];
        assert_eq!(told(Version::NEWEST), newest);
        assert_eq!(told(Version::new(3, 8)), [true, false, false, true, true, true]);
        assert_eq!(told(Version::NEWEST), newest, "versions are kept apart");
    }
}

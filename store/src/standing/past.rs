//! What earlier releases of a project had and the one that stands for it has not.

use std::sync::Arc;

use super::uses::{Reader, push};

/// The releases that were read before the standing one, and what only they had.
#[derive(Debug, Default)]
pub(crate) struct Past {
    /// Their versions, oldest first; the standing one is the last if it was read.
    pub(crate) releases: Arc<[Box<str>]>,
    /// Item, condition and last release of each use that is gone, by item: items as differences, packed.
    gone: Box<[u8]>,
}

/// A use that is gone, its words as numbers of the vocabulary.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Gone {
    pub(crate) item: u32,
    pub(crate) condition: u32,
    /// The last release that had it, by its place among the releases.
    pub(crate) last: u32,
}

impl Past {
    /// Of uses in whatever order.
    pub(crate) fn of(releases: Arc<[Box<str>]>, mut gone: Vec<Gone>) -> Self {
        gone.sort_unstable();
        let (mut bytes, mut last) = (Vec::with_capacity(gone.len() * 4), 0);
        for one in gone {
            for number in [one.item - last, one.condition, one.last] {
                push(&mut bytes, number);
            }
            last = one.item;
        }
        Self { releases, gone: bytes.into() }
    }

    /// The uses that are gone, by item.
    pub(crate) fn gone(&self) -> impl Iterator<Item = Gone> + '_ {
        let (mut reader, mut item) = (Reader(&self.gone), 0);
        std::iter::from_fn(move || {
            item += reader.number()?;
            Some(Gone { item, condition: reader.number()?, last: reader.number()? })
        })
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn what_is_packed_reads_back_in_order(gone in proptest::collection::vec((any::<u32>(), any::<u32>(), 0_u32..300), 0..40)) {
            let mut gone: Vec<Gone> =
                gone.into_iter().map(|(item, condition, last)| Gone { item, condition, last }).collect();
            let past = Past::of(Arc::default(), gone.clone());
            gone.sort_unstable();
            prop_assert_eq!(past.gone().collect::<Vec<_>>(), gone);
        }
    }
}

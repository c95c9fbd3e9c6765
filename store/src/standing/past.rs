//! What earlier releases had and the ones that stand for their projects have not.

use crate::leb128::{Reader, push};

/// Such a use, its words as numbers of the vocabulary.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Gone {
    pub(crate) item: u32,
    /// The project's place.
    pub(crate) project: u32,
    pub(crate) condition: u32,
    /// The last release that had it, by its place among those of the project that were read.
    pub(crate) last: u32,
}

/// All of them, by item.
#[derive(Debug, Default)]
pub(crate) struct Past {
    /// For each item where its bytes begin; one more at the end.
    starts: Box<[u32]>,
    /// Project, as a difference, condition and last release of each use, packed.
    bytes: Box<[u8]>,
}

impl Past {
    /// Of uses in whatever order, of so many items.
    pub(crate) fn of(mut gone: Vec<Gone>, items: usize) -> Self {
        gone.sort_unstable();
        let (mut starts, mut bytes) = (Vec::with_capacity(items + 1), Vec::with_capacity(gone.len() * 4));
        let mut rest = &gone[..];
        for item in (0..).take(items) {
            starts.push(length(&bytes));
            let of_item = rest.partition_point(|one| one.item <= item);
            let (these, others) = rest.split_at(of_item);
            let mut last = 0;
            for one in these {
                for number in [one.project - last, one.condition, one.last] {
                    push(&mut bytes, number);
                }
                last = one.project;
            }
            rest = others;
        }
        starts.push(length(&bytes));
        Self { starts: starts.into(), bytes: bytes.into() }
    }

    /// Those of an item, by project.
    pub(crate) fn of_item(&self, item: u32) -> impl Iterator<Item = Gone> + '_ {
        let place = |item: usize| self.starts.get(item).map_or(0, |start| *start as usize);
        let bytes = self.bytes.get(place(item as usize)..place(item as usize + 1)).unwrap_or_default();
        let (mut reader, mut project) = (Reader(bytes), 0);
        std::iter::from_fn(move || {
            project += reader.number()?;
            Some(Gone { item, project, condition: reader.number()?, last: reader.number()? })
        })
    }
}

fn length(bytes: &[u8]) -> u32 {
    u32::try_from(bytes.len()).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn what_is_packed_reads_back_in_order(
            gone in proptest::collection::vec((0_u32..5, any::<u32>(), any::<u32>(), 0_u32..300), 0..40),
        ) {
            let gone = gone.into_iter().map(|(item, project, condition, last)| Gone { item, project, condition, last });
            let mut gone: Vec<Gone> = gone.collect();
            let past = Past::of(gone.clone(), 5);
            gone.sort_unstable();
            prop_assert_eq!((0..6).flat_map(|item| past.of_item(item)).collect::<Vec<_>>(), gone);
        }
    }
}

//! What earlier releases had and the ones that stand for their projects have not.

use crate::leb128::{Reader, push};

/// Such a use, its words as numbers of the vocabulary.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
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
    /// Of so many items, and of uses project by project. They are gone through twice and never held: of a large survey
    /// there are millions.
    pub(crate) fn of<U: Iterator<Item = Gone>>(uses: impl Fn() -> U, items: usize) -> Self {
        let (mut sizes, mut packer) = (vec![0; items], Packer::of(items));
        for gone in uses() {
            if let Some(size) = sizes.get_mut(gone.item as usize) {
                *size += length(packer.packed(gone));
            }
        }
        let mut end = 0;
        let mut starts = vec![end];
        starts.extend(sizes.iter().map(|size| {
            end += size;
            end
        }));
        let (mut bytes, mut free, mut packer) = (vec![0; end as usize], starts.clone(), Packer::of(items));
        for gone in uses() {
            let Some(at) = free.get_mut(gone.item as usize) else { continue };
            let one = packer.packed(gone);
            if let Some(room) = bytes.get_mut(*at as usize..*at as usize + one.len()) {
                room.copy_from_slice(one);
            }
            *at += length(one);
        }
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

/// Packs uses one by one, the projects of each item as differences.
struct Packer {
    /// The last project of each item.
    last: Vec<u32>,
    packed: Vec<u8>,
}

impl Packer {
    fn of(items: usize) -> Self {
        Self { last: vec![0; items], packed: Vec::new() }
    }

    fn packed(&mut self, gone: Gone) -> &[u8] {
        self.packed.clear();
        if let Some(last) = self.last.get_mut(gone.item as usize) {
            let project = gone.project - std::mem::replace(last, gone.project);
            for number in [project, gone.condition, gone.last] {
                push(&mut self.packed, number);
            }
        }
        &self.packed
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
        fn what_is_packed_reads_back_by_item_and_project(
            gone in proptest::collection::vec((0_u32..5, any::<u32>(), any::<u32>(), 0_u32..300), 0..40),
        ) {
            let gone = gone.into_iter().map(|(item, project, condition, last)| Gone { item, project, condition, last });
            let mut gone: Vec<Gone> = gone.collect();
            gone.sort_by_key(|gone| gone.project);
            let past = Past::of(|| gone.iter().copied(), 5);
            gone.sort_by_key(|gone| gone.item);
            prop_assert_eq!((0..6).flat_map(|item| past.of_item(item)).collect::<Vec<_>>(), gone);
        }
    }
}

//! The uses of one report, packed.
//!
//! A survey has some 700 rows of uses a project, so each counts: here one takes five bytes, not fifty. Items follow each
//! other by their numbers, as differences; after each comes how many rows it has and in how many bytes, so that they can
//! be passed over, and then the rows. All numbers are as long as they need to be (LEB128), so what is read is read from
//! the front.

use crate::leb128::{Reader, push};

/// One row of `uses`, its words as numbers of the vocabulary.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct UseRow {
    /// Bits, as in the column.
    pub(crate) access: u8,
    pub(crate) probable: bool,
    pub(crate) origin: u32,
    pub(crate) condition: u32,
    pub(crate) sites: u32,
}

/// Uses of one report.
#[derive(Debug, Default)]
pub(crate) struct Uses(Box<[u8]>);

/// The bit of an access byte that says `probable`.
const PROBABLE: u8 = 1 << 5;

impl Uses {
    /// Of rows with their items, in whatever order.
    pub(crate) fn of(mut rows: Vec<(u32, UseRow)>) -> Self {
        rows.sort_unstable();
        let (mut bytes, mut packed, mut last) = (Vec::with_capacity(rows.len() * 6), Vec::new(), 0);
        for group in rows.chunk_by(|one, other| one.0 == other.0) {
            packed.clear();
            for (_, row) in group {
                packed.push(row.access | if row.probable { PROBABLE } else { 0 });
                for number in [row.origin, row.condition, row.sites] {
                    push(&mut packed, number);
                }
            }
            let item = group.first().map_or(last, |(item, _)| *item);
            push(&mut bytes, item - last);
            for number in [group.len(), packed.len()] {
                push(&mut bytes, u32::try_from(number).unwrap_or(u32::MAX));
            }
            bytes.extend_from_slice(&packed);
            last = item;
        }
        Self(bytes.into())
    }

    /// Each item, and where its rows begin.
    pub(crate) fn items(&self) -> impl Iterator<Item = (u32, u32)> + '_ {
        let (mut reader, mut last) = (Reader(&self.0), 0);
        std::iter::from_fn(move || {
            last += reader.number()?;
            let at = u32::try_from(self.0.len() - reader.0.len()).ok()?;
            reader.number()?;
            let bytes = reader.number()?;
            reader.0 = reader.0.get(bytes as usize..)?;
            Some((last, at))
        })
    }

    /// The rows that begin at a place that [`Uses::items`] told, in their order.
    pub(crate) fn rows(&self, at: u32) -> impl ExactSizeIterator<Item = UseRow> + '_ {
        let mut reader = Reader(self.0.get(at as usize..).unwrap_or_default());
        let rows = reader.number().unwrap_or(0);
        reader.number();
        (0..rows).map(move |_| reader.row().unwrap_or(NOTHING))
    }
}

/// What stands for a row behind the end: nobody sees it, as packed rows are complete.
const NOTHING: UseRow = UseRow { access: 0, probable: false, origin: 0, condition: 0, sites: 0 };

impl Reader<'_> {
    #[inline]
    fn row(&mut self) -> Option<UseRow> {
        let access = self.byte()?;
        Some(UseRow {
            access: access & !PROBABLE,
            probable: access & PROBABLE != 0,
            origin: self.number()?,
            condition: self.number()?,
            sites: self.number()?,
        })
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn row() -> impl Strategy<Value = UseRow> {
        (0_u8..32, any::<bool>(), any::<u32>(), 0_u32..300, any::<u32>()).prop_map(
            |(access, probable, origin, condition, sites)| UseRow { access, probable, origin, condition, sites },
        )
    }

    proptest! {
        #[test]
        fn what_is_packed_reads_back_in_order(mut rows in proptest::collection::vec((prop_oneof![0_u32..4, any::<u32>()], row()), 0..40)) {
            let uses = Uses::of(rows.clone());
            let read: Vec<(u32, UseRow)> =
                uses.items().flat_map(|(item, at)| uses.rows(at).map(move |row| (item, row))).collect();
            rows.sort_unstable();
            prop_assert_eq!(read, rows);
        }
    }
}

//! Look-ups in the generated tables: hash indexes for the hot ones, binary search for the rest.

use crate::hash::hash;

/// The number that `index` has for `name`; `name_of` gives the name of a number.
pub(crate) fn hashed<const N: usize>(index: &[u16; N], name: &[u8], is: impl Fn(usize) -> bool) -> Option<usize> {
    const EMPTY: u16 = u16::MAX;
    let mut at = hash(name) as usize % N;
    loop {
        let number = index[at];
        if number == EMPTY {
            return None;
        }
        if is(usize::from(number)) {
            return Some(usize::from(number));
        }
        at = (at + 1) % N;
    }
}

/// The entry of `table`, sorted by `name_of`, that has this name.
pub(crate) fn sorted<'a, T>(table: &'a [T], name: &str, name_of: impl Fn(&T) -> &str) -> Option<&'a T> {
    let at = table.binary_search_by(|entry| name_of(entry).cmp(name)).ok()?;
    Some(&table[at])
}

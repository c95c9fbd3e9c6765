//! Hash indexes with linear probing, and the bit set of the gate.

use std::fmt::Write as _;

use crate::hash::{gate_bit, hash};

/// An empty place of an index.
const EMPTY: u16 = u16::MAX;

/// `static NAME: [u16; …]` that maps each key's hash to its number, half empty at least.
pub(crate) fn index<'a>(name: &str, keys: impl Iterator<Item = (&'a str, usize)>) -> Result<String, String> {
    let keys: Vec<_> = keys.collect();
    let size = (keys.len() * 2).next_power_of_two();
    let mut slots = vec![EMPTY; size];
    for (key, number) in keys {
        let number = u16::try_from(number).map_err(|_| format!("{name}: too many entries"))?;
        let mut at = hash(key.as_bytes()) as usize & (size - 1);
        while slots[at] != EMPTY {
            at = (at + 1) & (size - 1);
        }
        slots[at] = number;
    }
    Ok(numbers(name, "u16", &slots))
}

/// `static GATE: [u64; 256]` with the bits of names that do not begin with `Py`.
pub(crate) fn gate<'a>(names: impl Iterator<Item = &'a str>) -> String {
    let mut bits = [0_u64; 256];
    for name in names {
        let bit = gate_bit(name.as_bytes());
        bits[bit / 64] |= 1 << (bit % 64);
    }
    numbers("GATE", "u64", &bits)
}

fn numbers<T: std::fmt::Display>(name: &str, of: &str, all: &[T]) -> String {
    let mut text = format!("pub(crate) static {name}: [{of}; {}] = [", all.len());
    for number in all {
        let _ = write!(text, "{number},");
    }
    text.push_str("];\n");
    text
}

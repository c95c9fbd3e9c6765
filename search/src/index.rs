//! The index: for each trigram, the units that hold it.
//!
//! Trigrams are dealt out to 4096 buckets. At the start stand the magic, the number of units and where each bucket ends;
//! a bucket is its trigrams in order, each with its units: as differences, or as a bit each where that is shorter. A
//! question costs the directory and one bucket a trigram, some kilobytes each, whatever the size of the index.

use std::collections::HashMap;
use std::ops::Range;

use rustc_hash::FxBuildHasher;

use crate::{Trigram, Units};

const MAGIC: [u8; 8] = *b"abisidx1";
const BUCKETS: usize = 4096;
/// Bytes of the directory.
pub const DIRECTORY: usize = MAGIC.len() + 4 + 4 * BUCKETS;

fn number(trigram: Trigram) -> u32 {
    u32::from_be_bytes([0, trigram[0], trigram[1], trigram[2]])
}

/// Spreads the trigrams of a language over all buckets.
fn bucket(trigram: u32) -> usize {
    (trigram.wrapping_mul(0x9e37_79b1) >> 20) as usize
}

/// Makes an index, unit by unit.
pub struct Builder {
    units: u32,
    held: HashMap<u32, Vec<u32>, FxBuildHasher>,
    /// A bit for each trigram that the unit has, and which they are.
    seen: Vec<u64>,
    new: Vec<u32>,
}

impl std::fmt::Debug for Builder {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Builder").field("units", &self.units).finish_non_exhaustive()
    }
}

impl Default for Builder {
    fn default() -> Self {
        Self { units: 0, held: HashMap::default(), seen: vec![0; 1 << 18], new: Vec::new() }
    }
}

impl Builder {
    /// Adds a unit: its lines, in parts of whole lines.
    pub fn unit<'a>(&mut self, parts: impl IntoIterator<Item = &'a [u8]>) {
        parts.into_iter().for_each(|part| self.part(part));
        for trigram in self.new.drain(..) {
            self.seen[trigram as usize / 64] = 0;
            self.held.entry(trigram).or_default().push(self.units);
        }
        self.units += 1;
    }

    fn part(&mut self, text: &[u8]) {
        let mut three = 0_u32;
        // Bytes since the last line end: a trigram lies in a line.
        let mut length = 0_u32;
        for byte in text {
            if *byte == b'\n' {
                length = 0;
                continue;
            }
            three = (three << 8 | u32::from(*byte)) & 0x00ff_ffff;
            length += 1;
            if length >= 3 {
                let (word, bit) = (&mut self.seen[three as usize / 64], 1 << (three % 64));
                if *word & bit == 0 {
                    *word |= bit;
                    self.new.push(three);
                }
            }
        }
    }

    /// The index.
    pub fn finish(self) -> Vec<u8> {
        let mut buckets: Vec<Vec<(u32, Vec<u32>)>> = vec![Vec::new(); BUCKETS];
        for (trigram, units) in self.held {
            buckets[bucket(trigram)].push((trigram, units));
        }
        let mut out = MAGIC.to_vec();
        out.extend(self.units.to_le_bytes());
        out.resize(DIRECTORY, 0);
        for (place, mut entries) in buckets.into_iter().enumerate() {
            entries.sort_unstable_by_key(|(trigram, _)| *trigram);
            for (trigram, units) in &entries {
                out.extend(&trigram.to_be_bytes()[1..]);
                put_units(&mut out, units, self.units);
            }
            let end = u32::try_from(out.len()).unwrap_or(u32::MAX);
            let at = MAGIC.len() + 4 + 4 * place;
            out[at..at + 4].copy_from_slice(&end.to_le_bytes());
        }
        out
    }
}

/// The length, its lowest bit for the form, then the units.
fn put_units(out: &mut Vec<u8>, units: &[u32], count: u32) {
    let mut differences = Vec::new();
    let mut next = 0;
    for unit in units {
        put(&mut differences, unit - next);
        next = unit + 1;
    }
    let bits = count.div_ceil(8) as usize;
    if differences.len() <= bits {
        put(out, u32::try_from(differences.len()).unwrap_or(u32::MAX) << 1);
        out.extend(differences);
        return;
    }
    put(out, u32::try_from(bits).unwrap_or(u32::MAX) << 1 | 1);
    let start = out.len();
    out.resize(start + bits, 0);
    for unit in units {
        out[start + *unit as usize / 8] |= 1 << (unit % 8);
    }
}

/// Seven bits a byte, the lowest first.
fn put(out: &mut Vec<u8>, mut value: u32) {
    while value >= 0x80 {
        out.push(value.to_le_bytes()[0] | 0x80);
        value >>= 7;
    }
    out.push(value.to_le_bytes()[0]);
}

fn take(bytes: &mut &[u8]) -> Option<u32> {
    let mut value = 0;
    for shift in (0..35).step_by(7) {
        let (first, rest) = bytes.split_first()?;
        *bytes = rest;
        value |= u32::from(first & 0x7f).checked_shl(shift)?;
        if first & 0x80 == 0 {
            return Some(value);
        }
    }
    None
}

fn take_bytes<'a>(bytes: &mut &'a [u8], count: usize) -> Option<&'a [u8]> {
    let (taken, rest) = bytes.split_at_checked(count)?;
    *bytes = rest;
    Some(taken)
}

/// Where the buckets of an index are.
#[derive(Debug)]
pub struct Directory {
    units: u32,
    ends: Vec<u32>,
}

impl Directory {
    /// From the first [`DIRECTORY`] bytes of an index; `None`: it is none.
    pub fn read(start: &[u8]) -> Option<Self> {
        let rest = start.get(..DIRECTORY)?.strip_prefix(&MAGIC)?;
        let mut numbers = rest.chunks_exact(4).map(|four| u32::from_le_bytes([four[0], four[1], four[2], four[3]]));
        let units = numbers.next()?;
        Some(Self { units, ends: numbers.collect() }).filter(|directory| directory.ends.is_sorted())
    }

    /// How many units it is of.
    pub const fn units(&self) -> u32 {
        self.units
    }

    /// Which bytes of the index hold a trigram, if any does.
    pub fn place(&self, trigram: Trigram) -> Range<u64> {
        let place = bucket(number(trigram));
        let start =
            place.checked_sub(1).map_or(u32::try_from(DIRECTORY).unwrap_or(u32::MAX), |before| self.ends[before]);
        u64::from(start)..u64::from(self.ends[place].max(start))
    }

    /// The units that hold a trigram, from the bytes of its place; `None`: they are damaged.
    pub fn holding(&self, trigram: Trigram, mut bytes: &[u8]) -> Option<Units> {
        let mut units = Units::none(self.units);
        while !bytes.is_empty() {
            let found = take_bytes(&mut bytes, 3)?;
            let length = take(&mut bytes)?;
            let mut held = take_bytes(&mut bytes, (length >> 1) as usize)?;
            if found != trigram {
                continue;
            }
            if length & 1 == 1 {
                let bit = |unit: &u32| held.get(*unit as usize / 8).is_some_and(|byte| byte >> (unit % 8) & 1 == 1);
                (0..self.units).filter(bit).for_each(|unit| units.insert(unit));
                break;
            }
            let mut next = 0_u32;
            while !held.is_empty() {
                let unit = next.checked_add(take(&mut held)?)?;
                units.insert(unit);
                next = unit.checked_add(1)?;
            }
            break;
        }
        Some(units)
    }
}

//! A set of units.

/// Some of the units of an index.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Units {
    words: Vec<u64>,
    count: u32,
}

impl Units {
    /// None of `count` units.
    pub fn none(count: u32) -> Self {
        Self { words: vec![0; count.div_ceil(64) as usize], count }
    }

    /// All of `count` units.
    pub fn all(count: u32) -> Self {
        let mut all = Self::none(count);
        (0..count).for_each(|unit| all.insert(unit));
        all
    }

    /// How many there are to choose from.
    pub const fn count(&self) -> u32 {
        self.count
    }

    /// Adds a unit; one that is not there is not added.
    pub fn insert(&mut self, unit: u32) {
        if unit < self.count {
            self.words[unit as usize / 64] |= 1 << (unit % 64);
        }
    }

    /// Whether a unit is among them.
    pub fn contains(&self, unit: u32) -> bool {
        unit < self.count && self.words[unit as usize / 64] >> (unit % 64) & 1 == 1
    }

    /// Keeps those that are in both.
    #[must_use]
    pub fn and(mut self, other: &Self) -> Self {
        self.words.iter_mut().zip(&other.words).for_each(|(word, other)| *word &= other);
        self
    }

    /// Those of either.
    #[must_use]
    pub fn or(mut self, other: &Self) -> Self {
        self.words.iter_mut().zip(&other.words).for_each(|(word, other)| *word |= other);
        self
    }
}

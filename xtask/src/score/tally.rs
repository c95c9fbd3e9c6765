//! Counts of what is right, missed and wrong.

use std::ops::AddAssign;

/// What was found of what is true.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Tally {
    /// True and found.
    pub(super) hit: u32,
    /// True and not found.
    pub(super) missed: u32,
    /// Found and not true.
    pub(super) wrong: u32,
}

impl Tally {
    /// Counts something true.
    pub(super) const fn count(&mut self, is_found: bool) {
        if is_found { self.hit += 1 } else { self.missed += 1 }
    }

    /// How many are true.
    pub(super) const fn truth(self) -> u32 {
        self.hit + self.missed
    }

    /// The share of what is true that was found; `None` where nothing is true.
    pub(super) fn recall(self) -> Option<f64> {
        share(self.hit, self.truth())
    }

    /// The share of what was found that is true; `None` where nothing was found.
    pub(super) fn precision(self) -> Option<f64> {
        self.strict_precision(0)
    }

    /// The precision if `neutral` findings more were wrong.
    pub(super) fn strict_precision(self, neutral: u32) -> Option<f64> {
        share(self.hit, self.hit + self.wrong + neutral)
    }
}

impl AddAssign for Tally {
    fn add_assign(&mut self, other: Self) {
        self.hit += other.hit;
        self.missed += other.missed;
        self.wrong += other.wrong;
    }
}

/// `part` of `whole`; `None` of nothing.
pub(super) fn share(part: u32, whole: u32) -> Option<f64> {
    (whole > 0).then(|| f64::from(part) / f64::from(whole))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_share_of_nothing_is_not_a_number() {
        let tally = Tally::default();
        assert_eq!((tally.recall(), tally.precision()), (None, None));
    }

    #[test]
    fn recall_looks_at_what_is_missed_and_precision_at_what_is_wrong() {
        let tally = Tally { hit: 6, missed: 2, wrong: 4 };
        assert_eq!((tally.recall(), tally.precision()), (Some(0.75), Some(0.6)));
        assert_eq!(tally.strict_precision(2), Some(0.5));
    }
}

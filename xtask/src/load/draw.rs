//! Numbers by chance that are the same in every run with the same seed.

/// A stream of numbers (SplitMix64).
#[derive(Debug, Clone)]
pub(super) struct Draw(u64);

impl Draw {
    /// The stream of a seed.
    pub(super) fn new(seed: u64) -> Self {
        Self(seed)
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// From 0 to below 1.
    pub(super) fn unit(&mut self) -> f64 {
        f64::from(u32::try_from(self.next() >> 32).unwrap_or(0)) / 4_294_967_296.0
    }

    /// From 0 to below `n`.
    pub(super) fn below(&mut self, n: usize) -> usize {
        usize::try_from(self.next() % (n.max(1) as u64)).unwrap_or(0)
    }

    /// One of several, as often as its share says.
    pub(super) fn by_share<T: Copy>(&mut self, of: &[(T, usize)]) -> T {
        let mut place = self.below(of.iter().map(|(_, share)| share).sum());
        let of_share = of.iter().find(|(_, share)| match place.checked_sub(*share) {
            Some(rest) => {
                place = rest;
                false
            }
            None => true,
        });
        of_share.unwrap_or(&of[0]).0
    }

    /// One of several.
    pub(super) fn one_of<'a, T>(&mut self, of: &'a [T]) -> &'a T {
        &of[self.below(of.len())]
    }
}

/// Ranks of which each is the rarer the higher it is: the first is asked for `n` to the power `s` times as often as the
/// `n`-th.
#[derive(Debug, Clone)]
pub(super) struct Zipf(Vec<f64>);

impl Zipf {
    /// Over so many ranks.
    pub(super) fn new(ranks: u32, s: f64) -> Self {
        let mut sum = 0.0;
        let add = |rank: u32| {
            sum += f64::from(rank).powf(-s);
            sum
        };
        Self((1..=ranks.max(1)).map(add).collect())
    }

    /// A rank, from 0.
    pub(super) fn rank(&self, draw: &mut Draw) -> usize {
        let place = draw.unit() * self.0.last().copied().unwrap_or_default();
        self.0.partition_point(|sum| *sum <= place).min(self.0.len() - 1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn low_ranks_come_oftener_and_all_are_within() {
        let (zipf, mut draw, mut counts) = (Zipf::new(10, 1.0), Draw::new(1), [0_u32; 10]);
        for _ in 0..20_000 {
            counts[zipf.rank(&mut draw)] += 1;
        }
        assert!(counts.is_sorted_by(|more, less| more > less), "{counts:?}");
        assert!((1.8..2.2).contains(&(f64::from(counts[0]) / f64::from(counts[1]))), "{counts:?}");
    }

    #[test]
    fn a_seed_gives_the_same_numbers() {
        let three = |seed| std::iter::repeat_with(move || seed).scan(Draw::new(seed), |draw, _| Some(draw.below(1000)));
        assert_eq!(three(7).take(9).collect::<Vec<_>>(), three(7).take(9).collect::<Vec<_>>());
        assert_ne!(three(7).take(9).collect::<Vec<_>>(), three(8).take(9).collect::<Vec<_>>());
    }
}

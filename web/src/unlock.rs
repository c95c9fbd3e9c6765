//! The unlock curves of a target, and how they are drawn.

use std::fmt::Write;

use serde::Serialize;
use store::BlockedProjects;
use whatif::{Blocked, UnlockStep};

/// Items of a curve.
const STEPS: usize = 60;

/// Both curves of one target.
#[derive(Serialize, schemars::JsonSchema)]
pub(crate) struct Unlock {
    /// Each project counts one.
    pub(crate) each: Curve,
    /// Each counts its downloads; `None` without a list of downloads.
    pub(crate) weighed: Option<Curve>,
}

/// One curve with its whole.
#[derive(Serialize, schemars::JsonSchema)]
pub(crate) struct Curve {
    /// Everything that is blocked.
    pub(crate) blocked: i64,
    /// Its items in order.
    pub(crate) steps: Vec<UnlockStep>,
}

impl Unlock {
    pub(crate) fn of(blocked: &BlockedProjects) -> Self {
        let curve = |blocked: &[Blocked]| Curve {
            blocked: blocked.iter().map(|one| one.weight).sum(),
            steps: whatif::unlock(blocked, STEPS),
        };
        Self { each: curve(&blocked.each), weighed: (!blocked.weighed.is_empty()).then(|| curve(&blocked.weighed)) }
    }
}

impl Curve {
    /// The points of a line in a square of 100 by 100, from the lower left: how much is free after each item.
    pub(crate) fn points(&self) -> String {
        let mut points = "0,100".to_owned();
        let mut y = 10_000;
        let steps = i64::try_from(self.steps.len()).unwrap_or(i64::MAX).max(1);
        for (step, n) in self.steps.iter().zip(1..) {
            // A step of the line: along, then up. In hundredths, in integers.
            let (next_x, next_y) = (n * 10_000 / steps, 10_000 - share(step.free, self.blocked));
            let _ = write!(
                points,
                " {},{} {},{}",
                hundredths(next_x),
                hundredths(y),
                hundredths(next_x),
                hundredths(next_y)
            );
            y = next_y;
        }
        points
    }

    /// How much is free after `n` items.
    pub(crate) fn free_after(&self, n: usize) -> i64 {
        self.steps.iter().take(n).next_back().map_or(0, |step| step.free)
    }
}

/// In hundredths of a per cent.
fn share(part: i64, whole: i64) -> i64 {
    if whole <= 0 {
        return 0;
    }
    i64::try_from(i128::from(part) * 10_000 / i128::from(whole)).unwrap_or(10_000)
}

fn hundredths(n: i64) -> String {
    format!("{}.{:02}", n / 100, n % 100)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_line_climbs_from_nothing_to_what_is_free() {
        let blocked = |blockers: &[&str]| Blocked {
            weight: 1,
            blockers: blockers.iter().map(|item| (*item).to_owned()).collect(),
        };
        let both = BlockedProjects { each: vec![blocked(&["a"]), blocked(&["a", "b"])], weighed: Vec::new() };
        let unlock = Unlock::of(&both);
        assert_eq!(unlock.each.points(), "0,100 50.00,100.00 50.00,50.00 100.00,50.00 100.00,0.00");
        assert_eq!((unlock.each.free_after(1), unlock.each.free_after(9)), (1, 2));
        assert!(unlock.weighed.is_none());
        assert_eq!(Unlock::of(&BlockedProjects::default()).each.points(), "0,100");
    }
}

//! What time does to a project.

use super::Case;
use crate::chance::chance_of;

/// What happened to a project until now.
#[derive(Debug)]
pub(super) struct History {
    pub(super) serial: i64,
    /// Patch releases that came after the first.
    pub(super) new_releases: u32,
    /// The newest of them is yanked.
    pub(super) yanked: bool,
    pub(super) quarantined: bool,
    pub(super) deleted: bool,
}

impl History {
    pub(super) fn of(seed: u64, number: u32, case: Case, steps: u32) -> Self {
        let serial = 1_000_000 + i64::from(number) * 7;
        let mut history = Self { serial, new_releases: 0, yanked: false, quarantined: false, deleted: false };
        for step in (1..=steps).take_while(|_| case.lives()) {
            if !history.live(chance_of(seed, number, step) % 1000) {
                continue;
            }
            history.serial = 1_000_000 * i64::from(step + 1) + i64::from(number) * 7;
            if history.deleted || history.quarantined {
                break;
            }
        }
        history
    }

    /// Whether a step changed anything.
    fn live(&mut self, dice: u64) -> bool {
        match dice {
            0..50 => {
                self.new_releases += 1;
                self.yanked = false;
            }
            50..65 => {} // a role of somebody changed
            65..70 => self.yanked = self.new_releases > 0,
            70..73 => self.deleted = true,
            73..75 => self.quarantined = true,
            _ => return false,
        }
        true
    }
}

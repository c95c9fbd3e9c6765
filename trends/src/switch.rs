//! Something that is on or off, and the days on which that changed.

use chrono::NaiveDate;

/// Off at first; each day turns it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Switch(Box<[NaiveDate]>);

impl Switch {
    /// From what was seen, in the order of time: on which day it was on or off. What repeats the state before is no
    /// change; of several changes on one day the last holds.
    pub fn of(seen: impl IntoIterator<Item = (NaiveDate, bool)>) -> Self {
        let mut days: Vec<NaiveDate> = Vec::new();
        for (day, is_on) in seen {
            if is_on == (days.len() % 2 == 1) {
                continue;
            }
            if days.last() == Some(&day) {
                days.pop();
            } else {
                days.push(day);
            }
        }
        Self(days.into())
    }

    /// Whether it is on at the end of a day.
    pub fn is_on(&self, day: NaiveDate) -> bool {
        self.0.iter().filter(|turned| **turned <= day).count() % 2 == 1
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn day(number: i32) -> NaiveDate {
        NaiveDate::from_num_days_from_ce_opt(738_000 + number).expect("a day")
    }

    #[test]
    fn it_is_off_before_the_first_change_and_turns_on_the_day_itself() {
        let switch = Switch::of([(day(5), true), (day(9), false)]);
        let on: Vec<i32> = (0..12).filter(|number| switch.is_on(day(*number))).collect();
        assert_eq!(on, [5, 6, 7, 8]);
    }

    proptest! {
        #[test]
        fn on_each_day_it_is_as_it_was_seen_last(mut seen in proptest::collection::vec((0..20, any::<bool>()), 0..12)) {
            seen.sort_by_key(|(number, _)| *number);
            let switch = Switch::of(seen.iter().map(|(number, is_on)| (day(*number), *is_on)));
            for number in 0..22 {
                let last = seen.iter().rfind(|(seen, _)| *seen <= number);
                prop_assert_eq!(switch.is_on(day(number)), last.is_some_and(|(_, is_on)| *is_on));
            }
        }
    }
}

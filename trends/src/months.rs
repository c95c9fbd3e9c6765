//! The dates that are counted: the end of each month, and the last day that is known.

use std::fmt;
use std::str::FromStr;

use chrono::{Datelike, NaiveDate};

/// A month, written `2026-11`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Month(i32);

impl Month {
    /// The month of a day.
    pub fn of(day: NaiveDate) -> Self {
        Self(day.year() * 12 + i32::try_from(day.month0()).unwrap_or(0))
    }

    /// The first of January of a year.
    pub const fn january(year: i32) -> Self {
        Self(year * 12)
    }

    /// The month before.
    #[must_use]
    pub const fn before(self) -> Self {
        Self(self.0 - 1)
    }

    /// Its first day.
    pub fn first(self) -> NaiveDate {
        let month = u32::try_from(self.0.rem_euclid(12)).unwrap_or(0) + 1;
        NaiveDate::from_ymd_opt(self.0.div_euclid(12), month, 1).unwrap_or(NaiveDate::MAX)
    }

    /// Its last day.
    pub fn last(self) -> NaiveDate {
        Self(self.0 + 1).first().pred_opt().unwrap_or(NaiveDate::MAX)
    }
}

impl fmt::Display for Month {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.first().format("%Y-%m"))
    }
}

impl FromStr for Month {
    type Err = chrono::ParseError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        NaiveDate::parse_from_str(&format!("{text}-01"), "%Y-%m-%d").map(Self::of)
    }
}

/// The months from the first one that is counted to that of the last day that is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Months {
    first: Month,
    until: NaiveDate,
    /// More is known of the last month than is counted.
    is_cut: bool,
}

/// Months that are counted at most: no project on PyPI is older.
const MOST: i32 = 12 * 40;

impl Months {
    /// From the month of `first` to `until`, that day included.
    pub fn new(first: NaiveDate, until: NaiveDate) -> Self {
        let last = Month::of(until);
        let first = Month::of(first.min(until)).max(Month(last.0 - MOST + 1));
        Self { first, until, is_cut: false }
    }

    /// From the month of `first` to `until`, whatever is known of later days.
    pub fn as_of(first: NaiveDate, until: NaiveDate) -> Self {
        Self { is_cut: true, ..Self::new(first, until) }
    }

    /// The last day that is known.
    pub const fn until(self) -> NaiveDate {
        self.until
    }

    /// How many they are; never 0.
    pub fn len(self) -> usize {
        usize::try_from(Month::of(self.until).0 - self.first.0 + 1).unwrap_or(1)
    }

    /// Never.
    pub const fn is_empty(self) -> bool {
        false
    }

    /// The month at a place.
    pub fn month(self, place: usize) -> Month {
        Month(self.first.0.saturating_add(i32::try_from(place).unwrap_or(i32::MAX)))
    }

    /// The day whose end the month at a place is counted at. Of the last month it is yet to come: as nothing is known of
    /// those days, what is counted is what was so on the last day that is, whichever that is.
    pub(crate) fn end(self, place: usize) -> NaiveDate {
        if self.is_cut { self.day(place) } else { self.month(place).last() }
    }

    /// The day that the month at a place is told as: its last one, or the last that is known.
    pub fn day(self, place: usize) -> NaiveDate {
        self.month(place).last().min(self.until)
    }

    /// The place of a month.
    pub fn place(self, month: Month) -> Option<usize> {
        usize::try_from(month.0.checked_sub(self.first.0)?).ok().filter(|place| *place < self.len())
    }

    /// The first place that a day is counted in; the length if it is after the last one.
    pub fn reached(self, day: NaiveDate) -> usize {
        if self.is_cut && day > self.until {
            return self.len();
        }
        usize::try_from(Month::of(day).0 - self.first.0).unwrap_or(0).min(self.len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().expect("a day")
    }

    #[test]
    fn each_month_is_counted_at_its_last_day_and_the_last_one_at_the_last_day_known() {
        let months = Months::new(day("2023-12-17"), day("2024-03-05"));
        let days: Vec<String> = (0..months.len()).map(|place| months.day(place).to_string()).collect();
        assert_eq!(days, ["2023-12-31", "2024-01-31", "2024-02-29", "2024-03-05"]);
        assert_eq!(months.place("2024-02".parse().expect("a month")), Some(2));
        assert_eq!(months.place(Month::of(day("2024-04-01"))), None);
        assert_eq!(months.place(Month::of(day("2023-11-30"))), None);
        let reached = |text| months.reached(day(text));
        assert_eq!(
            [reached("2020-01-01"), reached("2023-12-31"), reached("2024-01-01"), reached("2024-03-05")],
            [0, 0, 1, 3]
        );
        assert_eq!([reached("2024-03-06"), reached("2024-04-01")], [3, 4]);
        let cut = Months::as_of(day("2023-12-17"), day("2024-03-05"));
        assert_eq!(
            (cut.reached(day("2024-03-06")), cut.end(3), months.end(3)),
            (4, day("2024-03-05"), day("2024-03-31"))
        );
        assert_eq!(Month::january(2024).to_string(), "2024-01");
    }
}

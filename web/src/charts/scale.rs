//! Round numbers for axes.

use chrono::{Datelike, NaiveDate};

use super::Unit;

/// The top of a scale that begins at zero: the next round number, or all of a hundred.
pub(super) fn top(most: f64, unit: Unit) -> f64 {
    let most = if most.is_finite() { most.max(0.0) } else { 0.0 };
    match unit {
        Unit::Share if most > 50.0 => 100.0,
        Unit::Share => round_up(most.max(2.0)),
        Unit::Count => round_up(most.max(4.0)),
    }
}

/// 1, 2, 4, 5 or 8 times a power of ten: all have round quarters or fifths.
fn round_up(most: f64) -> f64 {
    let mut power = 1.0;
    while power * 10.0 <= most {
        power *= 10.0;
    }
    [1.0, 2.0, 4.0, 5.0, 8.0, 10.0].into_iter().map(|n| n * power).find(|round| *round >= most).unwrap_or(most)
}

/// The values at which there are lines, from zero to the top.
pub(super) fn ticks(top: f64) -> Vec<f64> {
    let leading = {
        let mut leading = top;
        while leading >= 10.0 {
            leading /= 10.0;
        }
        leading
    };
    let steps = if (leading - 5.0).abs() < 1e-9 { 5 } else { 4 };
    (0..=steps).map(|n| top * f64::from(n) / f64::from(steps)).collect()
}

/// A place along the axis of time, from 0 to 100.
pub(super) fn along(day: NaiveDate, dates: &[NaiveDate]) -> f64 {
    let (Some(first), Some(last)) = (dates.first(), dates.last()) else { return 0.0 };
    let days = |to: NaiveDate| f64::from(i32::try_from((to - *first).num_days()).unwrap_or(0));
    let all = days(*last);
    if all <= 0.0 { 50.0 } else { (days(day) / all * 100.0).clamp(0.0, 100.0) }
}

/// What is written at the axis of time, and where: beginnings of years, or of quarters where years are too few.
pub(super) fn beginnings(dates: &[NaiveDate]) -> Vec<(NaiveDate, String)> {
    let years = years(dates);
    if years.len() > 1 {
        return years.into_iter().map(|year| (year, year.format("%Y").to_string())).collect();
    }
    let (Some(first), Some(last)) = (dates.first(), dates.last()) else { return Vec::new() };
    let quarters = (first.year()..=last.year()).flat_map(|year| [1, 4, 7, 10].map(|month| (year, month)));
    let days = quarters.filter_map(|(year, month)| NaiveDate::from_ymd_opt(year, month, 1));
    let word = |day: &NaiveDate| day.format(if day.month() == 1 { "%Y" } else { "%b" }).to_string();
    days.filter(|day| (first..=last).contains(&day)).map(|day| (day, word(&day))).collect()
}

/// Beginnings of years, as many as there is room for on a phone.
fn years(dates: &[NaiveDate]) -> Vec<NaiveDate> {
    const ROOM: i32 = 6;
    let (Some(first), Some(last)) = (dates.first(), dates.last()) else { return Vec::new() };
    let all = last.year() - first.year();
    let every = [1, 2, 5, 10].into_iter().find(|every| all / every <= ROOM).unwrap_or(20);
    let begins = (first.year() + 1..=last.year()).filter(|year| year.rem_euclid(every) == 0);
    begins.filter_map(|year| NaiveDate::from_ymd_opt(year, 1, 1)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scales_end_on_round_numbers_and_so_do_their_lines() {
        let tops = [0.0, 3.0, 9.0, 11.0, 38.0, 81.0, 400.0, 16_880.0].map(|most| top(most, Unit::Count));
        assert_eq!(tops.map(|top| top.to_string()), ["4", "4", "10", "20", "40", "100", "400", "20000"]);
        let shares = [0.2, 7.0, 33.0, 51.0].map(|most| top(most, Unit::Share).to_string());
        assert_eq!(shares, ["2", "8", "40", "100"]);
        let ticks = |top| ticks(top).iter().map(ToString::to_string).collect::<Vec<_>>();
        assert_eq!(ticks(40.0), ["0", "10", "20", "30", "40"]);
        assert_eq!(ticks(50.0), ["0", "10", "20", "30", "40", "50"]);
        assert_eq!(top(f64::NAN, Unit::Count).to_string(), "4");
    }

    #[test]
    fn years_are_written_where_they_begin_and_not_more_than_fit() {
        let day = |text: &str| text.parse::<NaiveDate>().expect("a day");
        let years =
            |from: &str, to: &str| super::years(&[day(from), day(to)]).iter().map(Datelike::year).collect::<Vec<_>>();
        assert_eq!(years("2023-03-31", "2026-11-27"), [2024, 2025, 2026]);
        assert_eq!(years("2008-03-31", "2026-11-27"), [2010, 2015, 2020, 2025]);
        assert_eq!(years("2024-03-31", "2024-11-27"), Vec::<i32>::new());
        let words = |from: &str, to: &str| {
            beginnings(&[day(from), day(to)]).into_iter().map(|(_, word)| word).collect::<Vec<_>>()
        };
        assert_eq!(words("2024-08-31", "2025-05-27"), ["Oct", "2025", "Apr"]);
        assert_eq!(words("2023-08-31", "2025-05-27"), ["2024", "2025"]);
        assert!((along(day("2024-07-01"), &[day("2024-01-01"), day("2025-01-01")]) - 49.73).abs() < 0.01);
        assert!((along(day("2024-07-01"), &[day("2024-01-01")]) - 50.0).abs() < 1e-9);
    }
}

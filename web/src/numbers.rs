//! Numbers and dates, as pages write them.

use std::fmt;

use chrono::{DateTime, Utc};

/// A count, with commas: `16,880`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Count(pub(crate) i64);

impl fmt::Display for Count {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let digits = self.0.unsigned_abs().to_string();
        if self.0 < 0 {
            f.write_str("-")?;
        }
        for (i, digit) in digits.char_indices() {
            if i > 0 && (digits.len() - i).is_multiple_of(3) {
                f.write_str(",")?;
            }
            write!(f, "{digit}")?;
        }
        Ok(())
    }
}

impl Count {
    /// `1 project`, `2 projects`.
    pub(crate) fn of(self, one: &str) -> String {
        format!("{self} {one}{}", if self.0 == 1 { "" } else { "s" })
    }
}

/// `part` of `whole` in per cent, with one decimal: `13.7 %`; nothing of nothing has no share.
pub(crate) fn share(part: i64, whole: i64) -> String {
    if whole <= 0 {
        return "no share".to_owned();
    }
    // In tenths, rounded half up, in integers: the same text on every machine.
    let tenths = (i128::from(part) * 2000 + i128::from(whole)) / (2 * i128::from(whole));
    format!("{}.{}\u{a0}%", tenths / 10, tenths % 10)
}

/// `part` of `whole` in per cent with two decimals, as SVG lengths want it.
pub(crate) fn length(part: i64, whole: i64) -> String {
    if whole <= 0 {
        return "0%".to_owned();
    }
    let hundredths = i128::from(part) * 10_000 / i128::from(whole);
    format!("{}.{:02}%", hundredths / 100, hundredths % 100)
}

/// `2026-11-22`, or nothing.
pub(crate) fn day(when: Option<DateTime<Utc>>) -> String {
    when.map(|when| when.format("%Y-%m-%d").to_string()).unwrap_or_default()
}

/// `2026-11-22 07:21 UTC`.
pub(crate) fn minute(when: DateTime<Utc>) -> String {
    when.format("%Y-%m-%d %H:%M UTC").to_string()
}

/// `154 kB`, `7.2 MB`: enough to compare.
pub(crate) fn size(bytes: i64) -> String {
    match bytes {
        ..1_000_000 => format!("{} kB", Count((bytes + 500) / 1000)),
        _ => format!("{}.{} MB", Count(bytes / 1_000_000), bytes % 1_000_000 / 100_000),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_have_commas_between_thousands() {
        let written: Vec<String> =
            [0, 999, 1000, 16_880, 1_234_567, -1000].into_iter().map(|n| Count(n).to_string()).collect();
        assert_eq!(written, ["0", "999", "1,000", "16,880", "1,234,567", "-1,000"]);
        assert_eq!(Count(1).of("project"), "1 project");
        assert_eq!(Count(2).of("project"), "2 projects");
    }

    #[test]
    fn shares_round_to_a_tenth() {
        assert_eq!(share(2314, 16_880), "13.7\u{a0}%");
        assert_eq!(share(1, 3), "33.3\u{a0}%");
        assert_eq!(share(2, 3), "66.7\u{a0}%");
        assert_eq!(share(3, 3), "100.0\u{a0}%");
        assert_eq!(share(0, 0), "no share");
    }
}

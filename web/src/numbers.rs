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

impl From<usize> for Count {
    fn from(n: usize) -> Self {
        Self(i64::try_from(n).unwrap_or(i64::MAX))
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

/// `12 s`, `3 min`, `2 h`, `5 days`: as exact as it matters.
pub(crate) fn span(seconds: i64) -> String {
    match seconds.max(0) {
        seconds @ ..120 => format!("{seconds} s"),
        seconds @ ..7200 => format!("{} min", seconds / 60),
        seconds @ ..172_800 => format!("{} h", seconds / 3600),
        seconds => format!("{} days", Count(seconds / 86_400)),
    }
}

/// Within which shares the true one lies with 95 % certainty, if `part` of `whole` drawn by chance have it: Wilson's
/// interval, which also holds for few and for none.
#[expect(clippy::cast_precision_loss, reason = "counts of a sample are small")]
pub(crate) fn wilson(part: i64, whole: i64) -> (f64, f64) {
    const Z: f64 = 1.959_964;
    if whole <= 0 {
        return (0.0, 1.0);
    }
    let (n, share) = (whole as f64, part as f64 / whole as f64);
    let middle = share + Z * Z / (2.0 * n);
    let width = Z * (share * (1.0 - share) / n + Z * Z / (4.0 * n * n)).sqrt();
    let scale = 1.0 + Z * Z / n;
    (((middle - width) / scale).max(0.0), ((middle + width) / scale).min(1.0))
}

/// A share between 0 and 1 in per cent, with two decimals: `0.38 %`.
pub(crate) fn per_cent(share: f64) -> String {
    format!("{:.2}\u{a0}%", share * 100.0)
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
    fn spans_are_as_exact_as_it_matters() {
        let written: Vec<String> = [-1, 0, 119, 120, 7199, 7200, 172_799, 172_800].into_iter().map(span).collect();
        assert_eq!(written, ["0 s", "0 s", "119 s", "2 min", "119 min", "2 h", "47 h", "2 days"]);
    }

    /// The values are those of Newcombe (1998), table I.
    #[test]
    fn wilsons_interval_is_the_published_one() {
        for (part, whole, from, to) in [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0, 0.1611)] {
            let (low, high) = wilson(part, whole);
            assert!((low - from).abs() < 5e-5 && (high - to).abs() < 5e-5, "{part} of {whole}: {low} to {high}");
        }
        assert_eq!(wilson(0, 0), (0.0, 1.0));
        assert_eq!(per_cent(0.003_84), "0.38\u{a0}%");
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

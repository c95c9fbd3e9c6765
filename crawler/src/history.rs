//! Which old releases of a project are read, too.

use std::collections::BTreeSet;
use std::fmt;
use std::str::FromStr;

use chrono::{Datelike, NaiveDate};
use trends::Claim;

use crate::releases::Release;

/// How much of the past is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct History {
    /// Which releases.
    pub of: Period,
    /// Only what stood on this day or later.
    pub since: Option<NaiveDate>,
}

/// Which releases stand for a time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Period {
    /// Every release.
    Every,
    /// The one that stood at the end of each quarter of a year.
    Quarter,
    /// The one that stood at the end of each year.
    Year,
}

impl Period {
    /// Every one.
    pub const ALL: [Self; 3] = [Self::Every, Self::Quarter, Self::Year];

    /// The word in options and in the database.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Every => "every",
            Self::Quarter => "quarter",
            Self::Year => "year",
        }
    }

    /// The last day of the period that a day lies in.
    fn end(self, day: NaiveDate) -> NaiveDate {
        let last = match self {
            Self::Every => return day,
            Self::Quarter => day.month0() / 3 * 3 + 3,
            Self::Year => 12,
        };
        let next = NaiveDate::from_ymd_opt(day.year() + i32::from(last == 12), last % 12 + 1, 1);
        next.and_then(|next| next.pred_opt()).unwrap_or(NaiveDate::MAX)
    }
}

impl fmt::Display for History {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.of.as_str())?;
        self.since.map_or(Ok(()), |since| write!(f, " since {since}"))
    }
}

/// The text is no policy for old releases.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is no policy for old releases: every, quarter or year, with or without \"since YYYY-MM-DD\"")]
pub struct NotAHistory(pub String);

impl FromStr for History {
    type Err = NotAHistory;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let wrong = || NotAHistory(text.to_owned());
        let (word, since) = match text.split_once(" since ") {
            Some((word, since)) => (word, Some(since.parse().map_err(|_| wrong())?)),
            None => (text, None),
        };
        let of = Period::ALL.into_iter().find(|of| of.as_str() == word).ok_or_else(wrong)?;
        Ok(Self { of, since })
    }
}

/// A release as far as it was there on a day.
struct Uploaded<'r> {
    at: usize,
    release: &'r Release,
    first: NaiveDate,
}

impl<'r> Uploaded<'r> {
    /// `None`: nobody knows since when it is there.
    fn of((at, release): (usize, &'r Release)) -> Option<Self> {
        let first = release.files.iter().filter_map(|one| one.file.uploaded_at).min()?.date_naive();
        Some(Self { at, release, first })
    }
}

impl History {
    /// The places of the releases that are read, of all of a page, lowest version first.
    ///
    /// What was yanked by now may have stood before: nobody knows since when it is. So for the end of each period the one
    /// that stood is read, and the one that would have stood had what is yanked now been so then.
    pub(crate) fn picked(self, releases: &[Release]) -> BTreeSet<usize> {
        let there: Vec<Uploaded<'_>> = releases.iter().enumerate().filter_map(Uploaded::of).collect();
        let days = self.days(&there);
        let mut picked: BTreeSet<usize> =
            days.iter().flat_map(|day| [stood(&there, *day, false), stood(&there, *day, true)]).flatten().collect();
        if self.of == Period::Every {
            let is_in = |one: &&Uploaded<'_>| self.since.is_none_or(|since| one.first >= since);
            picked.extend(there.iter().filter(is_in).map(|one| one.at));
            // Without a time of upload it cannot be told to be older.
            let told = |at: &usize| there.iter().all(|one| one.at != *at) && !releases[*at].files.is_empty();
            picked.extend((0..releases.len()).filter(told));
        }
        picked
    }

    /// The days that are asked about: ends of periods in which something was uploaded, and the first day of all.
    fn days(self, there: &[Uploaded<'_>]) -> BTreeSet<NaiveDate> {
        let is_in = |day: &NaiveDate| self.since.is_none_or(|since| *day >= since);
        let ends = there.iter().map(|one| self.of.end(one.first)).filter(is_in);
        ends.filter(|_| self.of != Period::Every).chain(self.since).collect()
    }
}

/// The release that stood at the end of a day.
fn stood(there: &[Uploaded<'_>], day: NaiveDate, yanks_count: bool) -> Option<usize> {
    let claim = |one: &&Uploaded<'_>| {
        Claim::of(true, yanks_count && one.release.is_yanked(), one.release.version.is_prerelease())
    };
    there.iter().filter(|one| one.first <= day).max_by_key(claim).map(|one| one.at)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::judge::tests::{file, page};
    use crate::releases::releases;

    /// The versions that are read. Each release is `version day`, `yanked!version day` where it is yanked.
    fn read(policy: &str, made: &[&str]) -> Vec<String> {
        let files = made.iter().map(|text| {
            let (name, day) = text.split_once(' ').expect("a version and a day");
            let (mark, version) = name.split_once('!').unwrap_or(("", name));
            let mut file = file(&format!("{mark}{}demo-{version}.tar.gz", if mark.is_empty() { "" } else { "!" }));
            file.uploaded_at = (day != "-").then(|| format!("{day}T12:00:00Z").parse().expect("a day"));
            file
        });
        let mut page = page("demo", &[], &[]);
        page.files = files.collect();
        let releases = releases(&"demo".parse().expect("a name"), page);
        let policy: History = policy.parse().expect("a policy");
        policy.picked(&releases).into_iter().map(|at| releases[at].version.to_string()).collect()
    }

    const RELEASES: [&str; 7] = [
        "1.0 2023-01-10",
        "1.1 2023-02-20",
        "1.2 2023-03-31",
        "2.0rc1 2023-05-01",
        "2.0 2023-10-05",
        "1.3 2023-12-20",
        "2.1 2024-02-01",
    ];

    #[test]
    fn the_last_of_each_quarter_or_year_is_what_stood_at_its_end() {
        assert_eq!(read("quarter", &RELEASES), ["1.2", "2.0", "2.1"], "a release candidate never stood");
        assert_eq!(read("year", &RELEASES), ["2.0", "2.1"], "1.3 came later and stood never");
        assert_eq!(read("every", &RELEASES).len(), 7);
    }

    #[test]
    fn since_a_day_means_what_stood_then_and_what_came_later() {
        assert_eq!(read("quarter since 2023-06-01", &RELEASES), ["1.2", "2.0", "2.1"]);
        assert_eq!(read("quarter since 2023-11-01", &RELEASES), ["2.0", "2.1"]);
        assert_eq!(read("every since 2023-11-01", &RELEASES), ["1.3", "2.0", "2.1"]);
        assert_eq!(read("year since 2030-01-01", &RELEASES), ["2.1"]);
        assert_eq!(read("year since 2020-01-01", &RELEASES), ["2.0", "2.1"]);
    }

    #[test]
    fn what_is_yanked_now_is_read_beside_what_stands_without_it() {
        let made = ["1.0 2023-01-10", "yanked!1.1 2023-02-20", "2.0 2023-06-01"];
        assert_eq!(read("quarter", &made), ["1.0", "1.1", "2.0"]);
        let alone = ["yanked!1.0 2023-01-10", "1.1rc1 2023-02-01"];
        assert_eq!(read("quarter", &alone), ["1.0", "1.1rc1"]);
    }

    #[test]
    fn a_prerelease_is_read_where_nothing_else_stood_and_releases_without_a_day_only_with_every_one() {
        assert_eq!(read("year", &["1.0rc1 2022-05-01", "1.0 2023-01-10"]), ["1.0rc1", "1.0"]);
        assert_eq!(read("quarter", &["1.0 -", "1.1 2023-01-10"]), ["1.1"]);
        assert_eq!(read("every", &["1.0 -", "1.1 2023-01-10"]), ["1.0", "1.1"]);
        assert_eq!(read("quarter", &[]), Vec::<String>::new());
    }

    #[test]
    fn policies_read_back_from_their_text() {
        for text in ["every", "quarter since 2023-01-01", "year"] {
            assert_eq!(text.parse::<History>().map(|history| history.to_string()).as_deref(), Ok(text));
        }
        for wrong in ["", "month", "quarter since", "year since 2023", "every since x"] {
            assert!(wrong.parse::<History>().is_err(), "{wrong}");
        }
    }

    #[test]
    fn periods_end_on_their_last_day() {
        let end = |of: Period, day: &str| of.end(day.parse().expect("a day")).to_string();
        assert_eq!(end(Period::Quarter, "2024-01-01"), "2024-03-31");
        assert_eq!(end(Period::Quarter, "2024-12-31"), "2024-12-31");
        assert_eq!(end(Period::Year, "2024-02-29"), "2024-12-31");
    }
}

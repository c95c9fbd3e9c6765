//! A project: which of its releases stood for it on a day.

use chrono::NaiveDate;

use crate::{Month, Release, Switch};

/// A project and everything that is known of its past.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Project {
    /// Its normalised name.
    pub name: Box<str>,
    /// When the survey read its page first: what was before is known as it was still visible then.
    pub first_seen: NaiveDate,
    /// It is gone from the index or quarantined, as far as was seen.
    pub away: Switch,
    /// Lowest version first.
    pub releases: Vec<Release>,
    /// Its places in lists of downloads, oldest month first.
    pub downloads: Vec<Downloads>,
}

/// A project's place in the list of downloads of a month.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Downloads {
    /// The list's month.
    pub month: Month,
    /// From 1.
    pub rank: u32,
    /// As the list says.
    pub downloads: u64,
}

impl Project {
    /// The release that stood for it at the end of a day, by its place.
    pub fn stood(&self, day: NaiveDate) -> Option<usize> {
        if self.away.is_on(day) {
            return None;
        }
        let claims = self.releases.iter().enumerate().filter_map(|(at, release)| Some((release.claim(day)?, at)));
        claims.max().map(|(_, at)| at)
    }

    /// When its first file was uploaded.
    pub fn first_upload(&self) -> Option<NaiveDate> {
        self.releases.iter().map(|release| release.uploaded).min()
    }

    /// Its place in the list of a month.
    pub(crate) fn downloads_in(&self, month: Month) -> Option<&Downloads> {
        self.downloads.iter().find(|downloads| downloads.month == month)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::trends::made::{day, project, release};

    /// For each day the place of the release that stood.
    fn stood(project: &Project, days: &[&str]) -> Vec<Option<usize>> {
        days.iter().map(|text| project.stood(day(text))).collect()
    }

    #[test]
    fn the_highest_final_release_of_the_day_stands_and_a_late_upload_of_a_lower_one_does_not() {
        let made = project(vec![
            release(1, "2020-01-10"),
            release(2, "2021-06-01"),
            Release { is_prerelease: true, ..release(3, "2021-03-01") },
            release(4, "2021-03-05"),
        ]);
        let days = ["2020-01-09", "2020-01-10", "2021-03-01", "2021-03-05", "2021-06-01"];
        assert_eq!(stood(&made, &days), [None, Some(0), Some(0), Some(3), Some(3)]);
    }

    #[test]
    fn a_prerelease_stands_until_a_final_one_comes_and_a_yanked_one_where_nothing_else_is() {
        let yanked = |from: &str| Switch::of([(day(from), true)]);
        let made = project(vec![
            Release { is_prerelease: true, ..release(1, "2020-01-01") },
            Release { yanked: yanked("2020-07-01"), ..release(2, "2020-05-01") },
        ]);
        let days = ["2020-01-01", "2020-05-01", "2020-06-30", "2020-07-01"];
        assert_eq!(stood(&made, &days), [Some(0), Some(1), Some(1), Some(0)]);
        let alone = project(vec![Release { yanked: yanked("2020-07-01"), ..release(2, "2020-05-01") }]);
        assert_eq!(stood(&alone, &["2020-06-01", "2020-07-02"]), [Some(0), Some(0)]);
    }

    #[test]
    fn what_was_deleted_stood_until_then_and_a_project_that_is_away_has_none() {
        let gone = Switch::of([(day("2020-09-01"), true), (day("2020-11-01"), false)]);
        let mut made = project(vec![release(1, "2020-01-01"), Release { gone, ..release(2, "2020-05-01") }]);
        let days = ["2020-08-31", "2020-09-01", "2020-11-01"];
        assert_eq!(stood(&made, &days), [Some(1), Some(0), Some(1)]);
        made.away = Switch::of([(day("2020-10-01"), true)]);
        assert_eq!(stood(&made, &days), [Some(1), Some(0), None]);
    }
}

//! A release: since when it is there, and what is known of it.

use analyzer::WheelTag;
use chrono::NaiveDate;

use crate::{Facts, Switch, Told};

/// A release of a project.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Release {
    /// Whoever holds the releases knows this one by it.
    pub id: i64,
    /// When its first file was uploaded.
    pub uploaded: NaiveDate,
    /// An alpha, beta, candidate or development release.
    pub is_prerelease: bool,
    /// All its files are yanked, as far as was seen: a yank of unknown time counts from the day that it was seen first.
    pub yanked: Switch,
    /// It is gone from the index, as far as was seen.
    pub gone: Switch,
    /// When its first sdist was uploaded.
    pub sdist: Option<NaiveDate>,
    /// When the sdist that is read was uploaded.
    pub selected: Option<NaiveDate>,
    /// How far the reading of it came.
    pub step: Step,
    /// When its first wheel with each tag was uploaded.
    pub tags: TagDates,
    /// Its report, if it has one of the current analyzer.
    pub told: Option<Told>,
}

/// Steps of the denominator chain.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Step {
    /// It has files.
    Files,
    /// One is an sdist.
    Sdist,
    /// It was selected to be read.
    Selected,
    /// Its bytes are here.
    Fetched,
    /// It could be read.
    Readable,
    /// It has native source.
    Native,
}

impl Step {
    /// Every one, in the order of the chain.
    pub const ALL: [Self; 6] = [Self::Files, Self::Sdist, Self::Selected, Self::Fetched, Self::Readable, Self::Native];
}

/// What the tag of a wheel may promise.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Tag {
    /// `abi3`.
    Abi3,
    /// `abi3t`, alone or as `abi3.abi3t`.
    Abi3t,
    /// One version of CPython without the GIL, such as `cp313t`.
    FreeThreaded,
}

impl Tag {
    /// Every one.
    pub const ALL: [Self; 3] = [Self::Abi3, Self::Abi3t, Self::FreeThreaded];

    /// The word in addresses and formats.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Abi3 => "abi3",
            Self::Abi3t => "abi3t",
            Self::FreeThreaded => "free-threaded",
        }
    }

    /// Those of a wheel.
    pub fn of_wheel(tag: &WheelTag) -> impl Iterator<Item = Self> {
        let free_threaded = tag.is_free_threaded().then_some(Self::FreeThreaded);
        tag.abis().map(Self::of).chain(free_threaded)
    }

    /// Its bit.
    pub(crate) const fn bit(self) -> u8 {
        1 << self as u8
    }
}

/// For each of [`Tag::ALL`] the days on which a release has a wheel with it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct TagDates([Option<Days>; 3]);

/// From one day on, and before another if there is an end to it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Days {
    since: NaiveDate,
    gone: Option<NaiveDate>,
}

impl TagDates {
    /// A wheel that was uploaded on a day has this tag; on the day `gone` it was seen to be gone, if it is. While any of
    /// several is there the release has the tag, from the first to the last.
    pub fn add(&mut self, tag: Tag, since: NaiveDate, gone: Option<NaiveDate>) {
        let days = &mut self.0[tag as usize];
        *days = Some(match *days {
            None => Days { since, gone },
            Some(known) => {
                Days { since: known.since.min(since), gone: known.gone.zip(gone).map(|(one, other)| one.max(other)) }
            }
        });
    }

    /// The tags that it has at the end of a day, as bits.
    pub(crate) fn on(&self, day: NaiveDate) -> u8 {
        let has = |tag: &Tag| {
            self.0[*tag as usize].is_some_and(|days| days.since <= day && days.gone.is_none_or(|gone| day < gone))
        };
        Tag::ALL.into_iter().filter(has).fold(0, |bits, tag| bits | tag.bit())
    }
}

/// How good a release's claim is to stand for its project; the best of the highest version does. The rule of the index's
/// clients: the highest final release that is not yanked, else the highest pre-release, else the highest yanked one; and
/// one without files only where no release has any.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Claim {
    has_files: bool,
    is_usable: bool,
    is_settled: bool,
}

impl Claim {
    /// Of a release with files or without, of which all are yanked or not.
    pub const fn of(has_files: bool, is_yanked: bool, is_prerelease: bool) -> Self {
        Self { has_files, is_usable: !is_yanked, is_settled: !is_yanked && !is_prerelease }
    }
}

impl Release {
    /// What its report says.
    pub fn facts(&self) -> Option<&Facts> {
        self.told.as_ref().map(|told| &*told.facts)
    }

    /// Its claim at the end of a day; `None`: it was not there.
    pub(crate) fn claim(&self, day: NaiveDate) -> Option<Claim> {
        let is_there = self.uploaded <= day && !self.gone.is_on(day);
        is_there.then(|| Claim::of(true, self.yanked.is_on(day), self.is_prerelease))
    }

    /// How far it came in the chain by what was uploaded until the end of a day.
    pub(crate) fn reached(&self, day: NaiveDate) -> Step {
        if self.selected.is_some_and(|selected| selected <= day) {
            self.step
        } else if self.sdist.is_some_and(|sdist| sdist <= day) {
            Step::Sdist
        } else {
            Step::Files
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::trends::made::day;

    #[test]
    fn a_tag_holds_from_the_first_wheel_to_the_day_the_last_was_gone() {
        let mut dates = TagDates::default();
        dates.add(Tag::Abi3, day("2024-02-01"), Some(day("2024-05-01")));
        dates.add(Tag::Abi3, day("2024-01-01"), Some(day("2024-03-01")));
        dates.add(Tag::Abi3t, day("2024-01-01"), Some(day("2024-03-01")));
        dates.add(Tag::Abi3t, day("2024-02-01"), None);
        let on = |text| dates.on(day(text));
        let (abi3, both) = (Tag::Abi3.bit(), Tag::Abi3.bit() | Tag::Abi3t.bit());
        assert_eq!(
            [on("2023-12-31"), on("2024-01-01"), on("2024-04-30"), on("2024-05-01")],
            [0, both, both, both - abi3]
        );
    }
}

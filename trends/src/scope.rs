//! Which projects are counted.

use std::fmt;
use std::str::FromStr;

use chrono::NaiveDate;

use crate::Toolchain;

/// A part of the projects. All but cohorts move: on each day those count that belong to it on that day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Scope {
    /// Every project.
    All,
    /// Those that were there when a year began: the same ones on every day.
    Cohort(i32),
    /// Those made with something.
    Toolchain(Toolchain),
    /// Those of a band of the list of downloads.
    Band(Band),
    /// Those of an age.
    Age(Age),
}

/// A band of the list of downloads of the month.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Band {
    /// Ranks 1 to 1,000.
    Top1000,
    /// Ranks 1,001 to 5,000.
    Top5000,
    /// Ranks 5,001 to 15,000.
    Top15000,
    /// Further down, or not in the list.
    Rest,
}

/// Time since a project's first upload.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Age {
    /// Less than a year.
    First,
    /// One year and more.
    Young,
    /// Three years and more.
    Settled,
    /// Six years and more.
    Old,
    /// Ten years and more.
    Oldest,
}

impl Band {
    /// Every one, best first.
    pub const ALL: [Self; 4] = [Self::Top1000, Self::Top5000, Self::Top15000, Self::Rest];

    /// Of a rank, from 1.
    pub fn of(rank: Option<u32>) -> Self {
        match rank {
            Some(..=1000) => Self::Top1000,
            Some(..=5000) => Self::Top5000,
            Some(..=15_000) => Self::Top15000,
            _ => Self::Rest,
        }
    }

    /// The word in addresses and formats.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Top1000 => "1-1000",
            Self::Top5000 => "1001-5000",
            Self::Top15000 => "5001-15000",
            Self::Rest => "rest",
        }
    }
}

impl Age {
    /// Every one, youngest first.
    pub const ALL: [Self; 5] = [Self::First, Self::Young, Self::Settled, Self::Old, Self::Oldest];

    /// At the end of `day`, of a project whose first file was uploaded on `first`.
    pub fn on(day: NaiveDate, first: NaiveDate) -> Self {
        match day.years_since(first).unwrap_or(0) {
            0 => Self::First,
            1..3 => Self::Young,
            3..6 => Self::Settled,
            6..10 => Self::Old,
            _ => Self::Oldest,
        }
    }

    /// The word in addresses and formats: years, from and below.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::First => "0-1",
            Self::Young => "1-3",
            Self::Settled => "3-6",
            Self::Old => "6-10",
            Self::Oldest => "10-",
        }
    }
}

impl Scope {
    /// Those that move, all projects first.
    pub fn moving() -> impl Iterator<Item = Self> {
        let toolchains = Toolchain::ALL.iter().map(|toolchain| Self::Toolchain(*toolchain));
        let (bands, ages) = (Band::ALL.into_iter().map(Self::Band), Age::ALL.into_iter().map(Self::Age));
        std::iter::once(Self::All).chain(toolchains).chain(bands).chain(ages)
    }
}

impl fmt::Display for Scope {
    /// The word in addresses and formats: `all`, `cohort:2024`, `toolchain:cython`, `rank:1-1000`, `age:0-1`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::All => f.write_str("all"),
            Self::Cohort(year) => write!(f, "cohort:{year}"),
            Self::Toolchain(toolchain) => write!(f, "toolchain:{}", toolchain.as_str()),
            Self::Band(band) => write!(f, "rank:{}", band.as_str()),
            Self::Age(age) => write!(f, "age:{}", age.as_str()),
        }
    }
}

/// The text names no part of the projects.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is no part of the projects: all, cohort:YEAR, toolchain:NAME, rank:FROM-TO, age:FROM-TO")]
pub struct NotAScope(pub String);

impl FromStr for Scope {
    type Err = NotAScope;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let cohort = text.strip_prefix("cohort:").and_then(|year| year.parse().ok()).map(Self::Cohort);
        cohort
            .or_else(|| Self::moving().find(|scope| scope.to_string() == text))
            .ok_or_else(|| NotAScope(text.to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_scope_reads_back_from_its_word() {
        for scope in Scope::moving().chain([Scope::Cohort(2024)]) {
            assert_eq!(scope.to_string().parse(), Ok(scope));
        }
        for wrong in ["", "cohort:", "cohort:x", "rank:1-2", "cython"] {
            assert!(wrong.parse::<Scope>().is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_birthday_begins_the_next_age() {
        let day = |text: &str| text.parse::<NaiveDate>().expect("a day");
        let age = |text| Age::on(day(text), day("2020-05-17"));
        assert_eq!([age("2020-05-17"), age("2021-05-16"), age("2021-05-17")], [Age::First, Age::First, Age::Young]);
        assert_eq!([age("2026-05-16"), age("2026-05-17"), age("2030-05-17")], [Age::Settled, Age::Old, Age::Oldest]);
    }
}

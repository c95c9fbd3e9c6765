//! A series: one figure over the months, each with what it is out of.

use chrono::NaiveDate;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// How many projects something is true of, month by month.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Series {
    /// What is counted: `verdict:abi3-3.11:no-blocker`.
    pub subject: String,
    /// Which projects: `all`, `cohort:2024`, `toolchain:cython`, `rank:1-1000`, `age:0-1`.
    pub scope: String,
    /// The day on which the survey began to look. What a point before it says is as was still visible then: what had been
    /// deleted by then is not in it, and nothing was yanked.
    pub observed_from: Option<NaiveDate>,
    /// Oldest first: the end of each month, and the last day that is known.
    pub points: Vec<Point>,
}

/// A figure on one day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Point {
    /// At the end of this day.
    pub on: NaiveDate,
    /// Projects that it is true of.
    pub projects: i64,
    /// Their downloads in a month; absent without a list of downloads.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub downloads: Option<i64>,
    /// The downloads of all projects with native source that day, in the same list.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub native_downloads: Option<i64>,
    /// The month of that list: the last one up to this day that is held, else the oldest.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub downloads_of: Option<String>,
    /// What it is out of.
    pub chain: Chain,
}

/// The denominator chain of a day: each step counts only projects that were counted in the step before.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Chain {
    /// Projects with files on that day.
    pub with_files: i64,
    /// Whose release of that day had an sdist by then.
    pub with_sdist: i64,
    /// Whose sdist was selected to be read.
    pub selected: i64,
    /// Whose sdist was fetched.
    pub fetched: i64,
    /// Whose sdist could be read, by this analyzer.
    pub readable: i64,
    /// With native source in it.
    pub with_native: i64,
    /// With a verdict other than `undecided`; absent where the series is about no target.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub decided: Option<i64>,
    /// Of those with files, those whose pages the survey had read by that day.
    pub observed: i64,
}

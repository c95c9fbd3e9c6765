//! How much of the past is read.

use clap::{Args, ValueEnum};

/// Which old releases are read.
#[derive(Debug, Clone, Copy, Args)]
pub struct HistoryArgs {
    /// Read old releases, too, for trends: every one, or what stood at the end of each quarter or year
    #[arg(long, value_enum, value_name = "WHICH", num_args = 0..=1, require_equals = true, default_missing_value = "quarter")]
    history: Option<HistoryPeriod>,
    /// Of old releases only those that stood on this day or later, such as 2023-01-01
    #[arg(long, value_name = "DAY", requires = "history")]
    since: Option<chrono::NaiveDate>,
}

/// Which old releases.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum HistoryPeriod {
    /// Every release; those that left their sources as they were are not analysed again (also: changed)
    #[value(alias = "changed")]
    Every,
    /// What stood at the end of each quarter
    Quarter,
    /// What stood at the end of each year
    Year,
}

impl HistoryArgs {
    /// The policy; `None`: only the release that stands for a project is read.
    pub fn policy(self) -> Option<crawler::History> {
        let of = match self.history? {
            HistoryPeriod::Every => crawler::Period::Every,
            HistoryPeriod::Quarter => crawler::Period::Quarter,
            HistoryPeriod::Year => crawler::Period::Year,
        };
        Some(crawler::History { of, since: self.since })
    }
}

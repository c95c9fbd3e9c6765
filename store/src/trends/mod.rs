//! How every figure moved, in memory: the past of every project, counted by [`trends::Trends`].
//!
//! `load` decides what is read and counts it, `read` reads what projects looked like on which day, `facts` derives what counts
//! of a report and keeps it in the database, `ask` answers. A day's work costs what the projects cost that it was about.

mod ask;
mod facts;
mod load;
mod read;

use std::sync::Arc;

use chrono::{DateTime, Utc};
use trends::{Trends, Words};

pub use ask::{TrendChange, TrendChanges, TrendMark, TrendRange};
pub(crate) use facts::facts_derived;

use crate::keep::{Keeper, Memory};
use crate::{Error, Store};

/// The past of every project, at one data version.
#[derive(Debug, Clone)]
pub(crate) struct Past {
    data_version: i64,
    /// By the database's clock, when it was read: what was written since is read again.
    read_at: DateTime<Utc>,
    /// What the projects come to.
    pub(crate) trends: Trends,
    /// Names of structures and items, by number.
    pub(crate) words: Words,
    /// Ids of items, by number.
    item_ids: Vec<i32>,
    /// Since when the answers of each analyzer are held, oldest first.
    pub(crate) marks: Vec<TrendMark>,
}

impl Memory for Past {
    const WHAT: &'static str = "past";

    fn data_version(&self) -> i64 {
        self.data_version
    }

    fn projects(&self) -> usize {
        self.trends.projects().count()
    }

    fn keeper(store: &Store) -> &Keeper<Self> {
        &store.trends
    }

    fn read(store: &Store, before: Option<Arc<Self>>) -> impl Future<Output = Result<Self, Error>> + Send {
        store.load_past(before)
    }
}

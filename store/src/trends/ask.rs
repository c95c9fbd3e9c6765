//! What is asked of trends.

use std::collections::{HashMap, HashSet};

use chrono::NaiveDate;
use futures_util::TryStreamExt as _;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use sqlx::{query, query_scalar};
use trends::{Change, Month, Scope, Series, Subject};

use super::Past;
use super::facts::unpacked;
use crate::blocking::compute;
use crate::{Error, Store};

/// What there is to ask for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct TrendRange {
    /// The end of the first month that is counted.
    pub first: NaiveDate,
    /// The last day that is known.
    pub until: NaiveDate,
    /// The day on which the survey began to look.
    pub observed_from: Option<NaiveDate>,
    /// The years at whose beginning there is a cohort.
    pub years: Vec<i32>,
    /// Structures that any project ever touched itself, by name.
    pub structures: Vec<String>,
}

/// Since when an analyzer's answers are held: what changed then may be the rules. Every point of a series is of the current
/// one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct TrendMark {
    /// The day of its first answer.
    pub on: NaiveDate,
    /// Version of the rules.
    pub analyzer_version: String,
    /// Version of the C-API data.
    pub capi_version: String,
}

/// Who made a series move between the ends of two months, by name.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, JsonSchema)]
pub struct TrendChanges {
    /// Projects that count at the end of the last month and did not at that of the first.
    pub entered: Vec<TrendChange>,
    /// Projects that counted at the end of the first month and do not at that of the last.
    pub left: Vec<TrendChange>,
    /// Projects that count at one of them, and at the other stood by a release that was not read: what they did is not known.
    pub unread: Vec<TrendChange>,
}

/// A project that came or went.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct TrendChange {
    /// Its name.
    pub project: String,
    /// The version that stood at the end of the first month, if any did.
    pub before: Option<String>,
    /// The version that stands at the end of the last month, if any does.
    pub now: Option<String>,
}

impl Store {
    pub(crate) async fn past(&self) -> Result<std::sync::Arc<Past>, Error> {
        self.remembered().await
    }

    pub(crate) async fn newest_past(&self) -> Result<std::sync::Arc<Past>, Error> {
        self.remembered_newest().await
    }

    /// Reads the past of every project, as new as it is, however long that takes.
    pub async fn trends_read(&self) -> Result<(), Error> {
        self.newest_past().await.map(drop)
    }

    /// A series. One of an item in a part of the projects is counted now, from the reports of its members.
    pub async fn series(&self, subject: &Subject, scope: Scope) -> Result<Series, Error> {
        let past = self.past().await?;
        if let Some(known) = past.trends.series(subject, scope) {
            return Ok(known);
        }
        let members = compute(|| past.trends.members(scope));
        let users = self.users_among(&members.reports(), subject).await?;
        Ok(compute(|| members.series(subject, &users)))
    }

    /// What there is to ask for.
    pub async fn trend_range(&self) -> Result<TrendRange, Error> {
        let past = self.past().await?;
        let months = past.trends.months();
        let mut structures: Vec<String> = past.words.structure_names().cloned().collect();
        structures.sort_unstable();
        Ok(TrendRange {
            first: months.day(0),
            until: months.until(),
            observed_from: past.trends.observed_from(),
            years: past.trends.years().collect(),
            structures,
        })
    }

    /// Who made a series move from the end of the month `after` to that of `until`; `None`: that is not among those that
    /// are counted, or nobody ever used the item or structure.
    pub async fn trend_changes(
        &self,
        subject: &Subject,
        scope: Scope,
        between: (Month, Month),
    ) -> Result<Option<TrendChanges>, Error> {
        let past = self.past().await?;
        let users = match subject {
            Subject::Item(..) => self.users_among(&past.trends.reports_that_moved(between), subject).await?,
            _ => HashSet::new(),
        };
        let Some(changes) = past.trends.changes(subject, scope, between, &users) else { return Ok(None) };
        let all = || changes.entered.iter().chain(&changes.left).chain(&changes.unread);
        let ids: Vec<i64> = all().flat_map(|change| [change.before, change.now]).flatten().collect();
        let rows = query!("SELECT id, version FROM releases WHERE id = ANY ($1)", &ids).fetch_all(&self.pool).await?;
        let versions: HashMap<i64, String> = rows.into_iter().map(|row| (row.id, row.version)).collect();
        let told = |changes: &[Change]| changes.iter().map(|change| told(change, &versions)).collect();
        Ok(Some(TrendChanges {
            entered: told(&changes.entered),
            left: told(&changes.left),
            unread: told(&changes.unread),
        }))
    }

    /// Those of some reports whose code uses the item that a subject is, tests and documents apart.
    async fn users_among(&self, reports: &[i32], subject: &Subject) -> Result<HashSet<i32>, Error> {
        let Subject::Item(kind, name) = subject else { return Ok(HashSet::new()) };
        let item = query_scalar!("SELECT id FROM items WHERE kind = $1 AND name = $2", kind.as_str(), name);
        let Some(item) = item.fetch_optional(&self.pool).await? else { return Ok(HashSet::new()) };
        // Not the uses themselves: those are a hundred times as many bytes.
        let mut rows =
            query!("SELECT report_id, items FROM report_facts WHERE report_id = ANY ($1)", reports).fetch(&self.pool);
        let mut users = HashSet::new();
        while let Some(row) = rows.try_next().await? {
            if unpacked(&row.items).take_while(|used| *used <= item).any(|used| used == item) {
                users.insert(row.report_id);
            }
        }
        Ok(users)
    }

    /// Since when the answers of each analyzer are held, oldest first.
    pub async fn trend_marks(&self) -> Result<Vec<TrendMark>, Error> {
        Ok(self.past().await?.marks.clone())
    }

    pub(super) async fn marks_read(&self) -> Result<Vec<TrendMark>, Error> {
        let marks = sqlx::query_as!(
            TrendMark,
            r#"SELECT (min(said_at) AT TIME ZONE 'UTC')::date AS "on!", analyzer_version, capi_version
               FROM report_versions GROUP BY analyzer_version, capi_version ORDER BY 1, 2, 3"#
        );
        Ok(marks.fetch_all(&self.pool).await?)
    }
}

fn told(change: &Change, versions: &HashMap<i64, String>) -> TrendChange {
    let version = |id: Option<i64>| versions.get(&id?).cloned();
    TrendChange { project: change.project.to_string(), before: version(change.before), now: version(change.now) }
}

//! Reading the past of projects: of all, or of those that a day's work was about.

use std::collections::HashMap;
use std::sync::Arc;

use chrono::{DateTime, NaiveDate, Utc};
use sqlx::{query, query_scalar};
use trends::{Lists, Month, Months, Trends, Words};

use super::Past;
use super::facts::unpacked;
use super::read::Read;
use crate::blocking::compute;
use crate::{Error, Store, words};

/// Projects that are read and counted at a time. What has to be held of them meanwhile is more than what is kept; and of
/// fewer each read costs as much, as the database goes through all files.
const AT_ONCE: usize = 2500;

/// What was written by transactions that began so long before a read may not have been seen by it.
const OVERLAP: chrono::TimeDelta = chrono::TimeDelta::minutes(15);

impl Store {
    /// Reads what changed since `before`, or everything.
    pub(super) async fn load_past(&self, before: Option<Arc<Past>>) -> Result<Past, Error> {
        let data_version = self.data_version().await?;
        let read_at = self.asked_now().await?;
        let (lists, first) = tokio::try_join!(self.download_lists(), self.first_upload())?;
        let months = Months::new(first.unwrap_or_else(|| read_at.date_naive()), read_at.date_naive());
        let before = before.filter(|before| before.trends.goes_on(months, &lists)).map(Arc::unwrap_or_clone);
        let since = before.as_ref().map(|before| before.read_at - OVERLAP);
        let mut past = before.unwrap_or_else(|| Past::new(Trends::new(months, lists), read_at));
        past.trends.go_on(months);
        (past.data_version, past.read_at) = (data_version, read_at);
        past.marks = self.marks_read().await?;
        let projects = match since {
            Some(since) => self.changed_since(since).await?,
            None => self.every_project().await?,
        };
        if projects.is_empty() {
            return Ok(past);
        }
        self.derive_missing_facts(since).await?;
        self.learn_items(&mut past).await?;
        for some in projects.chunks(AT_ONCE) {
            let mut read = self.pasts_of(some, &mut past.words).await?;
            self.add_items_before(&past, &mut read).await?;
            compute(|| past.counted(read));
        }
        Ok(past)
    }

    /// The month of the first upload is where counting begins.
    async fn first_upload(&self) -> Result<Option<NaiveDate>, Error> {
        let first = query_scalar!("SELECT (min(uploaded_at) AT TIME ZONE 'UTC')::date FROM releases");
        Ok(first.fetch_one(&self.pool).await?)
    }

    async fn download_lists(&self) -> Result<Lists, Error> {
        let months = query_scalar!("SELECT DISTINCT month FROM project_downloads").fetch_all(&self.pool).await?;
        Ok(months.into_iter().map(Month::of).collect())
    }

    async fn every_project(&self) -> Result<Vec<i64>, Error> {
        Ok(query_scalar!("SELECT id FROM projects ORDER BY id").fetch_all(&self.pool).await?)
    }

    /// The projects that anything was written about.
    async fn changed_since(&self, since: DateTime<Utc>) -> Result<Vec<i64>, Error> {
        let ids = query_scalar!(
            r#"SELECT id AS "id!" FROM projects WHERE read_at >= $1
               UNION SELECT project_id FROM seen_changes WHERE seen_at >= $1
               UNION SELECT r.project_id FROM files f JOIN releases r ON r.id = f.release_id WHERE f.fetched_at >= $1
               UNION SELECT r.project_id FROM report_versions said JOIN files f ON f.id = said.file_id
                   JOIN releases r ON r.id = f.release_id WHERE said.said_at >= $1"#,
            since,
        );
        Ok(ids.fetch_all(&self.pool).await?)
    }

    /// Learns the names of CPython that are new.
    async fn learn_items(&self, past: &mut Past) -> Result<(), Error> {
        let last = past.item_ids.last().copied().unwrap_or(i32::MIN);
        let rows = query!(
            "SELECT id, kind, name FROM items WHERE id > $1 AND kind NOT IN ('static-type', 'module-def', 'export-hook')
             ORDER BY id",
            last,
        );
        for row in rows.fetch_all(&self.pool).await? {
            past.item_ids.push(row.id);
            past.words.items.push((words::kind(&row.kind)?, row.name));
        }
        Ok(())
    }

    /// The items of reports that projects had before: what was counted is taken out first.
    async fn add_items_before(&self, past: &Past, read: &mut Read) -> Result<(), Error> {
        let before = read.projects.keys().filter_map(|id| past.trends.project(*id));
        let told = before.flat_map(|project| &project.releases).filter_map(|release| release.told.as_ref());
        let missing: Vec<i32> =
            told.map(|told| told.report).filter(|report| !read.items.contains_key(report)).collect();
        let rows = query!("SELECT report_id, items FROM report_facts WHERE report_id = ANY ($1)", &missing);
        for row in rows.fetch_all(&self.pool).await? {
            read.items.insert(row.report_id, row.items);
        }
        Ok(())
    }
}

impl Past {
    /// Of no project yet.
    fn new(trends: Trends, read_at: DateTime<Utc>) -> Self {
        let (words, item_ids, marks) = (Words::default(), Vec::new(), Vec::new());
        Self { data_version: 0, read_at, trends, words, item_ids, marks }
    }

    fn counted(&mut self, read: Read) {
        self.trends.learn(&self.words);
        let numbers: HashMap<i32, u32> = self.item_ids.iter().copied().zip(0..).collect();
        let number = |bytes: &Vec<u8>| unpacked(bytes).filter_map(|id| numbers.get(&id).copied()).collect::<Vec<u32>>();
        for (id, project) in read.projects {
            let before = self.trends.project(id);
            let releases = before.into_iter().flat_map(|before| &before.releases).chain(&project.releases);
            let reports = releases.filter_map(|release| Some(release.told.as_ref()?.report));
            let items: HashMap<i32, Vec<u32>> =
                reports.filter_map(|report| Some((report, number(read.items.get(&report)?)))).collect();
            self.trends
                .replace(id, Some(Arc::new(project)), &|report| items.get(&report).map_or(&[][..], Vec::as_slice));
        }
    }
}

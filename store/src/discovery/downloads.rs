//! Ranks and download weights from a list of widely used projects.

use chrono::{Datelike, NaiveDate};
use packaging::ProjectName;
use sqlx::query;

use crate::{Error, Store};

/// Rows of one statement.
const BATCH: usize = 10_000;

/// A month of the calendar.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Month(NaiveDate);

impl Month {
    /// The month in which a day lies.
    pub fn of(day: NaiveDate) -> Self {
        // Every month has a first day.
        Self(day.with_day(1).unwrap_or(day))
    }

    /// Its first day.
    pub const fn first_day(self) -> NaiveDate {
        self.0
    }
}

/// A row of a top list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TopRow {
    /// The project.
    pub name: ProjectName,
    /// Its downloads in the list's time.
    pub downloads: u64,
}

impl Store {
    /// Records a top list of `month`, the most downloaded first: its order is the rank. A list of the same month that
    /// was recorded before is replaced. A name given twice counts once, where it stands first.
    pub async fn top_list_recorded(&self, month: Month, rows: &[TopRow]) -> Result<(), Error> {
        let mut tx = self.pool.begin().await?;
        // Two at once would each leave what the other wrote.
        query!("LOCK TABLE project_downloads IN SHARE ROW EXCLUSIVE MODE").execute(&mut *tx).await?;
        query!("DELETE FROM project_downloads WHERE month = $1", month.0).execute(&mut *tx).await?;
        for (batch, rows) in rows.chunks(BATCH).enumerate() {
            let names: Vec<&str> = rows.iter().map(|row| row.name.as_str()).collect();
            let downloads: Vec<i64> = rows.iter().map(|row| i64::try_from(row.downloads).unwrap_or(i64::MAX)).collect();
            query!(
                "INSERT INTO project_downloads (month, name, rank, downloads)
                 SELECT DISTINCT ON (name) $1::date, name, $4::int + place::int, downloads
                 FROM unnest($2::text[], $3::bigint[]) WITH ORDINALITY AS t (name, downloads, place)
                 ORDER BY name, place
                 ON CONFLICT (month, name) DO NOTHING",
                month.0,
                &names as &[&str],
                &downloads,
                i32::try_from(batch * BATCH).unwrap_or(i32::MAX),
            )
            .execute(&mut *tx)
            .await?;
        }
        crate::write::commit(tx).await
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_month_is_its_first_day() {
        let day = NaiveDate::from_ymd_opt(2026, 2, 28).unwrap();
        assert_eq!(Month::of(day).first_day(), NaiveDate::from_ymd_opt(2026, 2, 1).unwrap());
    }
}

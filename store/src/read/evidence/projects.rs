//! Every project with its weight, and the chain.

use capi::{Target, Version};
use sqlx::{query, query_scalar};
use whatif::Project;

use super::Places;
use crate::read::project_name;
use crate::{Error, Store};

impl Store {
    /// Every project by name, and where each row's project is among them.
    pub(super) async fn weighed_projects(&self) -> Result<(Vec<Project>, Places), Error> {
        let rows = query!(
            r#"SELECT s.project_id AS "id!", s.name AS "name!", s.version, s.report_id IS NOT NULL AS "scanned!",
                   d.rank::bigint AS rank, d.downloads AS "downloads?"
               FROM standing($1, $2) s
               LEFT JOIN project_downloads d
                   ON d.name = s.name AND d.month = (SELECT max(month) FROM project_downloads)
               ORDER BY s.name"#,
            analyzer::ANALYZER_VERSION,
            capi::DATA_VERSION,
        )
        .fetch_all(&self.pool)
        .await?;
        let places = rows.iter().enumerate().map(|(place, row)| (row.id, place)).collect();
        let mut projects = Vec::with_capacity(rows.len());
        for row in rows {
            projects.push(Project {
                name: project_name(&row.name)?,
                version: row.version,
                scanned: row.scanned,
                rank: row.rank,
                downloads: row.downloads,
            });
        }
        Ok((projects, places))
    }

    /// The denominator chain in words; `decided` is about the newest abi3.
    pub(super) async fn named_chain(&self) -> Result<Vec<(String, i64)>, Error> {
        let chain = self.standing().await?.chain(Target::Abi3(Version::NEWEST));
        let steps = [
            ("in all", chain.all),
            ("with files", chain.with_files),
            ("with an sdist", chain.with_sdist),
            ("selected", chain.selected),
            ("fetched", chain.fetched),
            ("readable", chain.readable),
            ("with native source", chain.with_native),
        ];
        Ok(steps.map(|(name, n)| (name.to_owned(), n)).into())
    }

    /// `2026-10`; `None` without a list of downloads.
    pub(super) async fn month_of_downloads(&self) -> Result<Option<String>, Error> {
        let month = query_scalar!("SELECT max(month) FROM project_downloads").fetch_one(&self.pool).await?;
        Ok(month.map(|month| month.format("%Y-%m").to_string()))
    }
}

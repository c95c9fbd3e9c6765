//! The search of the header.

use packaging::ProjectName;
use sqlx::{query, query_scalar};

use super::{project_name, projects::normalised};
use crate::{Error, Store, text};

/// A hit of the header's search.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum SearchHit {
    /// A project.
    Project(ProjectName),
    /// An item, with the number of projects that use it.
    Item(String, i64),
}

impl Store {
    /// Projects and items whose names contain `text`, best first, at most `limit` of each: the name itself, names that
    /// start with it, then the shortest.
    pub async fn search(&self, text: &str, limit: i64) -> Result<Vec<SearchHit>, Error> {
        let text = text.trim();
        if text.is_empty() {
            return Ok(Vec::new());
        }
        let mut hits = self.search_projects(text, limit).await?;
        hits.extend(self.search_items(text, limit).await?);
        Ok(hits)
    }

    async fn search_projects(&self, text: &str, limit: i64) -> Result<Vec<SearchHit>, Error> {
        let names = query_scalar!(
            "SELECT name FROM projects WHERE strpos(name, $1) > 0
             ORDER BY name = $1 DESC, strpos(name, $1) = 1 DESC, length(name), name LIMIT $2",
            normalised(text),
            limit,
        )
        .fetch_all(&self.pool)
        .await?;
        names.iter().map(|name| Ok(SearchHit::Project(project_name(name)?))).collect()
    }

    /// The candidates are chosen by their names, and only their users are counted.
    async fn search_items(&self, text: &str, limit: i64) -> Result<Vec<SearchHit>, Error> {
        let rows = query!(
            r#"WITH candidate AS (
                SELECT name, array_agg(id) AS ids FROM items
                WHERE strpos(lower(name), lower($3)) > 0 AND kind NOT IN ('static-type', 'module-def', 'export-hook')
                GROUP BY name
                ORDER BY name = $3 DESC, strpos(lower(name), lower($3)) = 1 DESC, length(name), name
                LIMIT $4
            )
            SELECT c.name, (
                SELECT count(DISTINCT u.report_id) FROM uses u JOIN standing($1, $2) s ON s.report_id = u.report_id
                WHERE u.item_id = ANY (c.ids)
            ) AS "projects!"
            FROM candidate c
            ORDER BY c.name = $3 DESC, strpos(lower(c.name), lower($3)) = 1 DESC, length(c.name), c.name"#,
            analyzer::ANALYZER_VERSION,
            capi::DATA_VERSION,
            &*text::clean(text),
            limit,
        )
        .fetch_all(&self.pool)
        .await?;
        Ok(rows.into_iter().map(|row| SearchHit::Item(row.name, row.projects)).collect())
    }
}

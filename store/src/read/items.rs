//! The list of items.

use analyzer::Kind;
use sqlx::query;

use super::{Paged, ROWS, offset};
use crate::{Error, Store, text, words};

/// An item with how far it is spread.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct ItemHit {
    /// `PyTuple_GET_SIZE`, `PyFrameObject.f_code`.
    pub item: String,
    /// The kind of finding.
    pub kind: Kind,
    /// Projects with a site.
    pub projects: i64,
    /// Sites in all.
    pub sites: i64,
}

impl Store {
    /// Items of the survey, most projects first; 50 a page; only those whose name contains `search`, in any case.
    pub async fn items(&self, search: Option<&str>, kind: Option<Kind>, page: u32) -> Result<Paged<ItemHit>, Error> {
        let search = search.map(text::clean);
        let kind = kind.map(Kind::as_str);
        let rows = query!(
            r#"WITH now AS MATERIALIZED (SELECT report_id FROM standing($1, $2)),
               per_project AS (
                   SELECT u.item_id, u.report_id, sum(u.sites) AS sites
                   FROM now JOIN uses u ON u.report_id = now.report_id GROUP BY u.item_id, u.report_id
               ),
               spread AS (SELECT item_id, count(*) AS projects, sum(sites)::bigint AS sites FROM per_project GROUP BY item_id),
               found AS (
                   SELECT i.name, i.kind, s.projects, s.sites FROM spread s JOIN items i ON i.id = s.item_id
                   WHERE ($3::text IS NULL OR strpos(lower(i.name), lower($3)) > 0) AND ($4::text IS NULL OR i.kind = $4)
               )
               SELECT all_of.n AS "total!", page.name AS "name?", page.kind AS "kind?", page.projects AS "projects?",
                   page.sites AS "sites?"
               FROM (SELECT count(*) AS n FROM found) all_of
               LEFT JOIN LATERAL (
                   SELECT * FROM found ORDER BY projects DESC, sites DESC, name, kind LIMIT $5 OFFSET $6) page ON true
               ORDER BY page.projects DESC, page.sites DESC, page.name, page.kind"#,
            analyzer::ANALYZER_VERSION,
            capi::DATA_VERSION,
            search.as_deref(),
            kind,
            ROWS,
            offset(page),
        )
        .fetch_all(&self.pool)
        .await?;
        // A page beyond the last has one row, without an item.
        let total = rows.first().map_or(0, |row| row.total);
        let mut hits = Vec::with_capacity(rows.len());
        for row in rows {
            if let (Some(item), Some(kind), Some(projects), Some(sites)) = (row.name, row.kind, row.projects, row.sites)
            {
                hits.push(ItemHit { item, kind: words::kind(&kind)?, projects, sites });
            }
        }
        Ok(Paged { rows: hits, total })
    }
}

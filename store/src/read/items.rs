//! The list of items.

use analyzer::Kind;
use sqlx::{query, query_scalar};

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
        let total = query_scalar!(
            r#"WITH now AS MATERIALIZED (SELECT report_id FROM standing($1, $2))
               SELECT count(*) AS "n!" FROM items i
               WHERE ($3::text IS NULL OR strpos(lower(i.name), lower($3)) > 0) AND ($4::text IS NULL OR i.kind = $4)
                 AND EXISTS (SELECT FROM uses u WHERE u.item_id = i.id AND u.report_id IN (SELECT report_id FROM now))"#,
            analyzer::ANALYZER_VERSION,
            capi::DATA_VERSION,
            search.as_deref(),
            kind,
        )
        .fetch_one(&self.pool)
        .await?;
        let rows = query!(
            r#"WITH now AS MATERIALIZED (SELECT report_id FROM standing($1, $2)),
               per_project AS (
                   SELECT u.item_id, u.report_id, sum(u.sites) AS sites
                   FROM now JOIN uses u ON u.report_id = now.report_id GROUP BY u.item_id, u.report_id
               ),
               spread AS (SELECT item_id, count(*) AS projects, sum(sites)::bigint AS sites FROM per_project GROUP BY item_id)
               SELECT i.name, i.kind, s.projects AS "projects!", s.sites AS "sites!"
               FROM spread s JOIN items i ON i.id = s.item_id
               WHERE ($3::text IS NULL OR strpos(lower(i.name), lower($3)) > 0) AND ($4::text IS NULL OR i.kind = $4)
               ORDER BY s.projects DESC, s.sites DESC, i.name, i.kind LIMIT $5 OFFSET $6"#,
            analyzer::ANALYZER_VERSION,
            capi::DATA_VERSION,
            search.as_deref(),
            kind,
            ROWS,
            offset(page),
        )
        .fetch_all(&self.pool)
        .await?;
        let hit = |kind, item, projects, sites| ItemHit { item, kind, projects, sites };
        let rows = rows.into_iter().map(|row| Ok(hit(words::kind(&row.kind)?, row.name, row.projects, row.sites)));
        Ok(Paged { rows: rows.collect::<Result<_, Error>>()?, total })
    }
}

//! An item's page: who uses it.

use analyzer::Kind;
use capi::{Target, Version};
use packaging::ProjectName;
use sqlx::{query, query_scalar};

use super::{Chain, Paged, ROWS, offset, project_name};
use crate::{Error, Store, text, words};

/// An item and who uses it.
#[derive(Debug, Clone, serde::Serialize)]
pub struct ItemPage {
    /// The item.
    pub item: String,
    /// Projects that use it, by the release that stands for them.
    pub users: Paged<ItemUser>,
    /// The chain: out of how many.
    pub chain: Chain,
}

/// One project that uses an item in one way.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct ItemUser {
    /// The project.
    pub name: ProjectName,
    /// The release.
    pub version: String,
    /// The kind.
    pub kind: Kind,
    /// `read+write`, or empty.
    pub access: String,
    /// `own`, `generated`, …
    pub origin: String,
    /// The generator or vendored project.
    pub origin_by: Option<String>,
    /// When the preprocessor keeps it.
    pub condition: String,
    /// How many sites.
    pub sites: i64,
    /// The first of them, `path:line`.
    pub first_site: String,
}

impl Store {
    /// Who uses `item`, of the kind if one is given; 50 rows a page. `None`: nobody does. The chain's `decided` is
    /// about the newest abi3.
    pub async fn item(&self, item: &str, kind: Option<Kind>, page: u32) -> Result<Option<ItemPage>, Error> {
        let item = text::key(item);
        let kind = kind.map(Kind::as_str);
        let total = query_scalar!(
            r#"SELECT count(*) AS "n!" FROM items i JOIN uses u ON u.item_id = i.id
               JOIN standing($1, $2) s ON s.report_id = u.report_id
               WHERE i.name = $3 AND ($4::text IS NULL OR i.kind = $4)"#,
            analyzer::ANALYZER_VERSION,
            capi::DATA_VERSION,
            &*item,
            kind,
        )
        .fetch_one(&self.pool)
        .await?;
        if total == 0 {
            return Ok(None);
        }
        let rows = self.item_users(&item, kind, page).await?;
        let chain = self.chain(Target::Abi3(Version::NEWEST)).await?;
        Ok(Some(ItemPage { item: item.into_owned(), users: Paged { rows, total }, chain }))
    }

    async fn item_users(&self, item: &str, kind: Option<&str>, page: u32) -> Result<Vec<ItemUser>, Error> {
        let rows = query!(
            r#"SELECT s.name AS "name!", s.version AS "version!", i.kind, u.access, o.class, nullif(o.by, '') AS by,
                   c.condition, u.sites::bigint AS "sites!",
                   coalesce(s.paths[u.first_file + 1], '') AS "path!", u.first_line
               FROM items i JOIN uses u ON u.item_id = i.id
               JOIN standing($1, $2) s ON s.report_id = u.report_id
               JOIN origins o ON o.id = u.origin_id
               JOIN conditions c ON c.id = u.condition_id
               WHERE i.name = $3 AND ($4::text IS NULL OR i.kind = $4)
               ORDER BY s.name, i.kind, u.sites DESC, u.access, o.class, o.by, c.condition, u.probable
               LIMIT $5 OFFSET $6"#,
            analyzer::ANALYZER_VERSION,
            capi::DATA_VERSION,
            item,
            kind,
            ROWS,
            offset(page),
        )
        .fetch_all(&self.pool)
        .await?;
        rows.into_iter()
            .map(|row| {
                Ok(ItemUser {
                    name: project_name(&row.name)?,
                    version: row.version,
                    kind: words::kind(&row.kind)?,
                    access: words::accesses(row.access).to_string(),
                    origin: row.class,
                    origin_by: row.by,
                    condition: row.condition,
                    sites: row.sites,
                    first_site: format!("{}:{}", row.path, row.first_line),
                })
            })
            .collect()
    }
}

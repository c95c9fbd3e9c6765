//! An item's page: who uses it.

use analyzer::Kind;
use capi::{Target, Version};
use packaging::ProjectName;
use sqlx::query;

use super::{Chain, ItemHit, Paged, ROWS, offset, project_name};
use crate::{Error, Store, text, words};

/// An item and who uses it.
#[derive(Debug, Clone, serde::Serialize)]
pub struct ItemPage {
    /// The item.
    pub item: String,
    /// How far each kind of use is spread, most projects first.
    pub kinds: Vec<ItemHit>,
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

/// One kind of use of an item, and its rows in the table of users.
struct OfKind {
    hit: ItemHit,
    rows: i64,
}

impl Store {
    /// Who uses `item`, of the kind if one is given; 50 rows a page. `None`: nobody does. The chain's `decided` is
    /// about the newest abi3.
    pub async fn item(&self, item: &str, kind: Option<Kind>, page: u32) -> Result<Option<ItemPage>, Error> {
        let item = text::key(item);
        let kinds = self.item_kinds(&item).await?;
        let total = kinds.iter().filter(|one| kind.is_none_or(|kind| one.hit.kind == kind)).map(|one| one.rows).sum();
        if total == 0 {
            return Ok(None);
        }
        let rows = self.item_users(&item, kind.map(Kind::as_str), page).await?;
        let chain = self.chain(Target::Abi3(Version::NEWEST)).await?;
        let kinds = kinds.into_iter().map(|one| one.hit).collect();
        Ok(Some(ItemPage { item: item.into_owned(), kinds, users: Paged { rows, total }, chain }))
    }

    async fn item_kinds(&self, item: &str) -> Result<Vec<OfKind>, Error> {
        let rows = query!(
            r#"SELECT i.kind, count(*) AS "rows!", count(DISTINCT u.report_id) AS "projects!",
                   sum(u.sites)::bigint AS "sites!"
               FROM items i JOIN uses u ON u.item_id = i.id
               JOIN standing($1, $2) s ON s.report_id = u.report_id
               WHERE i.name = $3 GROUP BY i.kind ORDER BY 3 DESC, 4 DESC, i.kind"#,
            analyzer::ANALYZER_VERSION,
            capi::DATA_VERSION,
            item,
        )
        .fetch_all(&self.pool)
        .await?;
        rows.into_iter()
            .map(|row| {
                let kind = words::kind(&row.kind)?;
                let hit = ItemHit { item: item.to_owned(), kind, projects: row.projects, sites: row.sites };
                Ok(OfKind { hit, rows: row.rows })
            })
            .collect()
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

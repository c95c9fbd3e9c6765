//! An item's page: who uses it.

use std::cmp::Reverse;

use analyzer::{Kind, Origin};
use capi::{Target, Version};
use packaging::ProjectName;

use super::first_site::Found;
use super::{Chain, ItemHit, Paged, ROWS};
use crate::standing::{Standing, StandingUse};
use crate::{Error, Store, text, words};

/// An item and who uses it.
#[derive(Debug, Clone, serde::Serialize, schemars::JsonSchema)]
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
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, schemars::JsonSchema)]
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
        let standing = self.standing().await?;
        let item = text::key(item);
        let mut items: Vec<u32> = standing.words.named(&item).to_vec();
        items.retain(|item| standing.spread.totals(*item).projects > 0);
        let is_asked = |item: &u32| kind.is_none_or(|kind| standing.kind(*item) == Some(kind));
        let asked: Vec<u32> = items.iter().copied().filter(is_asked).collect();
        if asked.is_empty() {
            return Ok(None);
        }
        let mut kinds: Vec<ItemHit> = items.iter().filter_map(|item| standing.item_hit(*item)).collect();
        kinds.sort_by_key(|hit| (Reverse((hit.projects, hit.sites)), hit.kind.as_str()));
        let total = asked.iter().map(|item| i64::from(standing.spread.totals(*item).rows)).sum();
        let uses = standing.uses_of(asked, page);
        let chain = standing.chain(Target::Abi3(Version::NEWEST));
        let rows = self.users(&standing, &uses).await?;
        Ok(Some(ItemPage { item: item.into_owned(), kinds, users: Paged { rows, total }, chain }))
    }

    /// Uses in words, with the place of the first site of each.
    async fn users(&self, standing: &Standing, uses: &[Found]) -> Result<Vec<ItemUser>, Error> {
        let first_sites = self.first_sites_of(standing, uses).await?;
        let rows = uses.iter().zip(first_sites).filter_map(|(found, first_site)| {
            let (project, words) = (standing.projects.get(found.project)?, &standing.words);
            let origin = words.origins.get(found.row.origin)?;
            Some(ItemUser {
                name: project.name.clone(),
                version: project.version.as_deref().unwrap_or_default().to_owned(),
                kind: standing.kind(found.item)?,
                access: words::accesses(i16::from(found.row.access)).to_string(),
                origin: origin.class.as_str().to_owned(),
                origin_by: origin.by.clone(),
                condition: words.conditions.get(found.row.condition)?.to_string(),
                sites: i64::from(found.row.sites),
                first_site,
            })
        });
        Ok(rows.collect())
    }
}

impl Standing {
    fn kind(&self, item: u32) -> Option<Kind> {
        self.words.items.get(item).map(|word| word.kind)
    }

    /// A page of the uses of items: by project, kind, sites, and then as their words are ordered.
    fn uses_of(&self, mut items: Vec<u32>, page: u32) -> Vec<Found> {
        items.sort_by_key(|item| self.kind(*item).map(Kind::as_str));
        let mut entries: Vec<_> =
            items.iter().flat_map(|item| self.spread.entries(*item).iter().map(|entry| (entry, *item))).collect();
        // Stable: the kinds of a project stay in their order.
        if items.len() > 1 {
            entries.sort_by_key(|(entry, _)| entry.project);
        }
        let (mut before, mut shown) = ((page.max(1) as usize - 1).saturating_mul(ROWS), Vec::new());
        for (entry, item) in entries {
            let rows = entry.len(&self.projects);
            if rows <= before {
                before -= rows;
                continue;
            }
            let mut rows: Vec<StandingUse> = entry.rows(&self.projects).collect();
            rows.sort_by_key(|row| (Reverse(row.sites), row.access, self.words_of(*row), row.probable));
            let found = |row| Found { project: entry.project as usize, item, row };
            shown.extend(rows.into_iter().skip(before).take(ROWS - shown.len()).map(found));
            before = 0;
            if shown.len() == ROWS {
                break;
            }
        }
        shown
    }

    fn words_of(&self, row: StandingUse) -> (Option<&Origin>, Option<&str>) {
        (self.words.origins.get(row.origin), self.words.conditions.get(row.condition).map(|condition| &**condition))
    }
}

//! An item's page: who uses it.

use std::cmp::Reverse;

use analyzer::Kind;
use capi::{Target, Version};
use packaging::ProjectName;

use super::first_site::Found;
use super::release::certainty;
use super::{Chain, ItemHit, Paged, ROWS, Start};
use crate::standing::Standing;
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
    /// `certain`, or `probable`: the type is not proven.
    pub certainty: String,
    /// How many sites.
    pub sites: i64,
    /// The first of them, `path:line`.
    pub first_site: String,
}

/// Where a use stands in the list: by project, then kind, most sites first, then by its words.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, serde::Deserialize, serde::Serialize)]
pub struct UserPlace {
    name: ProjectName,
    kind: String,
    sites: Reverse<i64>,
    access: String,
    origin: (String, Option<String>),
    condition: String,
    certainty: String,
}

impl ItemUser {
    /// Its place.
    pub fn place(&self) -> UserPlace {
        UserPlace {
            name: self.name.clone(),
            kind: self.kind.as_str().to_owned(),
            sites: Reverse(self.sites),
            access: self.access.clone(),
            origin: (self.origin.clone(), self.origin_by.clone()),
            condition: self.condition.clone(),
            certainty: self.certainty.clone(),
        }
    }
}

impl Store {
    /// Who uses `item`, of the kind if one is given. `None`: nobody does. The chain's `decided` is
    /// about the newest abi3.
    pub async fn item(
        &self,
        item: &str,
        kind: Option<Kind>,
        start: &Start<UserPlace>,
    ) -> Result<Option<ItemPage>, Error> {
        let standing = self.standing().await?;
        let item = text::key(item);
        let mut items: Vec<u32> = standing.words.named(&item).collect();
        items.retain(|item| standing.spread.totals(*item).projects > 0);
        let is_asked = |item: &u32| kind.is_none_or(|kind| standing.kind(*item) == Some(kind));
        let asked: Vec<u32> = items.iter().copied().filter(is_asked).collect();
        if asked.is_empty() {
            return Ok(None);
        }
        let mut kinds: Vec<ItemHit> = items.iter().filter_map(|item| standing.item_hit(*item)).collect();
        kinds.sort_by_key(|hit| (Reverse((hit.projects, hit.sites)), hit.kind.as_str()));
        let total = asked.iter().map(|item| i64::from(standing.spread.totals(*item).rows)).sum();
        let uses = standing.uses_of(asked, start);
        let chain = standing.chain(Target::Abi3(Version::NEWEST));
        let rows = self.users(&standing, &uses).await?;
        Ok(Some(ItemPage { item: item.into_owned(), kinds, users: Paged { rows, total }, chain }))
    }

    /// Uses in words, with the place of the first site of each.
    async fn users(&self, standing: &Standing, uses: &[Found]) -> Result<Vec<ItemUser>, Error> {
        let first_sites = self.first_sites_of(standing, uses).await?;
        let in_words = |(found, first_site)| Some(ItemUser { first_site, ..standing.user(found)? });
        Ok(uses.iter().zip(first_sites).filter_map(in_words).collect())
    }
}

impl Standing {
    fn kind(&self, item: u32) -> Option<Kind> {
        self.words.items.get(item).map(|word| word.kind)
    }

    /// A use in words, without the place of its first site.
    fn user(&self, found: &Found) -> Option<ItemUser> {
        let (project, words) = (self.projects.get(found.project)?, &self.words);
        let origin = words.origins.get(found.row.origin)?;
        Some(ItemUser {
            name: project.name.clone(),
            version: project.version.as_deref().unwrap_or_default().to_owned(),
            kind: self.kind(found.item)?,
            access: words::accesses(i16::from(found.row.access)).to_string(),
            origin: origin.class.as_str().to_owned(),
            origin_by: origin.by.clone(),
            condition: words.conditions.get(found.row.condition)?.to_string(),
            certainty: certainty(found.row.probable),
            sites: i64::from(found.row.sites),
            first_site: String::new(),
        })
    }

    /// The asked part of the uses of items, in the order of their places.
    fn uses_of(&self, mut items: Vec<u32>, start: &Start<UserPlace>) -> Vec<Found> {
        items.sort_by_key(|item| self.kind(*item).map(Kind::as_str));
        let mut entries: Vec<_> =
            items.iter().flat_map(|item| self.spread.entries(*item).iter().map(|entry| (entry, *item))).collect();
        // Stable: the kinds of a project stay in their order.
        if items.len() > 1 {
            entries.sort_by_key(|(entry, _)| entry.project);
        }
        let (mut before, wanted, after) = match start {
            Start::Page(page) => (((*page).max(1) as usize - 1).saturating_mul(ROWS), ROWS, None),
            Start::After(after, wanted) => (0, *wanted, after.as_ref()),
        };
        // Of the group that the place is in, the rows after it remain.
        let first = after.map_or(0, |after| {
            entries.partition_point(|(entry, item)| {
                let name = self.projects.get(entry.project as usize).map(|project| &project.name);
                (name, self.kind(*item).map(Kind::as_str)) < (Some(&after.name), Some(after.kind.as_str()))
            })
        });
        let mut shown = Vec::new();
        for (entry, item) in entries.into_iter().skip(first) {
            let rows = entry.len(&self.projects);
            if rows <= before {
                before -= rows;
                continue;
            }
            let found = |row| Found { project: entry.project as usize, item, row };
            let placed = |found: Found| Some((self.user(&found)?.place(), found));
            let mut rows: Vec<(UserPlace, Found)> = entry.rows(&self.projects).map(found).filter_map(placed).collect();
            rows.sort_by(|(one, _), (other, _)| one.cmp(other));
            let rows = rows.into_iter().filter(|(place, _)| after.is_none_or(|after| place > after));
            let room = wanted - shown.len();
            shown.extend(rows.map(|(_, found)| found).skip(before).take(room));
            before = 0;
            if shown.len() == wanted {
                break;
            }
        }
        shown
    }
}

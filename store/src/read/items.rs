//! The list of items.

use std::cmp::Reverse;

use analyzer::Kind;

use super::{Paged, Start, starting_at};
use crate::standing::Standing;
use crate::{Error, Store};

/// An item with how far it is spread.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, schemars::JsonSchema)]
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

/// Where an item stands in the list: most projects first, then most sites, then by name and kind.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, serde::Deserialize, serde::Serialize)]
pub struct ItemPlace {
    spread: Reverse<(i64, i64)>,
    item: String,
    kind: String,
}

impl ItemHit {
    /// Its place.
    pub fn place(&self) -> ItemPlace {
        let spread = Reverse((self.projects, self.sites));
        ItemPlace { spread, item: self.item.clone(), kind: self.kind.as_str().to_owned() }
    }
}

impl Store {
    /// Items of the survey, most projects first; only those whose name contains `search`, in any case.
    pub async fn items(
        &self,
        search: Option<&str>,
        kind: Option<Kind>,
        start: &Start<ItemPlace>,
    ) -> Result<Paged<ItemHit>, Error> {
        let standing = self.standing().await?;
        let places = match search {
            Some(part) => standing.spread.names.containing(part),
            None => (0..standing.spread.order.len()).collect(),
        };
        let items = places.into_iter().filter_map(|place| standing.spread.order.get(place).copied());
        let is_asked =
            |item: &u32| kind.is_none_or(|kind| standing.words.items.get(*item).is_some_and(|item| item.kind == kind));
        let items: Vec<u32> = items.filter(is_asked).collect();
        let is_before =
            |item: &u32, place: &ItemPlace| standing.item_hit(*item).is_some_and(|hit| hit.place() <= *place);
        Ok(starting_at(&items, start, is_before, |item| standing.item_hit(*item)))
    }
}

impl Standing {
    /// How far an item is spread.
    pub(crate) fn item_hit(&self, item: u32) -> Option<ItemHit> {
        let (word, totals) = (self.words.items.get(item)?, self.spread.totals(item));
        Some(ItemHit {
            item: word.name.to_string(),
            kind: word.kind,
            projects: i64::from(totals.projects),
            sites: totals.sites,
        })
    }
}

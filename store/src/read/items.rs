//! The list of items.

use analyzer::Kind;

use super::{Paged, ROWS, paged};
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

impl Store {
    /// Items of the survey, most projects first; 50 a page; only those whose name contains `search`, in any case.
    pub async fn items(&self, search: Option<&str>, kind: Option<Kind>, page: u32) -> Result<Paged<ItemHit>, Error> {
        let standing = self.standing().await?;
        let places = match search {
            Some(part) => standing.spread.names.containing(part),
            None => (0..standing.spread.order.len()).collect(),
        };
        let items = places.into_iter().filter_map(|place| standing.spread.order.get(place).copied());
        let is_asked =
            |item: &u32| kind.is_none_or(|kind| standing.words.items.get(*item).is_some_and(|item| item.kind == kind));
        Ok(paged(items.filter(is_asked), page, ROWS, |item| standing.item_hit(item)))
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

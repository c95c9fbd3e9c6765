//! Which items a question asks for, and of whom.

use std::collections::{BTreeSet, HashSet};

use crate::{Evidence, Hit, Item, Selector, Sought};

/// How an item is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Ask {
    /// Not at all.
    Never,
    /// Of projects that are built for the limited API.
    OfLimited,
    /// Of all.
    OfAll,
}

/// For each item of the evidence how it is asked for, so that this need not be asked for each hit.
pub(super) struct AskedItems<'l> {
    items: Vec<Ask>,
    is_all: bool,
    limited: &'l HashSet<u32>,
}

impl<'l> AskedItems<'l> {
    pub(super) fn of(selectors: &BTreeSet<Selector>, evidence: &Evidence, limited: &'l HashSet<u32>) -> Self {
        // Of whole kinds there may be hundreds of thousands: none of their names is looked up.
        let whole: Vec<Sought> = selectors
            .iter()
            .filter(|selector| selector.item.is_none() && !selector.limited_only)
            .map(|selector| selector.kind)
            .collect();
        let asked = |item: &Item| if whole.contains(&item.kind) { Ask::OfAll } else { ask(item, selectors) };
        let items: Vec<Ask> = evidence.items.iter().map(asked).collect();
        Self { is_all: items.iter().all(|ask| *ask == Ask::OfAll), items, limited }
    }

    /// Whether every item is asked for of all projects.
    pub(super) const fn is_all(&self) -> bool {
        self.is_all
    }

    /// Whether the hit is asked for.
    pub(super) fn has(&self, hit: &Hit) -> bool {
        match self.items.get(hit.item as usize) {
            Some(Ask::OfAll) => true,
            Some(Ask::OfLimited) => self.limited.contains(&hit.project),
            Some(Ask::Never) | None => false,
        }
    }
}

fn ask(item: &Item, selectors: &BTreeSet<Selector>) -> Ask {
    let asks = |limited_only| {
        selectors.contains(&Selector { kind: item.kind, item: Some((*item.name).to_owned()), limited_only })
    };
    match () {
        () if asks(false) => Ask::OfAll,
        () if asks(true) => Ask::OfLimited,
        () => Ask::Never,
    }
}

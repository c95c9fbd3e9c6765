//! Which items a question asks for, and of whom.

use std::collections::{BTreeSet, HashSet};

use crate::{Evidence, Hit, Item, Selector};

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
    limited: &'l HashSet<u32>,
}

impl<'l> AskedItems<'l> {
    pub(super) fn of(selectors: &BTreeSet<Selector>, evidence: &Evidence, limited: &'l HashSet<u32>) -> Self {
        Self { items: evidence.items.iter().map(|item| ask(item, selectors)).collect(), limited }
    }

    /// Whether every item is asked for of all projects.
    pub(super) fn is_all(&self) -> bool {
        self.items.iter().all(|ask| *ask == Ask::OfAll)
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
    let asks = |name: Option<&str>, limited_only| {
        selectors.contains(&Selector { kind: item.kind, item: name.map(str::to_owned), limited_only })
    };
    match () {
        () if asks(None, false) || asks(Some(&item.name), false) => Ask::OfAll,
        () if asks(Some(&item.name), true) => Ask::OfLimited,
        () => Ask::Never,
    }
}

//! The search of the header.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use packaging::ProjectName;

use super::projects::normalised;
use crate::standing::Standing;
use crate::{Error, Store, text};

/// A hit of the header's search.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum SearchHit {
    /// A project.
    Project(ProjectName),
    /// An item, with the number of projects that use it.
    Item(String, i64),
}

impl Store {
    /// Projects and items whose names contain `text`, best first, at most `limit` of each: the name itself, names that
    /// start with it, then the shortest.
    pub async fn search(&self, text: &str, limit: usize) -> Result<Vec<SearchHit>, Error> {
        let text = text::clean(text.trim());
        if text.is_empty() {
            return Ok(Vec::new());
        }
        let standing = self.standing().await?;
        let mut hits = standing.search_projects(&normalised(&text), limit);
        hits.extend(standing.search_items(&text.to_lowercase(), &text, limit));
        Ok(hits)
    }
}

impl Standing {
    fn search_projects(&self, text: &str, limit: usize) -> Vec<SearchHit> {
        let found = self.names.containing(text).into_iter().filter_map(|place| self.projects.get(place));
        let mut names: Vec<&ProjectName> = found.map(|project| &project.name).collect();
        names.sort_by_key(|name| fitness(name.as_str(), name.as_str() == text, text));
        names.into_iter().take(limit).map(|name| SearchHit::Project(name.clone())).collect()
    }

    /// Names of CPython's. Those that variables of projects have are no answer.
    fn search_items<'s>(&'s self, small: &str, exact: &str, limit: usize) -> impl Iterator<Item = SearchHit> + 's {
        let mut named: BTreeMap<&str, Vec<u32>> = BTreeMap::new();
        for place in self.spread.names.containing(small) {
            let Some(item) = self.spread.order.get(place) else { continue };
            if let Some(word) = self.words.items.get(*item).filter(|word| !word.is_of_the_project()) {
                named.entry(&word.name).or_default().push(*item);
            }
        }
        let mut found: Vec<(&str, Vec<u32>)> = named.into_iter().collect();
        found.sort_by_key(|(name, _)| fitness(name, *name == exact, small));
        found.into_iter().take(limit).map(|(name, items)| SearchHit::Item(name.to_owned(), self.users_of(&items)))
    }

    /// Projects that use one of the items.
    fn users_of(&self, items: &[u32]) -> i64 {
        let places = |item: &u32| self.spread.entries(*item).iter().map(|entry| entry.project);
        let users = match items {
            [one] => self.spread.entries(*one).len(),
            several => several.iter().flat_map(places).collect::<BTreeSet<u32>>().len(),
        };
        i64::try_from(users).unwrap_or(i64::MAX)
    }
}

/// The smaller, the better.
fn fitness<'n>(name: &'n str, is_it: bool, text: &str) -> (Reverse<bool>, Reverse<bool>, usize, &'n str) {
    (Reverse(is_it), Reverse(name.to_lowercase().starts_with(text)), name.len(), name)
}

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

/// A part of what was found by name.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SearchPage {
    /// Projects, then items, each best first.
    pub hits: Vec<SearchHit>,
    /// After which hits the next part begins; `None`: there is none.
    pub next: Option<SearchPlace>,
}

/// How far a search has been read, in projects and in items; at first in neither.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Deserialize, serde::Serialize)]
pub struct SearchPlace {
    project: Option<Fitness>,
    item: Option<Fitness>,
}

/// How well a name fits, the smaller the better: the name itself, names that start with the text, then the shortest.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, serde::Deserialize, serde::Serialize)]
struct Fitness {
    is_it: Reverse<bool>,
    starts: Reverse<bool>,
    length: usize,
    name: String,
}

impl Fitness {
    fn of(name: &str, is_it: bool, text: &str) -> Self {
        let starts = name.to_lowercase().starts_with(text);
        Self { is_it: Reverse(is_it), starts: Reverse(starts), length: name.len(), name: name.to_owned() }
    }
}

impl SearchPage {
    /// Of names that contain `text`, those after a place, best first, at most `limit` of each sort. `users` counts the
    /// projects that use an item.
    pub fn of<T>(
        text: &str,
        projects: impl Iterator<Item = ProjectName>,
        items: impl Iterator<Item = (String, T)>,
        after: &SearchPlace,
        limit: usize,
        users: impl Fn(T) -> i64,
    ) -> Self {
        let (of_project, small) = (normalised(text), text.to_lowercase());
        let projects =
            projects.map(|name| (Fitness::of(name.as_str(), name.as_str() == of_project, &of_project), name));
        let items = items.map(|(name, item)| (Fitness::of(&name, name == text, &small), item));
        let projects = Part::of(projects.collect(), after.project.as_ref(), limit);
        let items = Part::of(items.collect(), after.item.as_ref(), limit);
        let goes_on = projects.goes_on || items.goes_on;
        let place = SearchPlace {
            project: projects.last().or_else(|| after.project.clone()),
            item: items.last().or_else(|| after.item.clone()),
        };
        let mut hits: Vec<SearchHit> = projects.found.into_iter().map(|(_, name)| SearchHit::Project(name)).collect();
        hits.extend(items.found.into_iter().map(|(fitness, item)| SearchHit::Item(fitness.name, users(item))));
        Self { hits, next: Some(place).filter(|_| goes_on) }
    }
}

impl Store {
    /// Projects and items whose names contain `text`, best first, after a place, at most `limit` of each: the name itself,
    /// names that start with it, then the shortest.
    pub async fn search(&self, text: &str, after: &SearchPlace, limit: usize) -> Result<SearchPage, Error> {
        let text = text::clean(text.trim());
        if text.is_empty() {
            return Ok(SearchPage::default());
        }
        let standing = self.standing().await?;
        let projects = standing.names.containing(&normalised(&text)).into_iter();
        let projects = projects.filter_map(|place| Some(standing.projects.get(place)?.name.clone()));
        let items = standing.items_named(&text.to_lowercase()).into_iter();
        let items = items.map(|(name, items)| (name.to_owned(), items));
        Ok(SearchPage::of(&text, projects, items, after, limit, |items| standing.users_of(&items)))
    }
}

/// The asked part of what fits.
struct Part<T> {
    found: Vec<(Fitness, T)>,
    goes_on: bool,
}

impl<T> Part<T> {
    fn of(mut found: Vec<(Fitness, T)>, after: Option<&Fitness>, limit: usize) -> Self {
        found.retain(|(fitness, _)| after.is_none_or(|after| fitness > after));
        found.sort_by(|(one, _), (other, _)| one.cmp(other));
        let goes_on = found.len() > limit;
        found.truncate(limit);
        Self { found, goes_on }
    }

    fn last(&self) -> Option<Fitness> {
        self.found.last().map(|(fitness, _)| fitness.clone())
    }
}

impl Standing {
    /// Names of CPython's with `small` in them, each with its items. Those that variables of projects have are no answer.
    fn items_named(&self, small: &str) -> BTreeMap<&str, Vec<u32>> {
        let mut named: BTreeMap<&str, Vec<u32>> = BTreeMap::new();
        for place in self.spread.names.containing(small) {
            let Some(item) = self.spread.order.get(place) else { continue };
            if let Some(word) = self.words.items.get(*item).filter(|word| !word.is_of_the_project()) {
                named.entry(&word.name).or_default().push(*item);
            }
        }
        named
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

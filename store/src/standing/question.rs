//! What a what-if question is answered from.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use analyzer::{Kind, Origin, OriginClass};
use capi::{Target, Version};
use whatif::{
    Conditions, Evidence, Generator, Hit, Item, Limited, Past, Project, Proposal, Rule, Selector, Unresolved,
};

use super::{Standing, StandingProject, StandingUse, Vocabulary};
use crate::{text, words};

/// What every question needs, whatever it asks: made once.
#[derive(Debug, Default)]
pub(crate) struct Shared {
    projects: Arc<[Project]>,
    origins: Arc<[Origin]>,
    conditions: Arc<Conditions>,
    generators: Arc<[Generator]>,
    downloads_of: Option<String>,
}

impl Shared {
    pub(crate) fn of(
        projects: &[StandingProject],
        words: &Vocabulary,
        generators: Arc<[Generator]>,
        downloads_of: Option<String>,
    ) -> Self {
        let class = |word: &str| OriginClass::ALL.into_iter().find(|class| class.as_str() == word);
        let origins = words.origins.iter().map(|origin| Origin {
            class: class(&origin.class).unwrap_or(OriginClass::Own),
            by: Some(&*origin.by).filter(|by| !by.is_empty()).map(str::to_owned),
        });
        Self {
            projects: projects.iter().map(project).collect(),
            origins: origins.collect(),
            conditions: Arc::new(Conditions::new(words.conditions.iter().cloned().collect())),
            generators,
            downloads_of,
        }
    }
}

fn project(known: &StandingProject) -> Project {
    Project {
        name: known.name.clone(),
        version: known.version.as_deref().map(str::to_owned),
        scanned: known.report.is_some(),
        rank: known.rank,
        downloads: known.downloads,
        releases: known.past.as_ref().map(|past| Arc::clone(&past.releases)).unwrap_or_default(),
    }
}

/// The items that a question asks for.
#[derive(Default)]
struct Asked {
    /// As numbers of the vocabulary.
    items: Vec<u32>,
    /// For each item of the vocabulary its place among them, or [`NOT_ASKED`].
    places: Vec<u32>,
}

const NOT_ASKED: u32 = u32::MAX;

impl Asked {
    fn of(selectors: &BTreeSet<Selector>, words: &Vocabulary) -> Self {
        let whole: Vec<Kind> =
            selectors.iter().filter(|selector| selector.item.is_none()).map(|selector| selector.kind).collect();
        let mut items: BTreeSet<u32> = BTreeSet::new();
        if !whole.is_empty() {
            items.extend((0..).zip(words.items.iter()).filter(|(_, item)| whole.contains(&item.kind)).map(|(n, _)| n));
        }
        for selector in selectors {
            let named = selector.item.as_deref().map_or(&[][..], |name| words.named(&text::key(name)));
            let of_kind = |item: &&u32| words.items.get(**item).is_some_and(|item| item.kind == selector.kind);
            items.extend(named.iter().filter(of_kind));
        }
        let mut places = vec![NOT_ASKED; words.items.len()];
        for (place, item) in (0..).zip(&items) {
            if let Some(slot) = places.get_mut(*item as usize) {
                *slot = place;
            }
        }
        Self { items: items.into_iter().collect(), places }
    }

    /// The place of an item, if it is asked for.
    fn place(&self, item: u32) -> Option<u32> {
        self.places.get(item as usize).copied().filter(|place| *place != NOT_ASKED)
    }
}

impl Standing {
    /// All that an answer to `proposal` follows from, for every project of the survey.
    pub(crate) fn evidence(&self, proposal: &Proposal) -> Evidence {
        let selectors = whatif::selectors(proposal);
        let asked = Asked::of(&selectors, &self.words);
        let asks_limited = selectors.iter().any(|selector| selector.limited_only)
            || proposal.rules.iter().any(|rule| matches!(rule, Rule::MinimumLimited(_)));
        let item = |number: &u32| {
            let item = self.words.items.get(*number)?;
            Some(Item { kind: item.kind, name: Arc::clone(&item.name) })
        };
        Evidence {
            projects: Arc::clone(&self.shared.projects),
            items: asked.items.iter().filter_map(item).collect(),
            origins: Arc::clone(&self.shared.origins),
            conditions: Arc::clone(&self.shared.conditions),
            hits: self.hits(&asked),
            past: self.past(&asked),
            limited: if asks_limited { self.limited().collect() } else { Vec::new() },
            unresolved: self.unresolved(&selectors),
            generators: Arc::clone(&self.shared.generators),
            chain: self.named_chain(),
            downloads_of: self.shared.downloads_of.clone(),
        }
    }

    /// Uses of the items, by project.
    fn hits(&self, asked: &Asked) -> Vec<Hit> {
        let rows = asked.items.iter().map(|item| self.spread.totals(*item).rows as usize).sum();
        let mut hits = Vec::with_capacity(rows);
        for (place, item) in (0..).zip(&asked.items) {
            for entry in self.spread.entries(*item) {
                hits.extend(entry.rows(&self.projects).map(|row| hit(entry.project, place, row)));
            }
        }
        // Stable, and quick where the items are few: each item's come by project already.
        hits.sort_by_key(|hit| hit.project);
        hits
    }

    fn past(&self, asked: &Asked) -> Vec<Past> {
        let mut found = Vec::new();
        for (project, known) in (0..).zip(&self.projects) {
            let gone = known.past.iter().flat_map(|past| past.gone());
            let asked = gone.filter(|gone| asked.place(gone.item).is_some());
            found.extend(asked.map(|gone| Past { project, condition: gone.condition, last: gone.last }));
        }
        found
    }

    fn limited(&self) -> impl Iterator<Item = Limited> {
        let projects = (0..).zip(&self.projects);
        projects.filter_map(|(project, known)| Some(Limited { project, level: known.limited? }))
    }

    /// Accesses to members by the names that are asked for.
    fn unresolved(&self, selectors: &BTreeSet<Selector>) -> Vec<Unresolved> {
        let members = selectors.iter().filter(|selector| selector.kind == Kind::Member);
        let names = members.filter_map(|selector| selector.item.as_deref()?.rsplit('.').next());
        let asked: BTreeMap<u32, Arc<str>> =
            names.filter_map(|name| Some((self.words.unresolved.known(&text::key(name))?, Arc::from(name)))).collect();
        if asked.is_empty() {
            return Vec::new();
        }
        let mut found = Vec::new();
        for (project, known) in (0..).zip(&self.projects) {
            let names = known.report.iter().flat_map(|report| &report.unresolved);
            let members = names.filter_map(|name| asked.get(name));
            found.extend(members.map(|member| Unresolved { project, member: Arc::clone(member) }));
        }
        found
    }

    /// The denominator chain in words; `decided` is about the newest abi3.
    fn named_chain(&self) -> Vec<(String, i64)> {
        let chain = self.chain(Target::Abi3(Version::NEWEST));
        let steps = [
            ("in all", chain.all),
            ("with files", chain.with_files),
            ("with an sdist", chain.with_sdist),
            ("selected", chain.selected),
            ("fetched", chain.fetched),
            ("readable", chain.readable),
            ("with native source", chain.with_native),
        ];
        steps.map(|(name, n)| (name.to_owned(), n)).into()
    }
}

fn hit(project: u32, item: u32, row: StandingUse) -> Hit {
    Hit {
        project,
        item,
        origin: row.origin,
        condition: row.condition,
        sites: row.sites,
        access: words::accesses(i16::from(row.access)),
        probable: row.probable,
    }
}

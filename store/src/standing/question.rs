//! What a what-if question is answered from.

use std::collections::BTreeSet;
use std::sync::Arc;

use analyzer::{Kind, Origin};
use capi::{Target, Version};
use whatif::{
    Conditions, Evidence, FindHits, Generator, Hit, Hits, Item, Limited, Past, Project, Proposal, Rule, Selector,
    Sought,
};

use super::spread::Entry;
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
        Self {
            projects: projects.iter().map(project).collect(),
            origins: words.origins.iter().cloned().collect(),
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
        releases: known.earlier.clone().unwrap_or_default(),
    }
}

/// The items that a question asks for.
#[derive(Debug)]
struct Asked {
    /// As numbers of the vocabulary.
    items: Vec<u32>,
    /// For each item of the vocabulary its place among them, or [`NOT_ASKED`].
    places: Vec<u32>,
}

const NOT_ASKED: u32 = u32::MAX;

/// Where projects have more of the items than these, it is quicker to go through all that each has.
const MANY: usize = 16;

impl Asked {
    fn of(selectors: &BTreeSet<Selector>, words: &Vocabulary) -> Self {
        let of_whole_kinds: Vec<Kind> = selectors
            .iter()
            .filter(|selector| selector.item.is_none())
            .filter_map(|selector| selector.kind.kind())
            .collect();
        // No tree of them: all static types are hundreds of thousands.
        let mut is_asked: Vec<bool> = words.items.iter().map(|item| of_whole_kinds.contains(&item.kind)).collect();
        for selector in selectors {
            let Some(name) = selector.item.as_deref() else { continue };
            for item in words.named(&text::key(name)) {
                if words.items.get(item).is_some_and(|item| Sought::Use(item.kind) == selector.kind) {
                    is_asked[item as usize] = true;
                }
            }
        }
        let mut items = Vec::new();
        let mut number = |(item, is_asked): (u32, bool)| {
            if !is_asked {
                return NOT_ASKED;
            }
            items.push(item);
            u32::try_from(items.len() - 1).unwrap_or(NOT_ASKED)
        };
        let places = (0..).zip(is_asked).map(&mut number).collect();
        Self { items, places }
    }

    /// The place of an item, if it is asked for.
    fn place(&self, item: u32) -> Option<u32> {
        self.places.get(item as usize).copied().filter(|place| *place != NOT_ASKED)
    }
}

impl Standing {
    /// All that an answer to `proposal` follows from, for every project of the survey; but for its patterns, which have
    /// to be searched for.
    pub(crate) fn evidence(self: &Arc<Self>, proposal: &Proposal) -> Evidence {
        let selectors = whatif::selectors(proposal);
        let asked = Asked::of(&selectors, &self.words);
        let asks_limited = selectors.iter().any(|selector| selector.limited_only)
            || proposal.rules.iter().any(|rule| matches!(rule, Rule::MinimumLimited(_)));
        let item = |number: &u32| {
            let item = self.words.items.get(*number)?;
            Some(Item { kind: Sought::Use(item.kind), name: Arc::clone(&item.name) })
        };
        Evidence {
            projects: Arc::clone(&self.shared.projects),
            items: asked.items.iter().filter_map(item).collect(),
            origins: Arc::clone(&self.shared.origins),
            conditions: Arc::clone(&self.shared.conditions),
            past: self.past(&asked),
            limited: if asks_limited { self.limited().collect() } else { Vec::new() },
            unresolved: self.unresolved(&selectors),
            generators: Arc::clone(&self.shared.generators),
            searched: Vec::new(),
            chain: self.named_chain(),
            downloads_of: self.shared.downloads_of.clone(),
            hits: self.hits(asked),
        }
    }

    /// Uses of the items: found from the items to their projects where each project has few of them, else by going through
    /// all that each project has.
    fn hits(self: &Arc<Self>, asked: Asked) -> Hits {
        let entries: usize = asked.items.iter().map(|item| self.spread.totals(*item).projects as usize).sum();
        let standing = Arc::clone(self);
        if entries > self.projects.len() * MANY {
            return Hits::found(OfProjects { standing, asked });
        }
        let mut found = Vec::with_capacity(entries);
        for (place, item) in (0..).zip(&asked.items) {
            found.extend(self.spread.entries(*item).iter().map(|entry| (place, *entry)));
        }
        // Stable, and quick: the entries of each item come by project already.
        found.sort_by_key(|(_, entry)| entry.project);
        Hits::found(OfItems { standing, found })
    }

    fn past(&self, asked: &Asked) -> Vec<Past> {
        let gone = asked.items.iter().flat_map(|item| self.past.of_item(*item));
        gone.map(|gone| Past { project: gone.project, condition: gone.condition, last: gone.last }).collect()
    }

    fn limited(&self) -> impl Iterator<Item = Limited> {
        let projects = (0..).zip(&self.projects);
        projects.filter_map(|(project, known)| Some(Limited { project, level: known.limited? }))
    }

    /// Projects with accesses to members by the names that are asked for.
    fn unresolved(&self, selectors: &BTreeSet<Selector>) -> Vec<u32> {
        let names = whatif::members(selectors);
        let numbers = names.into_iter().filter_map(|name| self.words.unresolved.known(&text::key(name)));
        let mut is_asked = vec![false; self.words.unresolved.len()];
        for slot in numbers {
            is_asked[slot as usize] = true;
        }
        if !is_asked.contains(&true) {
            return Vec::new();
        }
        let has_one = |known: &StandingProject| {
            let names = known.report.iter().flat_map(|report| &report.unresolved);
            names.into_iter().any(|name| is_asked.get(*name as usize) == Some(&true))
        };
        (0..).zip(&self.projects).filter(|(_, known)| has_one(known)).map(|(place, _)| place).collect()
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

/// Uses, by going through all that a project has.
#[derive(Debug)]
struct OfProjects {
    standing: Arc<Standing>,
    asked: Asked,
}

impl FindHits for OfProjects {
    fn projects(&self) -> Vec<u32> {
        let known = (0..).zip(&self.standing.projects).filter(|(_, known)| known.report.is_some());
        known.map(|(place, _)| place).collect()
    }

    fn add(&self, project: u32, to: &mut Vec<Hit>) {
        let known = self.standing.projects.get(project as usize);
        let Some(report) = known.and_then(|known| known.report.as_ref()) else { return };
        for (item, at) in report.uses.items() {
            if let Some(place) = self.asked.place(item) {
                to.extend(report.uses.rows(at).map(|row| hit(project, place, row)));
            }
        }
    }
}

/// Uses, each item's by its place in the question.
#[derive(Debug)]
struct OfItems {
    standing: Arc<Standing>,
    /// By project.
    found: Vec<(u32, Entry)>,
}

impl FindHits for OfItems {
    fn projects(&self) -> Vec<u32> {
        self.found.chunk_by(|one, other| one.1.project == other.1.project).map(|of_one| of_one[0].1.project).collect()
    }

    fn add(&self, project: u32, to: &mut Vec<Hit>) {
        let start = self.found.partition_point(|(_, entry)| entry.project < project);
        for (place, entry) in self.found[start..].iter().take_while(|(_, entry)| entry.project == project) {
            to.extend(entry.rows(&self.standing.projects).map(|row| hit(project, *place, row)));
        }
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

//! Uses turned round: who uses each item.

use std::cmp::Reverse;

use analyzer::OriginClass;

use super::uses::{UseRow, Uses};
use super::vocabulary::Vocabulary;
use super::{Haystack, StandingProject};

/// Where the rows of one item in one project are.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Entry {
    /// The project's place.
    pub(crate) project: u32,
    /// Where they begin in its report's uses.
    at: u32,
}

/// How far an item is spread.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Totals {
    /// Projects with a site.
    pub(crate) projects: u32,
    /// Rows of uses.
    pub(crate) rows: u32,
    /// Sites in all.
    pub(crate) sites: i64,
    /// Sites of code that counts for verdicts.
    pub(crate) judged: i64,
}

/// Who uses what, of all projects.
#[derive(Debug, Default)]
pub(crate) struct Spread {
    /// For each item where its entries begin; one more at the end.
    starts: Vec<u32>,
    /// By item, then by project.
    entries: Vec<Entry>,
    totals: Vec<Totals>,
    /// Items that are used, most projects first, then most sites, then by name and kind.
    pub(crate) order: Vec<u32>,
    /// The names of `order`, to be searched.
    pub(crate) names: Haystack,
}

impl Spread {
    /// Of all projects, in their order.
    pub(crate) fn of(projects: &[StandingProject], words: &Vocabulary) -> Self {
        let mut made = Self { totals: vec![Totals::default(); words.items.len()], ..Self::default() };
        let is_test: Vec<bool> = words.origins.iter().map(|origin| origin.class == OriginClass::TestOrDoc).collect();
        made.count(projects, &is_test);
        made.fill(projects);
        made.sort(words);
        made
    }

    fn count(&mut self, projects: &[StandingProject], is_test: &[bool]) {
        for report in projects.iter().filter_map(|project| project.report.as_ref()) {
            for (item, at) in report.uses.items() {
                let Some(totals) = self.totals.get_mut(item as usize) else { continue };
                totals.projects += 1;
                for row in report.uses.rows(at) {
                    totals.rows += 1;
                    totals.sites += i64::from(row.sites);
                    let counts = !is_test.get(row.origin as usize).copied().unwrap_or(false);
                    totals.judged += if counts { i64::from(row.sites) } else { 0 };
                }
            }
        }
    }

    fn fill(&mut self, projects: &[StandingProject]) {
        let mut next = 0;
        let begin = |totals: &Totals| {
            let start = next;
            next += totals.projects;
            start
        };
        self.starts = self.totals.iter().map(begin).collect();
        self.entries = vec![Entry::default(); next as usize];
        let mut free = self.starts.clone();
        for (place, project) in (0..).zip(projects) {
            let Some(report) = &project.report else { continue };
            for (item, at) in report.uses.items() {
                let Some(slot) = free.get_mut(item as usize) else { continue };
                if let Some(entry) = self.entries.get_mut(*slot as usize) {
                    *entry = Entry { project: place, at };
                }
                *slot += 1;
            }
        }
        self.starts.push(next);
    }

    fn sort(&mut self, words: &Vocabulary) {
        let used = (0..).zip(&self.totals).filter(|(_, totals)| totals.projects > 0);
        let mut order: Vec<u32> = used.map(|(item, _)| item).collect();
        order.sort_unstable_by_key(|item| {
            let totals = self.totals(*item);
            let word = words.items.get(*item);
            (Reverse((totals.projects, totals.sites)), word.map(|word| (&*word.name, word.kind.as_str())))
        });
        self.order = order;
        let name = |item: &u32| words.items.get(*item).map_or("", |word| &*word.name);
        self.names = Haystack::of(self.order.iter().map(name));
    }

    /// How far an item is spread.
    pub(crate) fn totals(&self, item: u32) -> Totals {
        self.totals.get(item as usize).copied().unwrap_or_default()
    }

    /// Who uses an item, by the projects' places.
    pub(crate) fn entries(&self, item: u32) -> &[Entry] {
        let start = self.starts.get(item as usize).map_or(0, |start| *start as usize);
        let end = self.starts.get(item as usize + 1).map_or(start, |end| *end as usize);
        self.entries.get(start..end).unwrap_or_default()
    }
}

impl Entry {
    /// Its rows, in their order.
    pub(crate) fn rows(self, projects: &[StandingProject]) -> impl Iterator<Item = UseRow> + '_ {
        self.uses(projects).into_iter().flat_map(move |uses| uses.rows(self.at))
    }

    /// How many they are.
    pub(crate) fn len(self, projects: &[StandingProject]) -> usize {
        self.uses(projects).map_or(0, |uses| uses.rows(self.at).len())
    }

    fn uses(self, projects: &[StandingProject]) -> Option<&Uses> {
        let report = projects.get(self.project as usize)?.report.as_ref()?;
        Some(&report.uses)
    }
}

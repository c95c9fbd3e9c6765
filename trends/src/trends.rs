//! All projects, counted.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use chrono::NaiveDate;

use crate::counts::{Entry, Known, Place, Row, Rows, number, place, truths};
use crate::span::{State, spans};

use crate::{Chain, Month, Months, Point, Project, Release, Scope, Series, Step, Subject, Toolchain, Words};

/// The months of which a list of downloads is held.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Lists(BTreeSet<Month>);

impl FromIterator<Month> for Lists {
    fn from_iter<I: IntoIterator<Item = Month>>(months: I) -> Self {
        Self(months.into_iter().collect())
    }
}

impl Lists {
    /// The list that downloads of a month are taken from: the last one up to then, else the oldest.
    pub fn of(&self, month: Month) -> Option<Month> {
        self.0.range(..=month).next_back().or_else(|| self.0.first()).copied()
    }
}

/// How every figure moved, month by month, and the projects that it is counted from.
///
/// Projects are counted one by one, and taken out as they were put in: so a day's changes cost what the changed projects
/// cost.
#[derive(Debug, Clone)]
pub struct Trends {
    months: Months,
    lists: Lists,
    known: Known,
    /// Shared with what goes on from this.
    projects: BTreeMap<i64, Arc<Project>>,
    /// How many of them were seen first on each day: going through all of them for the first would cost every series.
    seen: BTreeMap<NaiveDate, i32>,
    scopes: BTreeMap<Scope, Rows>,
    /// Of all projects.
    items: Rows,
}

impl Trends {
    /// Of no project yet.
    pub fn new(months: Months, lists: Lists) -> Self {
        Self {
            months,
            lists,
            known: Known::default(),
            projects: BTreeMap::new(),
            seen: BTreeMap::new(),
            scopes: BTreeMap::new(),
            items: Rows::default(),
        }
    }

    /// As it was at the end of a day: what was uploaded and seen later, and lists of later months, are not in it, and items
    /// are not counted. Of what was read all counts, whenever that was.
    #[must_use]
    pub fn as_of(&self, day: NaiveDate) -> Self {
        let until = day.min(self.months.until());
        let lists = self.lists.0.iter().copied().filter(|list| *list <= Month::of(until)).collect();
        let mut then = Self::new(Months::as_of(self.months.day(0), until), lists);
        then.known = self.known.clone();
        for (key, project) in &self.projects {
            then.replace(*key, Some(Arc::clone(project)), &|_| &[]);
        }
        then
    }

    /// Which release stood for each project on the last day, by the project's key: [`crate::Release::id`].
    pub fn standing(&self) -> impl Iterator<Item = (i64, i64)> + '_ {
        let day = self.months.end(self.months.len() - 1);
        let stood = move |project: &Project| Some(project.releases.get(project.stood(day)?)?.id);
        self.projects.iter().filter_map(move |(key, project)| Some((*key, stood(project)?)))
    }

    /// What is counted at.
    pub const fn months(&self) -> Months {
        self.months
    }

    /// Where downloads are from.
    pub const fn lists(&self) -> &Lists {
        &self.lists
    }

    /// The projects.
    pub fn projects(&self) -> impl Iterator<Item = &Project> {
        self.projects.values().map(|project| &**project)
    }

    /// A project.
    pub fn project(&self, key: i64) -> Option<&Project> {
        self.projects.get(&key).map(|project| &**project)
    }

    /// Whether going on to these months and lists counts nobody else: then only changed projects need be replaced.
    pub fn goes_on(&self, months: Months, lists: &Lists) -> bool {
        self.months.month(0) == months.month(0) && self.months.len() == months.len() && self.lists == *lists
    }

    /// Goes on to another last day of the same months.
    pub fn go_on(&mut self, months: Months) {
        debug_assert!(self.goes_on(months, &self.lists), "counted anew");
        self.months = months;
    }

    /// Learns the names of structures and items. Numbers never change; names are only added.
    pub fn learn(&mut self, words: &Words) {
        self.known = Known::of(words);
    }

    /// Puts a project in the place of what was known under this key; `None` only takes it out. `items` tells the items
    /// that a report's code uses, by their numbers in [`Words`]; it is asked about the reports of both.
    pub fn replace<'a>(&mut self, key: i64, project: Option<Arc<Project>>, items: &impl Fn(i32) -> &'a [u32]) {
        if let Some(before) = self.projects.remove(&key) {
            self.count(&before, -1, items);
        }
        if let Some(project) = project {
            self.count(&project, 1, items);
            self.projects.insert(key, project);
        }
    }

    fn count<'a>(&mut self, project: &Project, sign: i32, items: &impl Fn(i32) -> &'a [u32]) {
        *self.seen.entry(project.first_seen).or_default() += sign;
        let length = self.months.len();
        let cohorts = self.cohorts(project);
        let observed = self.months.reached(project.first_seen);
        for span in spans(project, self.months, &self.lists) {
            let state = &span.state;
            let told = project.releases.get(state.release).and_then(|release| release.told.as_ref());
            let numbers = truths(state, told.map(|told| &*told.facts));
            let entry = Entry { sign, ..Entry::of(&span) };
            let seen = span.months.start.max(observed)..span.months.end.max(observed);
            let seen = Entry { months: seen, ..entry.clone() };
            for scope in moving(project, state).chain(cohorts.iter().map(|year| Scope::Cohort(*year))) {
                let rows = self.scopes.entry(scope).or_default();
                rows.add(number::OBSERVED, &seen, length);
                for number in &numbers {
                    rows.add(*number, &entry, length);
                }
            }
            if let Some(told) = told.filter(|_| state.reached == Step::Native) {
                for item in items(told.report) {
                    self.items.add(*item as usize, &entry, length);
                }
            }
        }
    }

    /// The years at whose beginning a project was there.
    fn cohorts(&self, project: &Project) -> Vec<i32> {
        self.years().filter(|year| project.stood(began(*year)).is_some()).collect()
    }

    /// The years that began among the months that are counted: those whose cohorts there are.
    pub fn years(&self) -> impl Iterator<Item = i32> + use<> {
        use chrono::Datelike;
        let (first, until) = (self.months.day(0), self.months.until());
        first.year() + 1..=until.year()
    }

    pub(crate) fn place(&self, subject: &Subject) -> Option<Place> {
        place(subject, &self.known)
    }

    /// The series of a subject in a scope. Of a structure or an item that nobody ever used every figure is 0. `None`: it is
    /// an item in a part of the projects, which [`Trends::members`] count.
    pub fn series(&self, subject: &Subject, scope: Scope) -> Option<Series> {
        let length = self.months.len();
        let none = Rows::default();
        let rows = self.scopes.get(&scope).unwrap_or(&none);
        let sums = match self.place(subject) {
            Some(Place::Scoped(number)) => rows.sums(number, length),
            Some(Place::Item(number)) if scope == Scope::All => self.items.sums(number, length),
            None if scope == Scope::All || !matches!(subject, Subject::Item(..)) => Row::default().sums(length),
            Some(Place::Item(_)) | None => return None,
        };
        Some(self.points(subject, scope, sums))
    }

    /// A series of these projects and downloads, with what they are out of.
    pub(crate) fn points(&self, subject: &Subject, scope: Scope, sums: Vec<(i64, i64)>) -> Series {
        let length = self.months.len();
        let none = Rows::default();
        let rows = self.scopes.get(&scope).unwrap_or(&none);
        let chains = self.chains(rows, subject);
        let native = rows.sums(number::step(Step::Native), length);
        let points = sums.into_iter().zip(chains).zip(native).enumerate().map(
            |(at, (((projects, downloads), chain), native))| {
                let list = self.lists.of(self.months.month(at));
                Point {
                    on: self.months.day(at),
                    projects,
                    downloads: list.map(|_| downloads),
                    native_downloads: list.map(|_| native.1),
                    downloads_of: list.map(|list| list.to_string()),
                    chain,
                }
            },
        );
        Series {
            subject: subject.to_string(),
            scope: scope.to_string(),
            observed_from: self.observed_from(),
            points: points.collect(),
        }
    }

    /// The day on which the first project's page was read.
    pub fn observed_from(&self) -> Option<NaiveDate> {
        self.seen.iter().find(|(_, projects)| **projects > 0).map(|(day, _)| *day)
    }

    fn chains(&self, rows: &Rows, subject: &Subject) -> Vec<Chain> {
        let length = self.months.len();
        let of = |number: usize| rows.sums(number, length);
        let steps = Step::ALL.map(|step| of(number::step(step)));
        let observed = of(number::OBSERVED);
        let undecided = target_of(subject).and_then(|target| {
            let at = capi::Target::all().position(|one| one == target)?;
            Some(of(number::verdict(at, analyzer::Outcome::Undecided)))
        });
        let chain = |at: usize| {
            let step = |step: Step| steps[step as usize][at].0;
            let native = step(Step::Native);
            Chain {
                with_files: step(Step::Files),
                with_sdist: step(Step::Sdist),
                selected: step(Step::Selected),
                fetched: step(Step::Fetched),
                readable: step(Step::Readable),
                with_native: native,
                decided: undecided.as_ref().map(|undecided| native - undecided[at].0),
                observed: observed[at].0,
            }
        };
        (0..length).map(chain).collect()
    }
}

/// The last day before a year.
fn began(year: i32) -> NaiveDate {
    Month::january(year).before().last()
}

/// The target that a subject is about.
const fn target_of(subject: &Subject) -> Option<capi::Target> {
    match subject {
        Subject::Verdict(target, _) | Subject::CouldBe(target) => Some(*target),
        Subject::Native
        | Subject::Declared(_)
        | Subject::Tagged(_)
        | Subject::Ships(_)
        | Subject::Structure(_)
        | Subject::StructureBy(..)
        | Subject::Item(..)
        | Subject::Removed(_)
        | Subject::Deprecated(_) => None,
    }
}

/// Whether a project belongs to a scope in a state.
pub(crate) fn is_in(scope: Scope, project: &Project, state: &State) -> bool {
    match scope {
        Scope::Cohort(year) => project.stood(began(year)).is_some(),
        _ => moving(project, state).any(|one| one == scope),
    }
}

/// The moving scopes that a project belongs to in a state.
fn moving(project: &Project, state: &State) -> impl Iterator<Item = Scope> {
    let facts = project.releases.get(state.release).and_then(Release::facts);
    let used = facts.filter(|_| state.reached == Step::Native).map_or(0, |facts| facts.toolchains);
    let toolchains = Toolchain::ALL.iter().filter(move |toolchain| used & toolchain.bit() != 0);
    let toolchains = toolchains.map(|toolchain| Scope::Toolchain(*toolchain));
    [Scope::All, Scope::Age(state.age)].into_iter().chain(state.band.map(Scope::Band)).chain(toolchains)
}

#[cfg(test)]
pub(crate) mod made;
#[cfg(test)]
mod tests;

//! Counts by month, kept as differences: who is in from one month to another is written twice, however long that is.

use std::collections::HashMap;
use std::ops::Range;

use analyzer::{Abi, Kind, Outcome};
use capi::{Target, Version};

use crate::facts::version_bit;
use crate::span::{Span, State};
use crate::subject::{CHANGING, abi_of, structure_by};
use crate::{Facts, Step, Subject, Tag, Words};

/// How many projects, and their downloads, month by month.
#[derive(Debug, Clone, Default)]
pub(crate) struct Row {
    /// What each month adds to the one before; one more than there are months.
    projects: Box<[i32]>,
    downloads: Box<[i64]>,
}

impl Row {
    /// Puts a project in for some months, or takes it out again.
    pub(crate) fn add(&mut self, entry: &Entry, length: usize) {
        if self.projects.is_empty() {
            self.projects = vec![0; length + 1].into();
            self.downloads = vec![0; length + 1].into();
        }
        let ends = [(entry.months.start, entry.sign), (entry.months.end, -entry.sign)];
        for (place, sign) in ends {
            if let (Some(projects), Some(downloads)) = (self.projects.get_mut(place), self.downloads.get_mut(place)) {
                *projects += sign;
                *downloads += i64::from(sign) * entry.downloads;
            }
        }
    }

    /// Month by month.
    pub(crate) fn sums(&self, length: usize) -> Vec<(i64, i64)> {
        let (mut projects, mut downloads) = (0, 0);
        let sum = |place| {
            projects += i64::from(self.projects.get(place).copied().unwrap_or(0));
            downloads += self.downloads.get(place).copied().unwrap_or(0);
            (projects, downloads)
        };
        (0..length).map(sum).collect()
    }
}

/// One project for some months.
#[derive(Debug, Clone)]
pub(crate) struct Entry {
    pub(crate) months: Range<usize>,
    /// 1 to put it in, -1 to take it out.
    pub(crate) sign: i32,
    pub(crate) downloads: i64,
}

impl Entry {
    /// A project that is put in for a span.
    pub(crate) fn of(span: &Span) -> Self {
        let downloads = i64::try_from(span.state.downloads).unwrap_or(i64::MAX);
        Self { months: span.months.clone(), sign: 1, downloads }
    }
}

/// Rows that grow as they are needed.
#[derive(Debug, Clone, Default)]
pub(crate) struct Rows(Vec<Row>);

impl Rows {
    pub(crate) fn add(&mut self, number: usize, entry: &Entry, length: usize) {
        if self.0.len() <= number {
            self.0.resize_with(number + 1, Row::default);
        }
        self.0[number].add(entry, length);
    }

    pub(crate) fn sums(&self, number: usize, length: usize) -> Vec<(i64, i64)> {
        self.0.get(number).map_or_else(|| vec![(0, 0); length], |row| row.sums(length))
    }
}

/// Where what is counted has its row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Place {
    /// In the rows of each scope.
    Scoped(usize),
    /// In the rows of items, which are counted over all projects only.
    Item(usize),
}

/// The rows of each scope, in this order: steps of the chain, projects that were observed, verdicts, declared, tagged,
/// ships, could be, removed, deprecated, structures.
pub(crate) mod number {
    use super::{Abi, CHANGING, Outcome, Step, Tag, Target, Version};

    pub(crate) const OBSERVED: usize = Step::ALL.len();
    const VERDICTS: usize = OBSERVED + 1;

    pub(crate) const fn step(step: Step) -> usize {
        step as usize
    }

    pub(crate) fn verdict(target: usize, outcome: Outcome) -> usize {
        VERDICTS + target * Outcome::ALL.len() + outcome as usize
    }

    pub(crate) fn declared(abi: Abi) -> usize {
        verdict(Target::all().count(), Outcome::ALL[0]) + abi as usize
    }

    pub(crate) fn tagged(tag: Tag) -> usize {
        declared(Abi::Abi3) + 2 + tag as usize
    }

    /// Whether what is counted there is told by the code of a release: all but other steps, observations and tags.
    pub(crate) fn is_about_code(number: usize) -> bool {
        number == step(Step::Native) || number > OBSERVED && !Tag::ALL.into_iter().any(|tag| tagged(tag) == number)
    }

    pub(crate) fn ships(tag: Tag) -> usize {
        tagged(tag) + Tag::ALL.len()
    }

    pub(crate) fn could_be(target: usize) -> usize {
        ships(Tag::Abi3) + Tag::ALL.len() + target
    }

    pub(crate) fn removed(version: Version) -> usize {
        could_be(Target::all().count()) + usize::from(version.minor().saturating_sub(*CHANGING.start()))
    }

    pub(crate) fn deprecated(version: Version) -> usize {
        removed(version) + CHANGING.count()
    }

    pub(crate) fn structure(number: u32) -> usize {
        let last = Version::new(3, *CHANGING.end());
        deprecated(last) + 1 + number as usize
    }
}

/// The place of a subject's row. Words that nobody uses have none.
pub(crate) fn place(subject: &Subject, known: &Known) -> Option<Place> {
    let at = |target: &Target| Target::all().position(|one| one == *target);
    Some(Place::Scoped(match subject {
        Subject::Native => number::step(Step::Native),
        Subject::Verdict(target, outcome) => number::verdict(at(target)?, *outcome),
        Subject::Declared(abi) => number::declared(*abi),
        Subject::Tagged(tag) => number::tagged(*tag),
        Subject::Ships(tag) => number::ships(*tag),
        Subject::CouldBe(target) => number::could_be(at(target)?),
        Subject::Removed(version) => number::removed(*version),
        Subject::Deprecated(version) => number::deprecated(*version),
        Subject::Structure(name) => number::structure(*known.structures.get(name)?),
        Subject::StructureBy(name, class) => number::structure(*known.structures.get(&structure_by(name, *class))?),
        Subject::Item(kind, name) => {
            return Some(Place::Item(*known.items.get(&(*kind, name.clone()))? as usize));
        }
    }))
}

/// Words turned round.
#[derive(Debug, Clone, Default)]
pub(crate) struct Known {
    pub(crate) structures: HashMap<String, u32>,
    pub(crate) items: HashMap<(Kind, String), u32>,
}

impl Known {
    pub(crate) fn of(words: &Words) -> Self {
        let structures = words.structures.iter().cloned().zip(0..).collect();
        Self { structures, items: words.items.iter().cloned().zip(0..).collect() }
    }
}

/// The numbers of all that is true in a state: what a project counts for.
pub(crate) fn truths(state: &State, facts: Option<&Facts>) -> Vec<usize> {
    let mut numbers: Vec<usize> =
        Step::ALL.into_iter().filter(|step| *step <= state.reached).map(number::step).collect();
    let has = |tag: Tag| state.tags & tag.bit() != 0;
    numbers.extend(Tag::ALL.into_iter().filter(|tag| has(*tag)).map(number::tagged));
    let Some(facts) = facts.filter(|_| state.reached == Step::Native) else { return numbers };
    numbers.extend(Tag::ALL.into_iter().filter(|tag| has(*tag)).map(number::ships));
    for (at, (target, outcome)) in Target::all().zip(&facts.outcomes).enumerate() {
        numbers.extend(outcome.map(|outcome| number::verdict(at, outcome)));
        let abi = abi_of(target);
        if *outcome == Some(Outcome::NoBlocker) && !facts.declared.has(abi) && !has(Tag::of(abi)) {
            numbers.push(number::could_be(at));
        }
    }
    let abis = [Abi::Abi3, Abi::Abi3t];
    numbers.extend(abis.into_iter().filter(|abi| facts.declared.has(*abi)).map(number::declared));
    for version in CHANGING.map(|minor| Version::new(3, minor)) {
        let is = |bits: u32| bits & version_bit(version) != 0;
        numbers.extend(is(facts.removed).then(|| number::removed(version)));
        numbers.extend(is(facts.deprecated).then(|| number::deprecated(version)));
    }
    numbers.extend(facts.structures.iter().map(|structure| number::structure(*structure)));
    numbers
}

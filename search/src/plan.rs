//! What a line must hold for a pattern to match in it, as trigrams.
//!
//! Read from the parsed pattern: parts that stand for a few strings are multiplied out, whatever else lies between them
//! says nothing. After Russ Cox, "Regular Expression Matching with a Trigram Index".

use std::collections::{BTreeMap, BTreeSet};

use regex_syntax::hir::{Class, Hir, HirKind, Repetition};

use crate::Units;

/// Three bytes that follow each other in a line.
pub type Trigram = [u8; 3];

/// Strings that are followed at once: the case variants of six letters.
const STRINGS: usize = 64;
/// Bytes of all of them.
const STRING_BYTES: usize = 4096;
/// Characters of a class that are told apart.
const CLASS: u32 = 16;
/// Times that a repeated part is written out.
const COPIES: u32 = 4;

/// What a matching line must hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Plan {
    /// Nothing is known: every line may match.
    Any,
    /// This trigram.
    Has(Trigram),
    /// All of these.
    All(Vec<Plan>),
    /// At least one of these; if there are none, nothing matches.
    Either(Vec<Plan>),
}

impl Plan {
    pub(crate) fn of(hir: &Hir) -> Self {
        walk(hir).into_plan()
    }

    /// Every trigram that it asks about.
    pub fn trigrams(&self) -> BTreeSet<Trigram> {
        match self {
            Self::Any => BTreeSet::new(),
            Self::Has(trigram) => BTreeSet::from([*trigram]),
            Self::All(parts) | Self::Either(parts) => parts.iter().flat_map(Self::trigrams).collect(),
        }
    }

    /// The units that may hold a match, of `count`. `held` says which hold each of [`Plan::trigrams`]; one that it does
    /// not know is in none.
    pub fn units(&self, count: u32, held: &BTreeMap<Trigram, Units>) -> Units {
        match self {
            Self::Any => Units::all(count),
            Self::Has(trigram) => held.get(trigram).cloned().unwrap_or_else(|| Units::none(count)),
            Self::All(parts) => parts.iter().fold(Units::all(count), |units, part| units.and(&part.units(count, held))),
            Self::Either(parts) => {
                parts.iter().fold(Units::none(count), |units, part| units.or(&part.units(count, held)))
            }
        }
    }

    fn all(mut parts: Vec<Self>) -> Self {
        parts.retain(|part| *part != Self::Any);
        match parts.len() {
            0 => Self::Any,
            1 => parts.swap_remove(0),
            _ => Self::All(parts),
        }
    }

    fn either(parts: Vec<Self>) -> Self {
        if parts.contains(&Self::Any) { Self::Any } else { Self::Either(parts) }
    }

    /// One of these strings is there.
    fn strings(strings: &BTreeSet<Vec<u8>>) -> Self {
        let whole = |string: &Vec<u8>| {
            let trigrams: BTreeSet<_> = string.windows(3).filter_map(|three| three.try_into().ok()).collect();
            Self::all(trigrams.into_iter().map(Self::Has).collect())
        };
        match strings.len() {
            1 => strings.first().map_or(Self::Any, whole),
            _ => Self::either(strings.iter().map(whole).collect()),
        }
    }
}

/// What a part of a pattern matches.
enum Part {
    /// One of these strings and nothing else.
    Exact(BTreeSet<Vec<u8>>),
    /// Anything that keeps to the plan.
    Loose(Plan),
}

impl Part {
    fn empty() -> Self {
        Self::Exact(BTreeSet::from([Vec::new()]))
    }

    fn into_plan(self) -> Plan {
        match self {
            Self::Exact(strings) => Plan::strings(&strings),
            Self::Loose(plan) => plan,
        }
    }
}

fn fits(strings: &BTreeSet<Vec<u8>>) -> bool {
    strings.len() <= STRINGS && strings.iter().map(Vec::len).sum::<usize>() <= STRING_BYTES
}

fn walk(hir: &Hir) -> Part {
    match hir.kind() {
        HirKind::Empty | HirKind::Look(_) => Part::empty(),
        HirKind::Literal(literal) => Part::Exact(BTreeSet::from([literal.0.to_vec()])),
        HirKind::Class(class) => of_class(class),
        HirKind::Capture(capture) => walk(&capture.sub),
        HirKind::Repetition(repetition) => repeated(repetition),
        HirKind::Concat(parts) => joined(parts.iter().map(walk)),
        HirKind::Alternation(parts) => alternatives(parts.iter().map(walk).collect()),
    }
}

fn of_class(class: &Class) -> Part {
    let strings: Option<BTreeSet<Vec<u8>>> = match class {
        Class::Unicode(class) => {
            let size: u32 =
                class.ranges().iter().map(|range| 1 + u32::from(range.end()) - u32::from(range.start())).sum();
            let chars = || class.ranges().iter().flat_map(|range| range.start()..=range.end());
            (size <= CLASS).then(|| chars().map(|c| c.to_string().into_bytes()).collect())
        }
        Class::Bytes(class) => {
            let size: u32 =
                class.ranges().iter().map(|range| 1 + u32::from(range.end()) - u32::from(range.start())).sum();
            let bytes = || class.ranges().iter().flat_map(|range| range.start()..=range.end());
            (size <= CLASS).then(|| bytes().map(|byte| vec![byte]).collect())
        }
    };
    match strings {
        // No line holds its end.
        Some(mut strings) => {
            strings.retain(|string| string != b"\n");
            Part::Exact(strings)
        }
        None => Part::Loose(Plan::Any),
    }
}

fn alternatives(parts: Vec<Part>) -> Part {
    let mut all = BTreeSet::new();
    for part in &parts {
        match part {
            Part::Exact(strings) => all.extend(strings.iter().cloned()),
            Part::Loose(_) => all.clear(),
        }
    }
    if fits(&all) && parts.iter().all(|part| matches!(part, Part::Exact(_))) {
        return Part::Exact(all);
    }
    Part::Loose(Plan::either(parts.into_iter().map(Part::into_plan).collect()))
}

fn repeated(repetition: &Repetition) -> Part {
    let once = || walk(&repetition.sub);
    match (repetition.min, repetition.max) {
        (0, Some(1)) => alternatives(vec![Part::empty(), once()]),
        (0, Some(0)) => Part::empty(),
        (0, _) => Part::Loose(Plan::Any),
        (min, max) => {
            let copies = joined((0..min.min(COPIES)).map(|_| once()));
            if max == Some(min) && min <= COPIES { copies } else { Part::Loose(copies.into_plan()) }
        }
    }
}

/// One part after the other. `run` holds the strings that end where the parts so far end.
fn joined(parts: impl Iterator<Item = Part>) -> Part {
    let mut run = BTreeSet::from([Vec::new()]);
    let (mut plans, mut is_exact) = (Vec::new(), true);
    for part in parts {
        match part {
            Part::Exact(strings) => {
                let mut longer = product(&run, &strings);
                if longer.is_none() {
                    plans.push(Plan::strings(&run));
                    is_exact = false;
                    let tails = run.iter().map(|string| string[string.len().saturating_sub(2)..].to_vec()).collect();
                    longer = product(&tails, &strings);
                }
                run = longer.unwrap_or(strings);
            }
            Part::Loose(plan) => {
                plans.extend([Plan::strings(&run), plan]);
                is_exact = false;
                run = BTreeSet::from([Vec::new()]);
            }
        }
    }
    if is_exact {
        return Part::Exact(run);
    }
    plans.push(Plan::strings(&run));
    Part::Loose(Plan::all(plans))
}

/// Every string of one followed by every string of the other, unless they are too many.
fn product(one: &BTreeSet<Vec<u8>>, other: &BTreeSet<Vec<u8>>) -> Option<BTreeSet<Vec<u8>>> {
    if one.len().saturating_mul(other.len()) > STRINGS {
        return None;
    }
    let all = one.iter().flat_map(|start| other.iter().map(|end| [start.as_slice(), end].concat())).collect();
    fits(&all).then_some(all)
}

//! Uses of CPython's names.
//!
//! A use of a type's name counts neither way: a compiler sees types that the source does not write, and the other way.

use std::collections::BTreeSet;

use super::{File, Known};
use crate::score::lines::Place;
use crate::score::sheet::{Fault, Neutral, Sheet, Spot};
use crate::score::tally::Tally;
use crate::score::truth::FileTruth;

const TYPE: &str = "type";

/// The distinct names of a package.
#[derive(Debug, Default)]
pub(super) struct Names<'a> {
    used: BTreeSet<&'a str>,
    found: BTreeSet<&'a str>,
}

impl Names<'_> {
    pub(super) fn tally(&self) -> Tally {
        let mut tally = Tally::default();
        self.used.iter().for_each(|name| tally.count(self.found.contains(name)));
        self.found.difference(&self.used).for_each(|_| tally.wrong += 1);
        tally
    }
}

pub(super) fn judge<'a>(file: File<'a>, known: &Known, names: &mut Names<'a>, sheet: &mut Sheet) {
    findings(file, known, names, sheet);
    for (place, sort) in &file.facts.api {
        let is_found = file.findings.api.contains(place);
        for sort in sort.split('+') {
            sheet.score.api_by_sort.entry(sort.to_owned()).or_default().count(is_found);
        }
        if sort != TYPE {
            names.used.insert(&place.name);
            sheet.score.api.count(is_found);
            if !is_found {
                sheet.note(Fault::Missed, spot(file, place), sort);
            }
        }
    }
}

fn findings<'a>(file: File<'a>, known: &Known, names: &mut Names<'a>, sheet: &mut Sheet) {
    for place in &file.findings.api {
        if !file.facts.seen.contains(place.line) {
            sheet.score.outside += 1;
        } else if let Some(sort) = file.facts.api.get(place) {
            if sort == TYPE {
                sheet.score.neutral += 1;
            } else {
                names.found.insert(&place.name);
            }
        } else if let Some(reason) = neutral(file.facts, place, known) {
            sheet.score.neutral += 1;
            *sheet.score.neutral_api.entry(reason).or_default() += 1;
        } else {
            names.found.insert(&place.name);
            sheet.score.api.wrong += 1;
            sheet.note(Fault::FalseAlarm, spot(file, place), "");
        }
    }
}

/// Why a finding that the compiler does not have is not wrong.
fn neutral(facts: &FileTruth, place: &Place, known: &Known) -> Option<Neutral> {
    let is_known = known.contains(&place.name);
    let reasons = [
        (facts.config.contains(place), Neutral::PyconfigName),
        (facts.directives.contains(place.line), Neutral::PreprocessorLine),
        (is_known && facts.own.contains(place), Neutral::OwnShim),
        (is_known && facts.bodies.contains(place.line), Neutral::DefineBody),
        (facts.dropped.contains(place), Neutral::DroppedArgument),
        (facts.members.contains_key(place) || facts.heads.contains(place), Neutral::StructureMember),
        (facts.template.contains(place), Neutral::Template),
    ];
    reasons.into_iter().find_map(|(applies, reason)| applies.then_some(reason))
}

fn spot<'a>(file: File<'a>, place: &'a Place) -> Spot<'a> {
    Spot { kind: "api", file: file.path, line: place.line, name: &place.name }
}

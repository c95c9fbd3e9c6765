//! Macros assigned to (PEP 674). One whose address is only taken counts neither way.

use super::File;
use crate::score::lines::Place;
use crate::score::sheet::{Fault, Sheet, Spot};

pub(super) fn judge(file: File<'_>, sheet: &mut Sheet) {
    let facts = file.facts;
    for place in file.findings.lvalues.difference(&facts.assigned) {
        if !facts.seen.contains(place.line) {
            sheet.score.outside += 1;
        } else if facts.addressed.contains(place) || facts.bodies.contains(place.line) {
            sheet.score.neutral += 1;
        } else {
            sheet.score.lvalues.wrong += 1;
            sheet.note(Fault::FalseAlarm, spot(file, place), "");
        }
    }
    for place in &facts.assigned {
        let is_found = file.findings.lvalues.contains(place);
        sheet.score.lvalues.count(is_found);
        if !is_found {
            sheet.note(Fault::Missed, spot(file, place), "");
        }
    }
}

fn spot<'a>(file: File<'a>, place: &'a Place) -> Spot<'a> {
    Spot { kind: "lvalue", file: file.path, line: place.line, name: &place.name }
}

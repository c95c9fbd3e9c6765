//! Variables of `PyTypeObject` with static storage: found if a finding is near a line of their definition.

use std::collections::{BTreeMap, BTreeSet};

use super::File;
use crate::score::sheet::{Fault, Sheet, Spot};

/// The lines between a definition's first and that of its name.
const NEAR: u32 = 3;

pub(super) fn judge(file: File<'_>, sheet: &mut Sheet) {
    written_out(file, sheet);
    made_by_macros(file, sheet);
}

fn written_out(file: File<'_>, sheet: &mut Sheet) {
    let facts = file.facts;
    let is_seen = |lines: &BTreeSet<u32>| lines.iter().any(|line| facts.seen.contains(*line));
    for (name, lines) in &file.findings.static_types {
        if facts.types.get(name).is_some_and(|truth| is_seen(truth) && are_near(lines, truth)) {
            continue;
        }
        if !is_seen(lines) {
            sheet.score.outside += 1;
        } else if facts.declared_types.contains(name) || facts.macro_types.contains_key(name) {
            sheet.score.neutral += 1;
        } else {
            sheet.score.static_types.wrong += 1;
            sheet.note(Fault::FalseAlarm, spot("static-type", file, name, lines), "");
        }
    }
    for (name, truth) in facts.types.iter().filter(|(_, truth)| is_seen(truth)) {
        let is_found = file.findings.static_types.get(name).is_some_and(|lines| are_near(lines, truth));
        sheet.score.static_types.count(is_found);
        if !is_found {
            sheet.note(Fault::Missed, spot("static-type", file, name, truth), "");
        }
    }
}

/// Types whose name stands nowhere: a finding on the very line is one, whatever it calls it.
fn made_by_macros(file: File<'_>, sheet: &mut Sheet) {
    let found: BTreeSet<u32> = file.findings.static_types.values().flatten().copied().collect();
    let seen = file.facts.macro_types.iter().filter(|(_, line)| file.facts.seen.contains(**line));
    let lines: BTreeMap<u32, &String> = seen.map(|(name, line)| (*line, name)).collect();
    for (line, name) in lines {
        let is_found = found.contains(&line);
        sheet.score.macro_types.count(is_found);
        if !is_found {
            sheet.note(Fault::Missed, Spot { kind: "macro-type", file: file.path, line, name }, "");
        }
    }
}

fn are_near(found: &BTreeSet<u32>, truth: &BTreeSet<u32>) -> bool {
    found.iter().any(|line| truth.iter().any(|other| line.abs_diff(*other) <= NEAR))
}

fn spot<'a>(kind: &'a str, file: File<'a>, name: &'a str, lines: &BTreeSet<u32>) -> Spot<'a> {
    Spot { kind, file: file.path, line: lines.first().copied().unwrap_or_default(), name }
}

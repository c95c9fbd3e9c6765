//! Accesses to members of CPython's structures. An initialiser counts neither way.

use std::collections::{BTreeMap, BTreeSet};

use super::File;
use crate::score::lines::Place;
use crate::score::sheet::{Fault, Sheet, Spot};

/// A place's structures, each with its access.
type Accesses = BTreeMap<String, String>;

pub(super) fn judge(file: File<'_>, sheet: &mut Sheet) {
    for (place, structures) in &file.findings.members {
        if !file.facts.seen.contains(place.line) {
            sheet.score.outside += 1;
        } else if let Some(truth) = file.facts.members.get(place) {
            sheet.score.neutral += u32::from(!is_use(truth));
            structure(file, place, structures, truth, sheet);
        } else if is_neutral(file, place) {
            sheet.score.neutral += 1;
        } else {
            sheet.score.members.wrong += 1;
            let named: Vec<&str> = structures.iter().map(String::as_str).collect();
            sheet.note(Fault::FalseAlarm, spot(file, place), named.join("/"));
        }
    }
    for (place, truth) in &file.facts.members {
        recall(file, place, truth, sheet);
    }
}

fn recall(file: File<'_>, place: &Place, truth: &Accesses, sheet: &mut Sheet) {
    let is_found = file.findings.members.contains_key(place);
    for access in truth.values().flat_map(|access| access.split('+')) {
        sheet.score.members_by_access.entry(access.to_owned()).or_default().count(is_found);
    }
    if !is_use(truth) {
        return;
    }
    sheet.score.members.count(is_found);
    if truth.keys().any(|structure| !PUBLIC.contains(&structure.as_str())) {
        sheet.score.hidden_members.count(is_found);
    }
    if !is_found {
        sheet.note(Fault::Missed, spot(file, place), told(truth));
    }
}

/// Whether the structure is named rightly, if one is named.
fn structure(file: File<'_>, place: &Place, named: &BTreeSet<String>, truth: &Accesses, sheet: &mut Sheet) {
    if named.is_empty() {
        return;
    }
    let is_right = named.iter().any(|structure| truth.keys().any(|other| typedef(other) == typedef(structure)));
    if is_right {
        sheet.score.structures.hit += 1;
    } else {
        sheet.score.structures.wrong += 1;
        sheet.note(Fault::WrongStructure, spot(file, place), told(truth));
    }
}

fn is_use(truth: &Accesses) -> bool {
    truth.values().flat_map(|access| access.split('+')).any(|access| access != "init")
}

fn is_neutral(file: File<'_>, place: &Place) -> bool {
    let facts = file.facts;
    let is_named = [&facts.heads, &facts.template, &facts.dropped].iter().any(|places| places.contains(place));
    is_named || facts.bodies.contains(place.line)
}

/// `PyTypeObject:read/PyObject:write`.
fn told(truth: &Accesses) -> String {
    let each: Vec<String> = truth.iter().map(|(structure, access)| format!("{structure}:{access}")).collect();
    each.join("/")
}

fn spot<'a>(file: File<'a>, place: &'a Place) -> Spot<'a> {
    Spot { kind: "member", file: file.path, line: place.line, name: &place.name }
}

/// The name by which code knows the structure, where the compiler may give its tag. Written out here, so that the
/// measure does not lean on what it measures.
fn typedef(structure: &str) -> &str {
    match structure {
        "_object" => "PyObject",
        "_typeobject" => "PyTypeObject",
        "_heaptypeobject" => "PyHeapTypeObject",
        "_longobject" => "PyLongObject",
        "_frame" => "PyFrameObject",
        "_ts" => "PyThreadState",
        "_is" => "PyInterpreterState",
        "bufferinfo" => "Py_buffer",
        other => other,
    }
}

/// Structures whose members code for the limited API may touch, or that are for embedding only.
const PUBLIC: [&str; 17] = [
    "PyCompilerFlags",
    "PyConfig",
    "PyGetSetDef",
    "PyMemberDef",
    "PyMethodDef",
    "PyModuleDef",
    "PyModuleDef_Base",
    "PyModuleDef_Slot",
    "PyPreConfig",
    "PyStatus",
    "PyStructSequence_Desc",
    "PyStructSequence_Field",
    "PyType_Slot",
    "PyType_Spec",
    "PyWideStringList",
    "Py_buffer",
    "Py_complex",
];

//! The part of a project's page that is about what the project says: declared floors, and what contradicts itself.

use analyzer::{Abi, Certainty, Change, Contradiction, Declaration, Severity};
use packaging::ProjectName;
use store::FileAnswer;

use crate::address;
use crate::visible::cut;

/// Declarations listed; the JSON has all.
const LISTED: usize = 30;

/// What the project says.
#[derive(Default)]
pub(super) struct Declared {
    /// `abi3 from 3.6: compiled, tagged; not named`, one for each ABI that it asks for.
    pub(super) intents: Vec<String>,
    /// Each statement with its place.
    pub(super) lines: Vec<Line>,
    pub(super) more: usize,
    pub(super) contradictions: Vec<View>,
}

/// A statement.
pub(super) struct Line {
    pub(super) place: Place,
    pub(super) title: &'static str,
    pub(super) value: String,
    pub(super) means: String,
    pub(super) when: String,
}

/// A contradiction.
pub(super) struct View {
    pub(super) severity: &'static str,
    /// `alert` for what fails.
    pub(super) class: &'static str,
    pub(super) code: &'static str,
    pub(super) probable: bool,
    pub(super) explanation: String,
    pub(super) places: Vec<Place>,
    pub(super) changes: Vec<Edit>,
}

/// A line of a file, with the way to it.
pub(super) struct Place {
    pub(super) text: String,
    pub(super) address: String,
}

/// What to write.
pub(super) struct Edit {
    /// `In setup.py, line 12` or `Add to pyproject.toml`.
    pub(super) place: String,
    pub(super) text: String,
}

impl Declared {
    pub(super) fn of(name: &ProjectName, version: &str, file: &FileAnswer) -> Self {
        let place = |path: &str, line: u32| Place {
            text: format!("{}:{line}", cut(path, 120)),
            address: address::source(name, version, path, line),
        };
        let intent = |abi: &Abi| analyzer::intent(&file.declarations, *abi).map(|intent| intent.to_string());
        Self {
            intents: [Abi::Abi3, Abi::Abi3t].iter().filter_map(intent).collect(),
            lines: file.declarations.iter().take(LISTED).map(|one| line(one, place(&one.path, one.line))).collect(),
            more: file.declarations.len().saturating_sub(LISTED),
            contradictions: file
                .contradictions
                .iter()
                .map(|one| view(one, one.places.iter().map(|at| place(&at.path, at.line)).collect()))
                .collect(),
        }
    }
}

fn line(declaration: &Declaration, place: Place) -> Line {
    let floor = declaration.floor.map(|floor| format!(" from {floor}")).unwrap_or_default();
    let abi = declaration.abi.map_or("", Abi::as_str);
    Line {
        place,
        title: declaration.form.title(),
        value: cut(&declaration.value, 120).into_owned(),
        means: format!("{} {abi}{floor}", declaration.says.as_str()).trim_end().to_owned(),
        when: cut(declaration.when.as_deref().unwrap_or(""), 120).into_owned(),
    }
}

fn view(found: &Contradiction, places: Vec<Place>) -> View {
    View {
        severity: found.severity.as_str(),
        class: if found.severity == Severity::Error { "alert" } else { "" },
        code: found.code,
        probable: found.certainty == Certainty::Probable,
        explanation: found.explanation.clone(),
        places,
        changes: found.changes.iter().map(edit).collect(),
    }
}

fn edit(Change { path, line, text }: &Change) -> Edit {
    let path = cut(path, 120);
    Edit {
        place: line.map_or_else(|| format!("Add to {path}"), |line| format!("In {path}, line {line}")),
        text: text.clone(),
    }
}

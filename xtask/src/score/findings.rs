//! What the analyzer says: the lines of `scan --format jsonl`, by package and file.

use std::collections::{BTreeMap, BTreeSet};

use analyzer::Outcome;
use anyhow::Context as _;
use serde::Deserialize;

use super::lines::Place;
use super::truth::Truth;

/// What the analyzer says about one package.
#[derive(Debug, Default)]
pub(super) struct Found {
    pub(super) files: BTreeMap<String, FoundInFile>,
    /// By version of the abi3 target (`3.11`).
    pub(super) verdicts: BTreeMap<String, Said>,
}

/// What it says about one file.
#[derive(Debug, Default)]
pub(super) struct FoundInFile {
    pub(super) api: BTreeSet<Place>,
    /// With the structures named.
    pub(super) members: BTreeMap<Place, BTreeSet<String>>,
    pub(super) lvalues: BTreeSet<Place>,
    /// The lines of each.
    pub(super) static_types: BTreeMap<String, BTreeSet<u32>>,
}

/// A verdict.
#[derive(Debug)]
pub(super) struct Said {
    /// `None` where the verdict is neither yes nor no.
    pub(super) buildable: Option<bool>,
    pub(super) blocking: BTreeSet<String>,
}

/// A line, as far as it is wanted.
#[derive(Debug, Deserialize)]
struct Record {
    sdist: String,
    kind: String,
    path: Option<String>,
    line: Option<u32>,
    name: Option<String>,
    #[serde(rename = "struct")]
    structure: Option<String>,
    active: Option<bool>,
    target: Option<String>,
    verdict: Option<Outcome>,
    blocking: Option<BTreeSet<String>>,
}

/// The findings in `lines` about each of the packages, in their order. Lines about other packages, and of kinds that
/// the truth says nothing about, are passed over.
pub(super) fn read(lines: &[u8], truths: &[Truth]) -> anyhow::Result<Vec<Found>> {
    let packages: BTreeMap<&str, usize> = truths.iter().map(|truth| truth.sdist.as_str()).zip(0..).collect();
    let mut found: Vec<Found> = truths.iter().map(|_| Found::default()).collect();
    let written = lines.split(|byte| *byte == b'\n').zip(1..).filter(|(line, _)| !line.is_empty());
    for (line, number) in written {
        let record: Record = serde_json::from_slice(line).with_context(|| format!("line {number} of the findings"))?;
        let sdist = record.sdist.rsplit('/').next().unwrap_or_default();
        if let Some(package) = packages.get(sdist) {
            found[*package].add(record, &truths[*package]);
        }
    }
    Ok(found)
}

impl Found {
    fn add(&mut self, record: Record, truth: &Truth) {
        match (record.verdict, record.target) {
            (Some(outcome), Some(target)) => {
                if let Some(version) = target.strip_prefix("abi3-") {
                    let said = Said { buildable: buildable(outcome), blocking: record.blocking.unwrap_or_default() };
                    self.verdicts.insert(version.to_owned(), said);
                }
            }
            _ if record.active == Some(false) => {}
            _ => {
                if let (Some(path), Some(number), Some(name)) = (record.path, record.line, record.name) {
                    let file = self.files.entry(truth.file_named(&path).to_owned()).or_default();
                    file.add(&record.kind, Place::new(number, name), record.structure);
                }
            }
        }
    }
}

impl FoundInFile {
    fn add(&mut self, kind: &str, place: Place, structure: Option<String>) {
        match kind {
            "api" => drop(self.api.insert(place)),
            "member" => self.members.entry(place).or_default().extend(structure),
            "lvalue" => drop(self.lvalues.insert(place)),
            "static-type" => drop(self.static_types.entry(place.name).or_default().insert(place.line)),
            _ => {}
        }
    }
}

/// Whether the verdict says that the code compiles for the target.
fn buildable(outcome: Outcome) -> Option<bool> {
    match outcome {
        Outcome::NoBlocker => Some(true),
        Outcome::Blocked | Outcome::ToolBlocks => Some(false),
        Outcome::Undecided | Outcome::Pure => None,
    }
}

//! A published report: a static site about one day, made from what was frozen and from nothing else. The same input gives
//! the same bytes.

mod data;
mod pages;

use std::collections::{BTreeMap, HashSet};

use capi::{Target, Version};
use serde::Serialize;
use store::{Frozen, Sha256, SnapshotHead};
use trends::{Scope, Series, Subject, Toolchain};

use crate::app::DEFAULT_TARGET;
use crate::error::WebError;
use crate::figures::{Asked, Figure};

/// The site: the bytes of each file by its path.
pub type Site = BTreeMap<String, Vec<u8>>;

/// Why a report could not be made.
#[derive(Debug)]
pub struct ReportFailure(WebError);

impl std::fmt::Display for ReportFailure {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "the report could not be made: {:?}", self.0)
    }
}

impl std::error::Error for ReportFailure {}

impl From<ReportFailure> for WebError {
    fn from(failure: ReportFailure) -> Self {
        failure.0
    }
}

impl From<WebError> for ReportFailure {
    fn from(error: WebError) -> Self {
        Self(error)
    }
}

impl From<export::Error> for ReportFailure {
    fn from(error: export::Error) -> Self {
        Self(WebError::Table(error))
    }
}

/// The targets that reports are about.
fn targets() -> [Target; 3] {
    [DEFAULT_TARGET, Target::Abi3(Version::NEWEST), Target::Abi3t(Version::NEWEST)]
}

fn asked(target: Target) -> Asked {
    Asked { target, scope: Scope::All }
}

/// The series that a report shows, each once.
pub fn report_series() -> Vec<(Subject, Scope)> {
    let of_targets = targets().into_iter().flat_map(|target| {
        Figure::ALL
            .into_iter()
            .filter(|figure| figure.has_target())
            .flat_map(move |figure| figure.series(asked(target)))
    });
    let others = Figure::ALL.into_iter().filter(|figure| !figure.has_target());
    let others = others.flat_map(|figure| figure.series(asked(DEFAULT_TARGET)));
    let of_toolchains = Toolchain::ALL.iter().flat_map(|toolchain| {
        let outcomes = crate::bars::PARTS.into_iter();
        outcomes.map(|outcome| (Subject::Verdict(DEFAULT_TARGET, outcome), Scope::Toolchain(*toolchain)))
    });
    let mut seen = HashSet::new();
    of_targets.chain(others).chain(of_toolchains).filter(|one| seen.insert(one.clone())).collect()
}

/// A report to be made.
struct Report<'f> {
    frozen: &'f Frozen,
    /// The snapshot that it is of; `None`: of no snapshot.
    head: Option<&'f SnapshotHead>,
}

impl Report<'_> {
    fn series(&self, subject: &Subject, scope: Scope) -> Option<Series> {
        let (subject, scope) = (subject.to_string(), scope.to_string());
        self.frozen.series.iter().find(|series| series.subject == subject && series.scope == scope).cloned()
    }
}

/// A file of the manifest.
#[derive(Serialize)]
struct Listed<'f> {
    path: &'f str,
    bytes: usize,
    sha256: String,
}

/// What a report is of, and the hash of each of its files.
#[derive(Serialize)]
struct Manifest<'f> {
    snapshot: Option<&'f str>,
    corrects: Option<&'f str>,
    day: String,
    /// Over `data/files.csv`'s projects, versions and hashes: see the methodology.
    snapshot_hash: &'f str,
    analyzer_version: &'f str,
    capi_version: &'f str,
    projects: usize,
    files: Vec<Listed<'f>>,
}

/// The site of a day. `head`: the snapshot that it is of.
pub fn report(frozen: &Frozen, head: Option<&SnapshotHead>) -> Result<Site, ReportFailure> {
    let report = Report { frozen, head };
    let mut site = Site::new();
    report.pages(&mut site)?;
    report.data(&mut site)?;
    let files =
        site.iter().map(|(path, bytes)| Listed { path, bytes: bytes.len(), sha256: Sha256::of(bytes).to_string() });
    let manifest = Manifest {
        snapshot: head.map(|head| head.name.as_str()),
        corrects: head.and_then(|head| head.corrects.as_deref()),
        day: frozen.day.to_string(),
        snapshot_hash: &frozen.hash,
        analyzer_version: &frozen.analyzer_version,
        capi_version: &frozen.capi_version,
        projects: frozen.files.len(),
        files: files.collect(),
    };
    let mut json = serde_json::to_vec_pretty(&manifest).unwrap_or_default();
    json.push(b'\n');
    site.insert("manifest.json".to_owned(), json);
    Ok(site)
}

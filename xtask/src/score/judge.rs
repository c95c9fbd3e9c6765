//! One package's findings beside the truth.
//!
//! Each kind of finding is judged file by file, by the rules of `analyzer/truth/README.md`: found and true is a hit,
//! found and not true is wrong unless a reason makes it neutral, and nothing is judged on lines that no compiler saw.

mod api;
mod lvalues;
mod members;
mod static_types;
mod verdicts;

use std::collections::BTreeSet;

pub(super) use verdicts::{Agreement, Judgement, word};

use super::findings::{Found, FoundInFile};
use super::sheet::{Miss, Score, Sheet};
use super::truth::{FileTruth, Truth};

/// The names that CPython's headers have had, from 2.7 on.
pub(super) type Known = BTreeSet<String>;

/// One package, judged.
pub(super) struct Judged {
    pub(super) package: String,
    /// Over all files.
    pub(super) score: Score,
    /// Over the files that no generator wrote.
    pub(super) hand_written: Score,
    /// One for each target that the truth knows.
    pub(super) verdicts: Vec<Judgement>,
    /// Sorted.
    pub(super) misses: Vec<Miss>,
}

/// Judges the findings about one package.
pub(super) fn judge(truth: &Truth, found: &Found, known: &Known) -> Judged {
    let mut sheet = files(truth, found, known, |_| true);
    let verdicts = verdicts::judge(truth, found, &mut sheet);
    sheet.misses.sort();
    Judged {
        package: truth.package.clone(),
        score: sheet.score,
        hand_written: files(truth, found, known, |file| !file.is_generated).score,
        verdicts,
        misses: sheet.misses,
    }
}

/// Judges the files of the package that are `wanted`.
fn files(truth: &Truth, found: &Found, known: &Known, wanted: impl Fn(&FileTruth) -> bool) -> Sheet {
    let (unseen, silent) = (FileTruth::default(), FoundInFile::default());
    let mut sheet = Sheet { package: truth.package.clone(), ..Sheet::default() };
    let mut names = api::Names::default();
    let paths: BTreeSet<&String> = truth.files.keys().chain(found.files.keys()).collect();
    for path in paths {
        let facts = truth.files.get(path).unwrap_or(&unseen);
        let findings = found.files.get(path).unwrap_or(&silent);
        if wanted(facts) {
            let file = File { path, facts, findings };
            api::judge(file, known, &mut names, &mut sheet);
            members::judge(file, &mut sheet);
            lvalues::judge(file, &mut sheet);
            static_types::judge(file, &mut sheet);
        }
    }
    sheet.score.names = names.tally();
    sheet
}

/// A file, what is true in it and what was found.
#[derive(Clone, Copy)]
struct File<'a> {
    path: &'a str,
    facts: &'a FileTruth,
    findings: &'a FoundInFile,
}

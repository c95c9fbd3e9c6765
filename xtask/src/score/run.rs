//! All packages, judged.

use std::collections::{BTreeMap, BTreeSet};

use super::judge::{Agreement, Judged};
use super::sheet::{Miss, Score};

/// All packages, judged.
pub(super) struct Run {
    /// Sorted by name.
    pub(super) packages: Vec<Judged>,
    /// Over all files of all packages.
    pub(super) total: Score,
    /// Over the files that no generator wrote.
    pub(super) hand_written: Score,
    /// By target (`3.11`).
    pub(super) agreements: BTreeMap<String, Agreement>,
}

impl Run {
    pub(super) fn new(packages: Vec<Judged>) -> Self {
        let mut run =
            Self { packages, total: Score::default(), hand_written: Score::default(), agreements: BTreeMap::new() };
        for package in &run.packages {
            run.total += &package.score;
            run.hand_written += &package.hand_written;
        }
        let judgements = || run.packages.iter().flat_map(|package| &package.verdicts);
        let targets: BTreeSet<&String> = judgements().map(|judgement| &judgement.target).collect();
        let agreement = |target: &String| Agreement::of(judgements().filter(|judgement| judgement.target == *target));
        run.agreements = targets.into_iter().map(|target| (target.clone(), agreement(target))).collect();
        run
    }

    /// All that went wrong, sorted within each package.
    pub(super) fn misses(&self) -> impl Iterator<Item = &Miss> {
        self.packages.iter().flat_map(|package| &package.misses)
    }
}

//! The denominator chain.

use analyzer::Outcome;
use capi::Target;

use crate::standing::{Standing, Step, place};

/// The denominator chain: how many projects are left at each step. Never a number without it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, serde::Serialize, schemars::JsonSchema)]
pub struct Chain {
    /// Projects in the survey.
    pub all: i64,
    /// With any file.
    pub with_files: i64,
    /// With an sdist.
    pub with_sdist: i64,
    /// Whose sdist was selected by the prefilter.
    pub selected: i64,
    /// Whose sdist was fetched.
    pub fetched: i64,
    /// Whose sdist could be read.
    pub readable: i64,
    /// With native source in it.
    pub with_native: i64,
    /// With a verdict other than `undecided`, for the target asked about.
    pub decided: i64,
}

impl Standing {
    /// The chain of the whole survey, each project by the release that stands for it; each step counts only projects
    /// that were counted in the step before.
    pub(crate) fn chain(&self, target: Target) -> Chain {
        let mut chain = Chain::default();
        let place = place(target);
        for project in &self.projects {
            let decided = || {
                let outcome = project.report.as_ref()?.judged(place?).outcome?;
                Some(outcome != Outcome::Undecided)
            };
            let is_decided = project.reached == Step::WithNative && decided() == Some(true);
            for (step, count) in [
                (Step::All, &mut chain.all),
                (Step::WithFiles, &mut chain.with_files),
                (Step::WithSdist, &mut chain.with_sdist),
                (Step::Selected, &mut chain.selected),
                (Step::Fetched, &mut chain.fetched),
                (Step::Readable, &mut chain.readable),
                (Step::WithNative, &mut chain.with_native),
            ] {
                *count += i64::from(project.reached >= step);
            }
            chain.decided += i64::from(is_decided);
        }
        chain
    }
}

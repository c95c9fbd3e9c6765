//! Verdicts beside what the compiler did under `Py_LIMITED_API`.

use std::collections::BTreeSet;

use crate::score::facts::Limited;
use crate::score::findings::{Found, Said};
use crate::score::sheet::{Fault, Sheet, Spot};
use crate::score::tally::Tally;
use crate::score::truth::Truth;

/// A verdict about a package for one target, judged.
#[derive(Debug, Clone)]
pub(in crate::score) struct Judgement {
    /// `3.11`.
    pub(in crate::score) target: String,
    /// Whether the code compiles.
    pub(in crate::score) truth: bool,
    /// What the verdict says, if it says yes or no.
    pub(in crate::score) said: Option<bool>,
    /// The names that stand in the way.
    pub(in crate::score) blocking: Tally,
}

/// How often verdicts and compiler agree.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(in crate::score) struct Agreement {
    pub(in crate::score) packages: u32,
    /// Those that compile.
    pub(in crate::score) buildable: u32,
    pub(in crate::score) agree: u32,
    /// Said yes, does not compile.
    pub(in crate::score) yes_is_no: u32,
    /// Said no, compiles.
    pub(in crate::score) no_is_yes: u32,
    /// Said neither.
    pub(in crate::score) unsaid: u32,
    pub(in crate::score) blocking: Tally,
}

impl Agreement {
    /// Of the judgements about one target.
    pub(in crate::score) fn of<'a>(judgements: impl Iterator<Item = &'a Judgement>) -> Self {
        let mut sum = Self::default();
        for judgement in judgements {
            sum.packages += 1;
            sum.buildable += u32::from(judgement.truth);
            sum.blocking += judgement.blocking;
            match (judgement.said, judgement.truth) {
                (None, _) => sum.unsaid += 1,
                (Some(true), false) => sum.yes_is_no += 1,
                (Some(false), true) => sum.no_is_yes += 1,
                (Some(_), _) => sum.agree += 1,
            }
        }
        sum
    }
}

/// One judgement for each target that the truth could tell about.
pub(super) fn judge(truth: &Truth, found: &Found, sheet: &mut Sheet) -> Vec<Judgement> {
    let told = truth.limited.iter().filter_map(|(target, limited)| Some((target, limited, limited.buildable?)));
    told.map(|(target, limited, buildable)| {
        let said = found.verdicts.get(target);
        let judgement = Judgement {
            target: target.clone(),
            truth: buildable,
            said: said.and_then(|said| said.buildable),
            blocking: blocking(target, limited, said, sheet),
        };
        if judgement.said != Some(buildable) {
            let kind = format!("abi3-{target}");
            let spot = Spot { kind: &kind, file: "", line: 0, name: "(verdict)" };
            let detail = format!("said {}, is {}", word(judgement.said), word(Some(buildable)));
            sheet.note(Fault::WrongVerdict, spot, detail);
        }
        judgement
    })
    .collect()
}

fn blocking(target: &str, limited: &Limited, said: Option<&Said>, sheet: &mut Sheet) -> Tally {
    let nothing = BTreeSet::new();
    let said = said.map_or(&nothing, |said| &said.blocking);
    let truth = &limited.blocking_names;
    let kind = format!("abi3-{target}");
    let mut tally = Tally::default();
    for name in truth {
        tally.count(said.contains(name));
    }
    for name in truth.difference(said) {
        sheet.note(Fault::Missed, Spot { kind: &kind, file: "", line: 0, name }, "");
    }
    for name in said.difference(truth) {
        tally.wrong += 1;
        sheet.note(Fault::FalseAlarm, Spot { kind: &kind, file: "", line: 0, name }, "");
    }
    tally
}

/// `yes`, `no`, or `?` where neither is said.
pub(in crate::score) const fn word(buildable: Option<bool>) -> &'static str {
    match buildable {
        Some(true) => "yes",
        Some(false) => "no",
        None => "?",
    }
}

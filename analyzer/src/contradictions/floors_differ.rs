//! The wheel says one version and the compiler was told another.

use capi::Version;

use crate::declared::{Abi, Declaration, Dependence, Form, Knob, Says};

use super::facts::{Facts, contradiction};
use super::{Contradiction, Severity, write};

pub(super) fn rule(facts: &Facts<'_>) -> Vec<Contradiction> {
    let mut found: Vec<Contradiction> = Vec::new();
    for tag in facts.setting(Knob::Tag, Abi::Abi3).filter(|found| found.says == Says::On) {
        let Some(tagged) = tag.floor else { continue };
        let compiled = beside(tag, facts);
        let levels = || compiled.iter().filter_map(|found| found.floor);
        if let (Some(lowest), Some(highest)) = (levels().min(), levels().max())
            && !levels().any(|level| level == tagged)
        {
            if tagged < lowest {
                found.push(below(tag, tagged, lowest, &compiled));
            } else if tagged > highest && !tag.depends(Dependence::Automation) {
                found.push(above(tag, tagged, highest, &compiled));
            }
        }
    }
    found
}

/// The definitions that hold with a tag: those under the same condition, else all.
fn beside<'a>(tag: &Declaration, facts: &Facts<'a>) -> Vec<&'a Declaration> {
    // One declaration that sets both cannot differ from itself; nanobind has a rule of its own, and a value that means
    // something else, too.
    let is_told =
        |found: &&Declaration| found.says == Says::On && found.floor.is_some() && found.form != Form::Nanobind;
    let macros: Vec<_> = facts.setting(Knob::Macro, Abi::Abi3).filter(is_told).collect();
    let same: Vec<_> = macros.iter().copied().filter(|found| found.when == tag.when).collect();
    if same.is_empty() { macros } else { same }
}

fn below(tag: &Declaration, tagged: Version, compiled: Version, of: &[&Declaration]) -> Contradiction {
    let explanation = format!(
        "the wheel is tagged for Python {tagged} and later, but compiled for {compiled}: it installs on {tagged} and may \
         fail to load there, for want of functions that came later"
    );
    let all: Vec<_> = [tag].into_iter().chain(of.iter().copied()).collect();
    let changes = write::with_level(tag, compiled).into_iter().collect();
    contradiction(Severity::Error, "tag-below-macro", explanation, &all, changes)
}

fn above(tag: &Declaration, tagged: Version, compiled: Version, of: &[&Declaration]) -> Contradiction {
    let explanation = format!(
        "the wheel is tagged for Python {tagged} and later, but compiled for {compiled}: it is kept from Pythons that it \
         would work on, or from API that it could use"
    );
    let all: Vec<_> = [tag].into_iter().chain(of.iter().copied()).collect();
    let changes = write::all_to(of.iter().copied(), tagged);
    contradiction(Severity::Note, "tag-above-macro", explanation, &all, changes)
}

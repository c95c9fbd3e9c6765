//! A value that a tool does not take as a tag: `bdist_wheel` wants `cp3` and digits, scikit-build-core refuses `cp313t`.

use crate::declared::{Declaration, Form, Knob, Says};

use super::facts::{Facts, contradiction};
use super::{Contradiction, Severity, write};

pub(super) fn rule(facts: &Facts<'_>) -> Vec<Contradiction> {
    let is_mistake = |found: &&Declaration| {
        found.says == Says::Mistake && (!found.sets.has(Knob::Macro) || found.form == Form::CmakeUseSabi)
    };
    facts.declarations.iter().filter(is_mistake).map(|found| told(found, facts)).collect()
}

fn told(found: &Declaration, facts: &Facts<'_>) -> Contradiction {
    let level = facts.proposed();
    let is_free_threaded = found.value.trim_matches(['"', '\'']).ends_with('t') && found.floor.is_some();
    let (code, explanation) = match found.form {
        _ if is_free_threaded => (
            "abi3t-before-3.15",
            format!(
                "{} asks for a wheel for the free-threaded stable ABI, which begins with 3.15: write cp315t",
                found.value
            ),
        ),
        Form::CmakeUseSabi => (
            "tag-not-understood",
            format!("{} is no version for USE_SABI, which wants one such as {level}", found.value),
        ),
        Form::SetuptoolsExtension | Form::SetuptoolsExtModules | Form::MesonPython | Form::SetuptoolsRust => (
            "tag-not-understood",
            format!("{} is neither true nor false, which is what is asked for here", found.value),
        ),
        _ => (
            "tag-not-understood",
            format!(
                "{} is no tag for a wheel: it has to be cp3 and the minor version, such as {}",
                found.value,
                write::tag(level)
            ),
        ),
    };
    let changes = write::with_level(found, level).into_iter().collect();
    contradiction(Severity::Error, code, explanation, &[found], changes)
}

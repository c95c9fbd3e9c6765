//! The declared level against `requires-python`.

use capi::Version;

use crate::declared::{Abi, Declaration, Dependence, Form, Knob, Says};

use super::facts::{Facts, contradiction};
use super::{Contradiction, Severity, write};

pub(super) fn rule(facts: &Facts<'_>) -> Vec<Contradiction> {
    let Some((requirement, lowest)) = facts.lowest_python() else { return Vec::new() };
    let told: Vec<_> = facts
        .declarations
        .iter()
        .filter(|found| found.abi == Some(Abi::Abi3) && found.says == Says::On && is_told(found))
        .collect();
    let floors = || told.iter().filter_map(|found| found.floor);
    let above: Vec<_> = told.iter().copied().filter(|found| found.floor > Some(lowest) && always_asks(found)).collect();
    if let Some(level) = above.iter().filter_map(|found| found.floor).max() {
        return vec![too_high(requirement, lowest, level, &above)];
    }
    // Where several levels are chosen among, the lowest may be for another platform.
    match (floors().max(), floors().min()) {
        (Some(level), Some(_)) if level < lowest && lowest.major() == 3 => {
            vec![too_low(requirement, lowest, level, &told)]
        }
        _ => Vec::new(),
    }
}

fn is_told(found: &Declaration) -> bool {
    let counts = found.sets.has(Knob::Macro) || found.sets.has(Knob::Tag);
    counts && found.floor.is_some() && found.form != Form::Nanobind && !found.depends(Dependence::Automation)
}

/// Whether it asks for its level whatever Python builds. scikit-build-core, py-build-cmake and nanobind fall back by
/// themselves on an older one.
fn always_asks(found: &Declaration) -> bool {
    !found.is_conditional() && !matches!(found.form, Form::ScikitBuildCore | Form::PyBuildCmake)
}

fn too_high(requirement: &Declaration, lowest: Version, level: Version, of: &[&Declaration]) -> Contradiction {
    let explanation = format!(
        "the project promises to work on Python {lowest}, but asks for the limited API of {level} whatever builds it: on \
         {lowest} no wheel fits, and a build from source fails or makes a wheel that does not install"
    );
    let all: Vec<_> = of.iter().copied().chain([requirement]).collect();
    let mut changes = vec![write::requires_python(requirement, level)];
    changes.extend(write::all_to(of.iter().copied(), lowest.max(Version::OLDEST_LIMITED)));
    contradiction(Severity::Error, "requires-python-below-floor", explanation, &all, changes)
}

fn too_low(requirement: &Declaration, lowest: Version, level: Version, of: &[&Declaration]) -> Contradiction {
    let explanation = format!(
        "abi3 from {level} is declared, but the project needs Python {lowest} anyway: nobody gains from the lower level, \
         and the code misses API that came since"
    );
    let all: Vec<_> = of.iter().copied().chain([requirement]).collect();
    contradiction(
        Severity::Note,
        "floor-below-requires-python",
        explanation,
        &all,
        write::all_to(of.iter().copied(), lowest),
    )
}

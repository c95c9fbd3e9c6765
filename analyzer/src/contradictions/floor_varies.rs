//! One of macro and tag is fixed, the other follows the Python that happens to build (yelp_cheetah).

use crate::declared::{Abi, Declaration, Dependence, Form, Knob, Says};

use super::facts::{Facts, contradiction};
use super::{Contradiction, Severity, write};

pub(super) fn rule(facts: &Facts<'_>) -> Vec<Contradiction> {
    let fixed = |knob| facts.setting(knob, Abi::Abi3).filter(|found| found.says == Says::On && found.floor.is_some());
    // What a feature without a version means depends on the tool that builds, and CMake's variable on the tag.
    let is_code = |found: &&Declaration| {
        found.says == Says::Varies
            && !found.depends(Dependence::Automation)
            && matches!(
                found.form,
                Form::CMacro
                    | Form::SetuptoolsMacro
                    | Form::SetuptoolsWheel
                    | Form::SetuptoolsGetTag
                    | Form::CompilerFlag
            )
    };
    let mut found = Vec::new();
    let varying: Vec<_> = facts.setting(Knob::Tag, Abi::Abi3).filter(is_code).collect();
    if let Some(level) = fixed(Knob::Macro).filter_map(|found| found.floor).max()
        && !varying.is_empty()
        && fixed(Knob::Tag).next().is_none()
    {
        let explanation = format!(
            "the wheel's tag follows the Python that builds it, but the code is compiled for {level}: built with a later \
             Python, the wheel is kept from versions that it works on"
        );
        let changes = write::all_to(varying.iter().copied(), level);
        found.push(contradiction(Severity::Warning, "tag-follows-builder", explanation, &varying, changes));
    }
    let varying: Vec<_> = facts
        .setting(Knob::Macro, Abi::Abi3)
        .filter(is_code)
        .filter(|found| {
            found.form == Form::CMacro || found.value.contains("PY_VERSION_HEX") || found.value.contains("version")
        })
        .collect();
    if let Some(level) = fixed(Knob::Tag).filter_map(|found| found.floor).min()
        && !varying.is_empty()
        && fixed(Knob::Macro).next().is_none()
    {
        let explanation = format!(
            "the code is compiled for the Python that builds it, but the wheel is tagged for {level} and later: built with a \
             later Python, it installs on versions that it does not load on"
        );
        let changes = write::all_to(varying.iter().copied(), level);
        found.push(contradiction(Severity::Error, "macro-follows-builder", explanation, &varying, changes));
    }
    found
}

//! Compiled for the stable ABI, and the wheel is tagged for one version (ethash issue 244, pyzmq issue 2051).

use crate::declared::{Abi, Backend, Declaration, Dependence, Form, Knob};
use crate::report::Certainty;

use super::facts::{Facts, contradiction};
use super::{Contradiction, Severity, write};

pub(super) fn rule(facts: &Facts<'_>) -> Vec<Contradiction> {
    let is_tagged = facts.is_set(Knob::Tag, Abi::Abi3) || facts.backend == Backend::Maturin;
    if is_tagged || !facts.stable_wheels(Abi::Abi3).is_empty() {
        return Vec::new();
    }
    let made: Vec<_> = facts.declarations.iter().filter(|found| counts(found, facts)).collect();
    if made.is_empty() {
        return Vec::new();
    }
    let forced = made.iter().any(|found| found.form == Form::SetuptoolsRust);
    let why = match facts.backend {
        Backend::MesonPython => "meson-python tags it so only with limited-api = true",
        Backend::ScikitBuildCore => "scikit-build-core tags it so only with wheel.py-api",
        _ if forced => "forcing py_limited_api on the module names the file and leaves the wheel as it is",
        Backend::SetuptoolsRust => "setuptools-rust follows the option of bdist_wheel, which nothing sets",
        Backend::Setuptools => "setuptools tags it so only with py_limited_api of bdist_wheel",
        _ => "nothing in the sdist tags it otherwise",
    };
    let explanation = format!(
        "the extension is built for the stable ABI, but the wheel is tagged for the one Python that builds it: {why}"
    );
    let changes = write::the_tag(facts, facts.proposed());
    let mut found = contradiction(Severity::Warning, "wheel-not-tagged", explanation, &made, changes);
    if facts.wheels.is_none() {
        // A command line outside the sdist may set it.
        found.certainty = Certainty::Probable;
    }
    vec![found]
}

/// Whether a declaration means that the wheel should be for all versions. cffi does so by default, which says nothing
/// of the package as a whole unless all its code keeps to the limited API.
fn counts(found: &Declaration, facts: &Facts<'_>) -> bool {
    let sets = found.sets(Knob::Macro, Abi::Abi3) || found.sets(Knob::Suffix, Abi::Abi3);
    let is_told = match found.form {
        Form::Cffi if found.is_default() => facts.floor.is_some(),
        // One file of many, perhaps.
        Form::CMacro | Form::RustBuildScript | Form::CythonDirective => facts.floor.is_some(),
        _ => true,
    };
    sets && is_told && !found.depends(Dependence::Option) && !found.depends(Dependence::Environment)
}

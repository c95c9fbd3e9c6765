//! `USE_SABI` and nanobind's `STABLE_ABI` need the component `Development.SABIModule` (irspack issue 116).

use crate::declared::{Abi, Declaration, Form};
use crate::report::Certainty;

use super::facts::{Facts, contradiction};
use super::{Change, Contradiction, Severity};

pub(super) fn rule(facts: &Facts<'_>) -> Vec<Contradiction> {
    let is_asking = |found: &&Declaration| {
        matches!(found.form, Form::CmakeUseSabi | Form::Nanobind) && found.asks() && found.abi == Some(Abi::Abi3)
    };
    let asking: Vec<_> = facts.declarations.iter().filter(is_asking).collect();
    if asking.is_empty() || facts.of_form(Form::CmakeComponent).next().is_some() {
        return Vec::new();
    }
    let is_nanobind = asking.iter().any(|found| found.form == Form::Nanobind);
    let what =
        if is_nanobind { "nanobind ignores STABLE_ABI in silence" } else { "the target Python::SABIModule is missing" };
    let explanation = format!("no find_package asks for the component Development.SABIModule: without it {what}");
    let text = "find_package(Python REQUIRED COMPONENTS Interpreter Development.Module Development.SABIModule)";
    let path = asking.first().map_or_else(|| "CMakeLists.txt".to_owned(), |found| found.path.clone());
    let changes = vec![Change { path, line: None, text: text.to_owned() }];
    let mut found = contradiction(Severity::Warning, "sabi-module-missing", explanation, &asking, changes);
    // A file that is included from elsewhere may ask for it.
    found.certainty = Certainty::Probable;
    vec![found]
}

//! Compiled and tagged for the stable ABI, and the file is named for one version: other versions do not find it.

use crate::declared::{Abi, Backend, Form, Knob};

use super::facts::{Facts, contradiction};
use super::{Contradiction, Severity, write};

pub(super) fn rule(facts: &Facts<'_>) -> Vec<Contradiction> {
    let tags: Vec<_> = facts.setting(Knob::Tag, Abi::Abi3).collect();
    let is_named = facts.is_set(Knob::Suffix, Abi::Abi3) || facts.backend == Backend::Maturin;
    // setuptools-rust names the file after the wheel's option by itself; hooks of hatchling build it by other means.
    let is_rust = facts.of_form(Form::Pyo3Feature).next().is_some();
    let is_other = matches!(facts.backend, Backend::Hatchling | Backend::Other);
    if tags.is_empty() || is_named || is_rust || is_other || !facts.is_set(Knob::Macro, Abi::Abi3) {
        return Vec::new();
    }
    let macros = facts.setting(Knob::Macro, Abi::Abi3);
    let of: Vec<_> = tags.into_iter().chain(macros).collect();
    let explanation = "the wheel is tagged for the stable ABI, but nothing names the extension .abi3.so: it gets the \
                       suffix of the Python that builds it, and every other version fails to import it"
        .to_owned();
    vec![contradiction(Severity::Error, "file-not-named", explanation, &of, write::the_suffix(facts))]
}

//! Named or tagged for the stable ABI, and compiled against everything: `py_limited_api=True` and the wheel's option
//! never reach the compiler (pypa/setuptools issue 4741).

use crate::declared::{Abi, Backend, Knob};

use super::facts::{Facts, contradiction};
use super::{Contradiction, Severity, write};

pub(super) fn rule(facts: &Facts<'_>) -> Vec<Contradiction> {
    let claims: Vec<_> = facts
        .declarations
        .iter()
        .filter(|found| found.sets(Knob::Tag, Abi::Abi3) || found.sets(Knob::Suffix, Abi::Abi3))
        .collect();
    if claims.is_empty() || facts.is_set(Knob::Macro, Abi::Abi3) || facts.is_pure() {
        return Vec::new();
    }
    let why = match facts.backend {
        Backend::MesonPython => {
            "limited-api in pyproject.toml only lets the wheel be tagged; without limited_api in meson.build nothing \
             keeps the compiler to the limited API"
        }
        Backend::ScikitBuildCore | Backend::PyBuildCmake => {
            "the key in pyproject.toml tags the wheel; CMakeLists.txt has to ask for USE_SABI, or the compiler sees all of \
             the API"
        }
        Backend::SetuptoolsRust | Backend::Maturin => {
            "the file or the wheel is named for the stable ABI, but PyO3 has no abi3 feature, so it compiles against one \
             version"
        }
        _ => {
            "py_limited_api of the extension only names the file, and that of bdist_wheel only the wheel; neither defines \
             Py_LIMITED_API, so the compiler sees all of the API, and the wheel may fail to load on other versions"
        }
    };
    let explanation = format!("the stable ABI is declared and not compiled: {why}");
    let changes = write::the_macro(facts, facts.proposed());
    vec![contradiction(Severity::Error, "macro-missing", explanation, &claims, changes)]
}

//! A value of the macro that means something else than it looks like: a bare definition, 1 and 3 all mean 3.2
//! (pantab issue 114, numpy pull request 32554); digits are hexadecimal, so that `0x03100000` is 3.16.

use capi::Version;

use crate::build::meant_version;
use crate::declared::{Abi, Declaration, Form, Knob, Says};

use super::facts::{Facts, contradiction};
use super::{Contradiction, Severity, write};

pub(super) fn rule(facts: &Facts<'_>) -> Vec<Contradiction> {
    let is_mistake = |found: &&Declaration| found.says == Says::Mistake && found.sets.has(Knob::Macro);
    let mistakes = facts.declarations.iter().filter(is_mistake);
    mistakes.filter(|found| found.form != Form::CmakeUseSabi).map(|found| told(found, facts)).collect()
}

fn told(found: &Declaration, facts: &Facts<'_>) -> Contradiction {
    let value = if found.value.is_empty() { "no value".to_owned() } else { format!("the value {}", found.value) };
    let level = meant_version(&found.value).unwrap_or_else(|| facts.proposed());
    let (code, explanation) = match (found.abi, found.floor) {
        (Some(Abi::Abi3t), Some(floor)) if floor < FIRST_ABI3T => {
            ("abi3t-before-3.15", format!("Py_TARGET_ABI3T with {value} asks for {floor}, and abi3t begins with 3.15"))
        }
        (_, Some(Version::OLDEST_LIMITED)) => (
            "macro-means-3.2",
            format!(
                "Py_LIMITED_API with {value} means Python 3.2: the headers compare it with numbers such as {}, so most of \
                 the API of later versions is hidden and the floor is not what was meant",
                write::hex(level)
            ),
        ),
        (_, Some(floor)) => (
            "macro-misread",
            format!(
                "Py_LIMITED_API with {value} means Python {floor}, which does not exist: the digits are hexadecimal, 3.10 is 0x030A0000"
            ),
        ),
        (_, None) => (
            "macro-misread",
            format!(
                "Py_LIMITED_API with {value} is no number that the headers can compare: they want one such as {}",
                write::hex(level)
            ),
        ),
    };
    let level = if found.abi == Some(Abi::Abi3t) { FIRST_ABI3T } else { level };
    contradiction(Severity::Error, code, explanation, &[found], write::with_level(found, level).into_iter().collect())
}

/// PEP 803.
const FIRST_ABI3T: Version = Version::new(3, 15);

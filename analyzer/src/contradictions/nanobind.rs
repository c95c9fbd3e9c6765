//! nanobind's stable ABI begins with 3.12: a wheel that is tagged lower is compiled for one version.

use capi::Version;

use crate::declared::{Abi, Declaration, Form, Knob, Says};

use super::facts::{Facts, contradiction};
use super::{Contradiction, Severity, write};

/// nanobind's documentation, "STABLE_ABI".
const FIRST: Version = Version::new(3, 12);

pub(super) fn rule(facts: &Facts<'_>) -> Vec<Contradiction> {
    let nanobind = facts.of_form(Form::Nanobind).find(|found| found.asks());
    let is_low = |found: &&Declaration| found.says == Says::On && found.floor.is_some_and(|floor| floor < FIRST);
    let low: Vec<_> = facts.setting(Knob::Tag, Abi::Abi3).filter(is_low).collect();
    let (Some(nanobind), Some(level)) = (nanobind, low.iter().filter_map(|found| found.floor).min()) else {
        return Vec::new();
    };
    let explanation = format!(
        "the wheel is tagged for {level} and later, but nanobind makes extensions for the stable ABI from 3.12 on and \
         ignores STABLE_ABI below"
    );
    let changes = write::all_to(low.iter().copied(), FIRST);
    let of: Vec<_> = low.into_iter().chain([nanobind]).collect();
    vec![contradiction(Severity::Error, "nanobind-below-3.12", explanation, &of, changes)]
}

//! Asked for in one file and switched off in another: Meson's `python.allow_limited_api=false`.

use crate::declared::{Form, Says};

use super::facts::{Facts, contradiction};
use super::{Change, Contradiction, Severity};

pub(super) fn rule(facts: &Facts<'_>) -> Vec<Contradiction> {
    let asked = facts.of_form(Form::Meson).find(|found| found.asks());
    let off = facts.of_form(Form::MesonAllow).find(|found| found.says == Says::Off);
    let (Some(asked), Some(off)) = (asked, off) else { return Vec::new() };
    let explanation = "limited_api is asked for, but python.allow_limited_api is false, so Meson ignores it".to_owned();
    let text = "python.allow_limited_api=true".to_owned();
    let change = Change { path: off.path.clone(), line: Some(off.line), text };
    vec![contradiction(Severity::Warning, "switched-off", explanation, &[off, asked], vec![change])]
}

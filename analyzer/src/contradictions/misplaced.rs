//! A key that no tool reads where it stands: `[tool.scikit-build-core]` instead of `[tool.scikit-build]`
//! (scikit-build-core issue 1363), `setup(py_limited_api=…)`.

use crate::declared::{Form, Says};

use super::facts::{Facts, contradiction};
use super::{Change, Contradiction, Severity, write};

pub(super) fn rule(facts: &Facts<'_>) -> Vec<Contradiction> {
    let misplaced = facts.of_form(Form::MisplacedKey).filter(|found| found.says == Says::Misplaced);
    misplaced
        .map(|found| {
            let explanation = format!("{} is read by no tool, and has no effect", found.value);
            let level = found.floor.unwrap_or_else(|| facts.proposed());
            let changes = write::the_tag(facts, level)
                .into_iter()
                .map(|change| Change { line: Some(found.line).filter(|_| change.path == found.path), ..change })
                .collect();
            contradiction(Severity::Error, "misplaced-key", explanation, &[found], changes)
        })
        .collect()
}

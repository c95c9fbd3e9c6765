//! One rule for each item that blocks a target.

use capi::Target;

use super::model::{Rule, Text};
use crate::explain;
use crate::scan::blockers::Blocker;

/// `abi3-3.11/PyTuple_SET_ITEM`; what is assigned to has a rule of its own.
pub fn id(target: Target, blocker: &Blocker<'_>) -> String {
    let assigned = if blocker.kind == Some(analyzer::Kind::Lvalue) { "=" } else { "" };
    format!("{target}/{}{assigned}", blocker.item)
}

/// The rules of these blockers, in their order.
pub fn of(blockers: &[(Target, Vec<Blocker<'_>>)]) -> Vec<Rule> {
    blockers.iter().flat_map(|(target, all)| all.iter().map(|blocker| rule(*target, blocker))).collect()
}

fn rule(target: Target, blocker: &Blocker<'_>) -> Rule {
    let why = match (capi::explain(&blocker.item), blocker.kind) {
        (Some(explained), _) => explained.why.join(" "),
        (None, Some(kind)) => explain::meaning(kind.as_str()),
        (None, None) => blocker.sentence(target),
    };
    let text = |text: String| Text { text };
    Rule {
        id: id(target, blocker),
        short_description: text(format!("{} blocks {target}", blocker.label())),
        full_description: text(why),
        help: text(blocker.sentence(target)),
    }
}

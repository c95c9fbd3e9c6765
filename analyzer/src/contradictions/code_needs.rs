//! The declared level against what the code uses: the verdict for that level.

use capi::{Target, Version};

use crate::declared::{Abi, Declaration, Dependence, Form, Knob, Says};
use crate::report::Certainty;
use crate::{Outcome, Verdict};

use super::facts::{Facts, contradiction};
use super::{Contradiction, Severity, write};

/// Items that an explanation names.
const NAMED: usize = 6;

pub(super) fn rule(facts: &Facts<'_>) -> Vec<Contradiction> {
    [Abi::Abi3, Abi::Abi3t].into_iter().filter_map(|abi| of_abi(facts, abi)).collect()
}

fn of_abi(facts: &Facts<'_>, abi: Abi) -> Option<Contradiction> {
    let asking: Vec<_> = facts
        .declarations
        .iter()
        .filter(|found| found.abi == Some(abi) && found.says == Says::On && is_told(found))
        .collect();
    let levels = || asking.iter().filter_map(|found| found.floor);
    // Where conditions choose among several levels, the code is one for all of them: only the highest is sure to be
    // asked too much.
    let declared = levels().max()?;
    let target = if abi == Abi::Abi3t { Target::Abi3t(declared) } else { Target::Abi3(declared) };
    let verdict = facts.verdict(target)?;
    let of: Vec<_> = asking.iter().copied().filter(|found| found.floor == Some(declared)).collect();
    // The verdict is about the code for all platforms: what is declared for some of them may leave out the rest.
    if of.iter().any(|found| found.depends(Dependence::Platform)) {
        return None;
    }
    let mut found = match verdict.verdict {
        Outcome::Blocked => blocked(facts, abi, declared, verdict, &of),
        Outcome::ToolBlocks => {
            let explanation = format!(
                "{} from {declared} is declared, but a tool that makes the code cannot make it for the stable ABI",
                abi.as_str()
            );
            contradiction(Severity::Error, "tool-cannot", explanation, &of, Vec::new())
        }
        _ => return None,
    };
    // A definition in one file, and code that another condition leaves out, say nothing of the rest.
    let is_part =
        of.iter().any(|found| matches!(found.form, Form::CMacro | Form::CythonDirective | Form::RustBuildScript));
    if is_part {
        found.certainty = Certainty::Probable;
    }
    Some(found)
}

/// Only what is compiled or shipped, and not by the project's automation for some of its wheels.
fn is_told(found: &Declaration) -> bool {
    let counts = found.sets.has(Knob::Macro) || found.sets.has(Knob::Tag);
    counts && found.floor.is_some() && !found.depends(Dependence::Option) && found.form != Form::RustBuildScript
}

fn blocked(facts: &Facts<'_>, abi: Abi, declared: Version, verdict: &Verdict, of: &[&Declaration]) -> Contradiction {
    let named = named(verdict);
    if let Some(floor) = free_from(facts, declared).filter(|_| abi == Abi::Abi3) {
        let explanation = format!(
            "abi3 from {declared} is declared, but the code needs {floor}: it uses {named}, which the limited API of \
             {declared} does not have"
        );
        let changes = write::all_to(of.iter().copied(), floor);
        return contradiction(Severity::Error, "floor-too-low", explanation, of, changes);
    }
    let explanation = format!(
        "{} from {declared} is declared, but the code is not limited: it uses {named}, which no such build has",
        abi.as_str()
    );
    contradiction(Severity::Error, "not-limited", explanation, of, Vec::new())
}

/// The level from which on nothing blocks any more.
fn free_from(facts: &Facts<'_>, declared: Version) -> Option<Version> {
    let later = facts.verdicts.iter().rev().filter(|verdict| !verdict.target.is_free_threaded());
    let free = later.take_while(|verdict| verdict.verdict != Outcome::Blocked);
    free.map(|verdict| verdict.target.version()).last().filter(|floor| *floor > declared)
}

/// The first blockers, and how many more there are.
fn named(verdict: &Verdict) -> String {
    let all = verdict.blocking.iter().chain(&verdict.blocking_members);
    let types = verdict.blocking_types.iter().map(|name| format!("the static type {name}"));
    let all: Vec<String> = all.cloned().chain(types).collect();
    let more = all.len().saturating_sub(NAMED);
    let shown = all.iter().take(NAMED).cloned().collect::<Vec<_>>().join(", ");
    if more == 0 { shown } else { format!("{shown} and {more} more") }
}

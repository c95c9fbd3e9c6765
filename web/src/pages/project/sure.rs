//! How sure a verdict is, in words.

use analyzer::{Outcome, Verdict};
use store::FileAnswer;

use crate::blockers::{Blocker, Doubt};
use crate::numbers::Count;

/// One sentence; empty where the verdict has said it already.
pub(super) fn sure(verdict: &Verdict, blockers: &[Blocker], file: &FileAnswer) -> String {
    match verdict.verdict {
        Outcome::Blocked => blocked(blockers),
        Outcome::NoBlocker => no_blocker(file),
        Outcome::ToolBlocks => "Certain as long as this tool makes the code.".to_owned(),
        Outcome::Undecided | Outcome::Pure => String::new(),
    }
}

fn blocked(blockers: &[Blocker]) -> String {
    let depend = |doubt, on: &str| {
        let n = blockers.iter().filter(|blocker| blocker.doubt == Some(doubt)).count();
        let verb = if n == 1 { "depends" } else { "depend" };
        (n > 0).then(|| format!("{} {verb} on {on}", Count::from(n)))
    };
    let parts: Vec<String> = [
        depend(Doubt::Type, "a type that is not proven"),
        depend(Doubt::Condition, "a condition that the sources do not decide"),
    ]
    .into_iter()
    .flatten()
    .collect();
    let certain = blockers.iter().filter(|blocker| blocker.doubt.is_none()).count();
    let all = Count::from(blockers.len());
    match (parts.join(", "), certain) {
        (parts, _) if parts.is_empty() => match common_condition(blockers) {
            Some(condition) => format!("Certain, but {condition}: elsewhere nothing of it is compiled."),
            None => "Certain: each is seen in code that is compiled.".to_owned(),
        },
        (parts, 0) => format!("Not certain: of {all}, {parts}."),
        (parts, certain) => format!("Certain: {} of {all}; {parts}.", Count::from(certain)),
    }
}

/// `only on Windows`, if all of them are compiled there alone.
fn common_condition(blockers: &[Blocker]) -> Option<&str> {
    let first = blockers.first()?.condition.as_str();
    let is_shared = first.starts_with("only ") && !first.contains(';');
    (is_shared && blockers.iter().all(|blocker| blocker.condition == first)).then_some(first)
}

/// What was not told could block.
fn no_blocker(file: &FileAnswer) -> String {
    let unresolved: u64 = file.unresolved.values().sum();
    let mut open = Vec::new();
    if unresolved > 0 {
        let n = Count(i64::try_from(unresolved).unwrap_or(i64::MAX));
        let accesses = if n.0 == 1 { "1 access".to_owned() } else { format!("{n} accesses") };
        open.push(format!("{accesses} to members of a structure that could not be told"));
    }
    if !file.problems.is_empty() {
        open.push(format!("{} below", Count::from(file.problems.len()).of("problem")));
    }
    match open.as_slice() {
        [] => "As far as the sources tell; it is not a promise that it builds.".to_owned(),
        open => format!("As far as the sources tell; left open: {}.", open.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn blocker(doubt: Option<Doubt>) -> Blocker {
        Blocker {
            item: "PyA".to_owned(),
            shown: "PyA".to_owned(),
            what: "name",
            sites: 1,
            origins: String::new(),
            condition: String::new(),
            instead: Vec::new(),
            limited_since: None,
            doubt,
        }
    }

    #[test]
    fn what_is_in_doubt_is_counted_beside_what_is_certain() {
        let told = |doubts: &[Option<Doubt>]| blocked(&doubts.iter().map(|doubt| blocker(*doubt)).collect::<Vec<_>>());
        let (open, probable) = (Some(Doubt::Condition), Some(Doubt::Type));
        assert_eq!(told(&[None, None]), "Certain: each is seen in code that is compiled.");
        assert_eq!(
            told(&[None, open, probable, probable]),
            "Certain: 1 of 4; 2 depend on a type that is not proven, 1 depends on a condition that the sources do not decide."
        );
        let elsewhere = Blocker { condition: "only on Windows".to_owned(), ..blocker(None) };
        assert_eq!(blocked(&[elsewhere]), "Certain, but only on Windows: elsewhere nothing of it is compiled.");
        assert_eq!(told(&[probable]), "Not certain: of 1, 1 depends on a type that is not proven.");
    }
}

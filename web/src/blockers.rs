//! What blocks a target, item by item, with what to write instead.

use std::collections::{BTreeSet, HashMap};

use analyzer::{Kind, Verdict};
use capi::Version;
use store::UseRow;

use crate::facts::{self, Instead};
use crate::visible::cut;
use crate::{conditions, words};

/// The longest name shown; C's own promise ends at 63 characters.
pub(crate) const LONGEST_NAME: usize = 120;

/// One item that blocks.
pub(crate) struct Blocker {
    /// The item, for addresses.
    pub(crate) item: String,
    /// The item as shown.
    pub(crate) shown: String,
    /// What it is: `name`, `member`, `static type`.
    pub(crate) what: &'static str,
    /// Sites of code that counts for verdicts.
    pub(crate) sites: i64,
    /// Who wrote them.
    pub(crate) origins: String,
    /// When the preprocessor keeps them.
    pub(crate) condition: String,
    /// What to write instead.
    pub(crate) instead: Vec<Instead>,
    /// The level from which the item itself is limited: a higher floor would do.
    pub(crate) limited_since: Option<Version>,
    /// Why it may not block after all.
    pub(crate) doubt: Option<Doubt>,
}

/// What is not certain about a blocker.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Doubt {
    /// The type of what is accessed is not proven anywhere.
    Type,
    /// All its sites stand under conditions that the sources do not decide.
    Condition,
}

impl Doubt {
    fn of(rows: &[&UseRow]) -> Option<Self> {
        let is_open = |row: &&UseRow| row.condition == "unknown" || row.condition.contains("opaque(");
        if rows.is_empty() {
            None
        } else if rows.iter().all(|row| row.certainty == "probable") {
            Some(Self::Type)
        } else {
            rows.iter().all(is_open).then_some(Self::Condition)
        }
    }
}

/// The blockers of a verdict, most sites first within names, members and types.
pub(crate) fn of(verdict: &Verdict, uses: &[UseRow]) -> Vec<Blocker> {
    let mut by_item: HashMap<&str, Vec<&UseRow>> = HashMap::new();
    for row in uses.iter().filter(|row| row.origin != "test-or-doc") {
        by_item.entry(&row.item).or_default().push(row);
    }
    let kinds: [(&[String], &'static str, Kind); 3] = [
        (&verdict.blocking, "name", Kind::Api),
        (&verdict.blocking_members, "member", Kind::Member),
        (&verdict.blocking_types, "static type", Kind::StaticType),
    ];
    let mut all = Vec::new();
    for (items, what, kind) in kinds {
        let mut group: Vec<Blocker> = items
            .iter()
            .map(|item| {
                blocker(
                    item,
                    what,
                    kind,
                    verdict.target.version(),
                    by_item.get(item.as_str()).map_or(&[][..], Vec::as_slice),
                )
            })
            .collect();
        group.sort_by_key(|blocker| std::cmp::Reverse(blocker.sites));
        all.append(&mut group);
    }
    all
}

fn blocker(item: &str, what: &'static str, kind: Kind, level: Version, rows: &[&UseRow]) -> Blocker {
    let is_of_kind = |row: &&&UseRow| match kind {
        Kind::Member | Kind::StaticType => row.kind == kind,
        _ => !matches!(row.kind, Kind::Member | Kind::StaticType),
    };
    let rows: Vec<&UseRow> = rows.iter().filter(is_of_kind).copied().collect();
    let access: Vec<&str> = rows.iter().map(|row| row.access.as_str()).collect();
    Blocker {
        item: item.to_owned(),
        shown: cut(item, LONGEST_NAME).into_owned(),
        what,
        sites: rows.iter().map(|row| row.sites).sum(),
        origins: joined(rows.iter().map(|row| words::origin(&row.origin, row.origin_by.as_deref())), "origins"),
        condition: joined(rows.iter().map(|row| conditions::in_words(&row.condition).to_string()), "conditions"),
        instead: facts::instead(kind, item, &access.join("+")),
        limited_since: facts::limited_since(item).filter(|since| *since > level),
        doubt: Doubt::of(&rows),
    }
}

/// The different values, or how many there are.
fn joined(values: impl Iterator<Item = String>, plural: &str) -> String {
    let different: BTreeSet<String> = values.collect();
    match different.len() {
        0..=2 => {
            let text = different.into_iter().collect::<Vec<_>>().join("; ");
            cut(&text, 2 * LONGEST_NAME).into_owned()
        }
        n => format!("{n} {plural}"),
    }
}

#[cfg(test)]
mod tests {
    use analyzer::Outcome;

    use super::*;

    fn row(kind: Kind, item: &str, origin: &str, condition: &str, sites: i64) -> UseRow {
        UseRow {
            kind,
            item: item.to_owned(),
            access: String::new(),
            origin: origin.to_owned(),
            origin_by: None,
            condition: condition.to_owned(),
            certainty: "certain".to_owned(),
            sites,
        }
    }

    #[test]
    fn sites_are_summed_over_conditions_and_tests_are_left_out() {
        let verdict = Verdict {
            target: "abi3-3.11".parse().expect("a target"),
            verdict: Outcome::Blocked,
            blocking: vec!["PyA".to_owned(), "PyB".to_owned()],
            blocking_members: vec!["PyTypeObject.tp_name".to_owned()],
            blocking_types: Vec::new(),
            undecided: Vec::new(),
        };
        let uses = [
            row(Kind::Api, "PyA", "own", "always", 1),
            row(Kind::Api, "PyB", "own", "always", 2),
            row(Kind::Api, "PyB", "own", "python < 3.9", 3),
            row(Kind::Api, "PyB", "test-or-doc", "always", 100),
            row(Kind::Member, "PyTypeObject.tp_name", "vendored", "always", 9),
        ];
        let found: Vec<(String, i64, String)> =
            of(&verdict, &uses).into_iter().map(|b| (b.item, b.sites, b.condition)).collect();
        assert_eq!(
            found,
            [
                ("PyB".to_owned(), 5, "always; only below 3.9".to_owned()),
                ("PyA".to_owned(), 1, "always".to_owned()),
                ("PyTypeObject.tp_name".to_owned(), 9, "always".to_owned()),
            ]
        );
    }

    #[test]
    fn doubt_is_what_all_sites_share() {
        let certain = row(Kind::Member, "m", "own", "always", 1);
        let open = row(Kind::Api, "PyA", "own", "opaque(HAVE_X)", 1);
        let probable = UseRow { certainty: "probable".to_owned(), ..certain.clone() };
        assert_eq!(Doubt::of(&[&probable]), Some(Doubt::Type));
        assert_eq!(Doubt::of(&[&open]), Some(Doubt::Condition));
        assert_eq!(Doubt::of(&[&open, &certain, &probable]), None);
        assert_eq!(Doubt::of(&[]), None);
    }
}

//! Answers made by hand, and the laws of their differences.

use proptest::prelude::*;

use super::*;
use crate::{Sums, formats};

fn row(name: &str, status: Status, sites: i64, rank: Option<i64>) -> Row {
    Row {
        name: name.to_owned(),
        version: "1.0".to_owned(),
        status,
        solved: None,
        sites: BTreeMap::from([("own".to_owned(), sites)]),
        replaceable: 0,
        items: Vec::new(),
        first_site: String::new(),
        first: None,
        rank,
        downloads: None,
    }
}

fn answer(rows: Vec<Row>) -> Answer {
    Answer {
        title: "T".to_owned(),
        python: capi::Version::NEWEST,
        rules: vec!["remove Py_TYPE".to_owned()],
        fields: vec![("remove".to_owned(), "Py_TYPE".to_owned())],
        rows,
        sums: Sums::default(),
        reviewed: Vec::new(),
        notes: Vec::new(),
        cut_short: false,
    }
}

fn between(before: &Answer, after: &Answer) -> Difference {
    difference(Asked { when: "2026-11-01", answer: before }, Asked { when: "now", answer: after })
        .expect("one question")
}

#[test]
fn each_project_is_told_once_by_what_matters_most() {
    let before = answer(vec![
        row("gone", Status::Affected, 3, Some(5)),
        row("fixed", Status::Regenerate, 3, Some(4)),
        row("same", Status::Affected, 3, None),
        row("grown", Status::Affected, 3, None),
        row("now-own", Status::Vendored, 3, None),
        row("was-guarded", Status::Guarded, 3, None),
    ]);
    let after = answer(vec![
        row("fixed", Status::Fixed, 0, Some(4)),
        row("same", Status::Affected, 3, None),
        row("grown", Status::Affected, 4, None),
        row("now-own", Status::Affected, 3, None),
        row("new", Status::Unresolved, 1, None),
    ]);
    let told: Vec<(String, Change)> =
        between(&before, &after).projects.into_iter().map(|one| (one.name, one.change)).collect();
    let expected = [
        ("new", Change::NewlyAffected),
        ("fixed", Change::NoLongerAffected),
        ("gone", Change::NoLongerAffected),
        ("now-own", Change::Status),
        ("was-guarded", Change::Status),
        ("grown", Change::Sites),
    ];
    assert_eq!(told, expected.map(|(name, change)| (name.to_owned(), change)));
}

#[test]
fn two_questions_have_no_difference() {
    let (one, mut other) = (answer(Vec::new()), answer(Vec::new()));
    other.fields[0].1 = "Py_SIZE".to_owned();
    let sides = (Asked { when: "a", answer: &one }, Asked { when: "b", answer: &other });
    assert_eq!(difference(sides.0, sides.1), Err(OtherQuestion));
    // The title is no part of the question.
    other.fields.clone_from(&one.fields);
    other.title = "U".to_owned();
    assert_eq!(between(&one, &other).title, "U");
}

#[test]
fn texts_name_both_sides_and_count_each_change() {
    let before = answer(vec![row("a_b", Status::Affected, 2, None)]);
    let after = answer(vec![row("new", Status::Affected, 1, None)]);
    let difference = between(&before, &after);
    let rst = formats::difference::rst(&difference);
    assert!(rst.starts_with("T\n=\n\nFrom 2026-11-01 to now: 1 newly affected, 1 no longer affected.\n"), "{rst}");
    assert!(rst.contains("\nNewly affected (1):\n\n* new: no part in it → affected (1.0), 1 site\n"), "{rst}");
    let markdown = formats::difference::markdown(&difference);
    assert!(markdown.contains("* a_b: affected (1.0), 2 sites → no part in it\n"), "{markdown}");
    let csv = formats::difference::csv(&difference);
    assert_eq!(csv.lines().nth(1), Some("new,newly-affected,,,,1.0,affected,1"));
    let none = between(&before, &before);
    assert!(formats::difference::rst(&none).contains("From 2026-11-01 to now: nothing changed."));
}

fn any_answer() -> impl Strategy<Value = Answer> {
    let status = prop::sample::select(Status::ALL.to_vec());
    let row = (status, 0..3_i64, prop::option::of(1..4_i64));
    prop::collection::btree_map("[a-e]", row, 0..5).prop_map(|rows| {
        answer(rows.into_iter().map(|(name, (status, sites, rank))| self::row(&name, status, sites, rank)).collect())
    })
}

/// What is not the same in the first answer, seen from the second.
fn turned(there: Difference) -> Difference {
    let turn = |one: Changed| Changed {
        change: match one.change {
            Change::NewlyAffected => Change::NoLongerAffected,
            Change::NoLongerAffected => Change::NewlyAffected,
            same => same,
        },
        before: one.after,
        after: one.before,
        rank: (one.rank.1, one.rank.0),
        name: one.name,
    };
    let projects = there.projects.into_iter().map(turn).collect();
    let mut turned = Difference { before: there.after, after: there.before, projects, ..there };
    turned.sort();
    turned
}

proptest! {
    #[test]
    fn an_answer_does_not_differ_from_itself(one in any_answer()) {
        prop_assert!(between(&one, &one).projects.is_empty());
    }

    #[test]
    fn asked_the_other_way_round_a_difference_is_turned(one in any_answer(), other in any_answer()) {
        let there = between(&one, &other);
        let back = difference(Asked { when: "now", answer: &other }, Asked { when: "2026-11-01", answer: &one });
        prop_assert_eq!(back, Ok(turned(there)));
    }

    /// Whoever knows the first answer and the difference knows who is in the second.
    #[test]
    fn a_difference_leads_from_one_answer_to_the_other(one in any_answer(), other in any_answer()) {
        let mut rows: BTreeMap<String, Side> = one.rows.iter().map(|row| (row.name.clone(), side(row))).collect();
        for changed in between(&one, &other).projects {
            match changed.after {
                Some(side) => rows.insert(changed.name, side),
                None => rows.remove(&changed.name),
            };
        }
        let expected: BTreeMap<String, Side> = other.rows.iter().map(|row| (row.name.clone(), side(row))).collect();
        prop_assert_eq!(rows, expected);
    }
}

//! Reviews replayed over evidence made by hand.

use std::collections::BTreeMap;

use analyzer::{Access, Kind};
use proptest::prelude::*;

use crate::made::{Made, evidence as made, placed};
use crate::{Answer, Evidence, Judged, JudgedSite, Judgement, Page, Proposal, Review, Status, answer, formats};

const RULE: &str = "forbid-lvalue=Py_TYPE";

fn hit(project: u32, item: &'static str, sites: u32) -> Made {
    Made { project, item, sites, ..Made::default() }
}

fn review(rule: &str, verdict: Judgement) -> Review {
    Review {
        source: "0".repeat(64),
        rule: rule.to_owned(),
        site: "Py_TYPE(o) = t;".to_owned(),
        verdict,
        reason: "a *comment* says so".to_owned(),
        by: "N. N.".to_owned(),
        on: "2026-11-26".to_owned(),
        project: "one".parse().expect("a name"),
        path: "a.c".to_owned(),
    }
}

/// Sites of an item on the lines 1, 2, …, each with its reviews.
fn judged(project: u32, item: &str, reviews: Vec<Vec<Review>>) -> Judged {
    let site = |(line, reviews): (u32, Vec<Review>)| JudgedSite {
        place: format!("a.c:{line}"),
        column: 5,
        origin: "own".to_owned(),
        condition: "always".to_owned(),
        reviews,
    };
    Judged { project, item: item.to_owned(), sites: (1..).zip(reviews).map(site).collect() }
}

fn evidence(hits: &[Made]) -> Evidence {
    made(&["one", "two"], hits)
}

fn asked(text: &str, evidence: &Evidence, judged: &[Judged]) -> Answer {
    let proposal = Proposal::from_toml(text).expect("a proposal");
    placed(answer(&proposal, evidence, judged, Page::ALL), evidence)
}

fn wrong() -> Vec<Review> {
    vec![review(RULE, Judgement::FalsePositive)]
}

#[test]
fn a_false_positive_does_not_count_and_is_told_with_its_reason_in_every_format() {
    let evidence = evidence(&[hit(0, "Py_TYPE", 2), hit(1, "Py_TYPE", 1)]);
    let answer = asked("forbid-lvalue = 'Py_TYPE'", &evidence, &[judged(0, "Py_TYPE", vec![wrong(), Vec::new()])]);
    assert_eq!(answer.sums.own_sites, 2);
    let one = answer.rows.iter().find(|row| row.name == "one").expect("it has a site left");
    assert_eq!((one.own_sites(), one.first_site.as_str()), (1, "a.c:2"));
    assert_eq!(answer.reviewed.len(), 1);

    let told = "1 in 1 project do not count because somebody judged them false positives, 0 were confirmed";
    assert!(formats::sentences(&answer).iter().any(|sentence| sentence.contains(told)));
    let line = "* one (2.0): false positive, not counted; ``Py_TYPE`` in ``a.c:1``; by N. N. on 2026-11-26: \
                a \\*comment\\* says so\n";
    assert!(formats::rst(&answer).contains(line), "{}", formats::rst(&answer));
    assert!(formats::markdown(&answer).contains(&line.replace("``", "`")));
    assert!(formats::csv(&answer).contains("one,2.0,false-positive,a *comment* says so,"));
    assert!(
        serde_json::to_string(&answer).expect("JSON").contains("\"verdict\":\"false-positive\",\"taken_out\":true")
    );
}

#[test]
fn a_project_of_which_nothing_is_left_has_no_row_and_is_still_told() {
    let evidence = evidence(&[hit(0, "Py_TYPE", 1)]);
    let answer = asked("forbid-lvalue = 'Py_TYPE'", &evidence, &[judged(0, "Py_TYPE", vec![wrong()])]);
    assert!(answer.rows.is_empty());
    assert_eq!(answer.reviewed[0].name, "one");
}

#[test]
fn a_confirmed_site_counts_and_is_told() {
    let evidence = evidence(&[hit(0, "Py_TYPE", 1)]);
    let confirmed = vec![review(RULE, Judgement::Confirmed)];
    let answer = asked("forbid-lvalue = 'Py_TYPE'", &evidence, &[judged(0, "Py_TYPE", vec![confirmed])]);
    assert_eq!((answer.rows[0].status, answer.reviewed[0].taken_out), (Status::Affected, false));
    assert!(formats::rst(&answer).contains("* one (2.0): confirmed; "));
}

#[test]
fn what_one_rule_is_wrong_about_another_may_still_ask_for() {
    let evidence = evidence(&[hit(0, "Py_TYPE", 1)]);
    let judged = [judged(0, "Py_TYPE", vec![wrong()])];
    // An opaque PyObject forbids the assignment, too.
    let both = asked("forbid-lvalue = 'Py_TYPE'\nopaque = 'PyObject'", &evidence, &judged);
    assert_eq!((both.rows.len(), both.reviewed[0].taken_out), (1, false));
    let other = asked("opaque = 'PyObject'", &evidence, &judged);
    assert_eq!((other.rows.len(), other.reviewed.len()), (1, 0), "nobody said anything about this rule");
}

#[test]
fn hits_that_share_their_sites_lose_each_site_once() {
    let read = Made { kind: Kind::Member, access: Access::Read.into(), ..hit(0, "PyTypeObject.tp_name", 1) };
    let write = Made { access: Access::Write.into(), ..read };
    let rule = vec![review("hide=PyTypeObject.tp_name", Judgement::FalsePositive)];
    let judged = [judged(0, "PyTypeObject.tp_name", vec![rule, Vec::new()])];
    let answer = asked("hide = 'PyTypeObject.tp_name'", &evidence(&[read, write]), &judged);
    assert_eq!(answer.rows[0].own_sites(), 1);
}

#[test]
fn nothing_said_leaves_the_answer_as_it_is() {
    let evidence = evidence(&[hit(0, "Py_TYPE", 2)]);
    let proposal = Proposal::from_toml("forbid-lvalue = 'Py_TYPE'").expect("a proposal");
    assert_eq!(
        answer(&proposal, &evidence, &[judged(1, "Py_TYPE", vec![wrong()])], Page::ALL),
        answer(&proposal, &evidence, &[], Page::ALL)
    );
    assert!(!serde_json::to_string(&answer(&proposal, &evidence, &[], Page::ALL)).expect("JSON").contains("reviewed"));
}

const ITEMS: [&str; 3] = ["Py_TYPE", "Py_SIZE", "PyTuple_GET_ITEM"];

/// Hits of single sites, and for each whether it was judged to be none.
fn reviewed_world() -> impl Strategy<Value = (Evidence, Vec<Judged>)> {
    prop::collection::btree_map((0..2_u32, 0..3_usize), any::<bool>(), 0..6).prop_map(|known| {
        let hits: Vec<Made> = known.keys().map(|(project, item)| hit(*project, ITEMS[*item], 1)).collect();
        let said = known.iter().filter(|(_, is_wrong)| **is_wrong).map(|((project, item), _)| {
            let rule = format!("forbid-lvalue={}", ITEMS[*item]);
            judged(*project, ITEMS[*item], vec![vec![review(&rule, Judgement::FalsePositive)]])
        });
        (evidence(&hits), said.collect())
    })
}

proptest! {
    /// The same law as without reviews, and sites add up.
    #[test]
    fn the_reviewed_answer_of_a_union_is_the_union_of_reviewed_answers(
        (known, judged) in reviewed_world(),
        first in prop::collection::btree_set(0..3_usize, 1..3),
        second in prop::collection::btree_set(0..3_usize, 1..3),
    ) {
        let ask = |items: &std::collections::BTreeSet<usize>| {
            let items: Vec<&str> = items.iter().map(|item| ITEMS[*item]).collect();
            let answer = asked(&format!("forbid-lvalue = {items:?}"), &known, &judged);
            let rows: BTreeMap<(String, String), i64> = answer
                .rows
                .iter()
                .flat_map(|row| row.items.iter().map(|(item, sites)| ((row.name.clone(), item.to_string()), *sites)))
                .collect();
            (rows, answer.reviewed.into_iter().collect::<std::collections::BTreeSet<_>>())
        };
        let ((mut rows, mut told), (more_rows, more_told)) = (ask(&first), ask(&second));
        rows.extend(more_rows);
        told.extend(more_told);
        prop_assert_eq!(ask(&first.union(&second).copied().collect()), (rows, told));
    }

    #[test]
    fn an_answer_that_is_written_reads_back_the_same((known, judged) in reviewed_world()) {
        let answer = asked("forbid-lvalue = '*'\ntitle = 'T'\npython = '3.12'", &known, &judged);
        let text = serde_json::to_string(&answer).expect("JSON");
        prop_assert_eq!(serde_json::from_str::<Answer>(&text).expect("it reads back"), answer);
    }
}

//! Answers from evidence made by hand.

use std::collections::{BTreeMap, BTreeSet};

use analyzer::Kind;
use proptest::prelude::*;

use super::*;
use crate::made::{self, ALWAYS, Made, OLD, placed};
use crate::{Generator, Limited, Past, formats};

/// Projects with these hits, one that was affected once, one that is built for the limited API and an open one.
fn with_hits(hits: &[Made]) -> Evidence {
    let names = ["own", "guarded", "made", "copied", "was", "open", "unread", "other"];
    let generator = |version: &str| Generator { name: "cython".to_owned(), version: version.to_owned() };
    let known = made::evidence(&names, hits);
    let mut projects = known.projects.to_vec();
    projects[4].releases = ["1.0", "1.1", "2.0"].map(Box::from).into();
    // In live code of 1.0, and in a branch for old versions in 1.1.
    let past = |condition, last| Past { project: 4, condition, last };
    Evidence {
        projects: projects.into(),
        past: vec![past(0, 0), past(1, 1)],
        limited: vec![Limited { project: 7, level: Version::new(3, 6) }],
        unresolved: vec![5],
        generators: [generator("3.0.9"), generator("3.0.10"), generator("0.29.1")].into(),
        chain: vec![("in all".to_owned(), 8)],
        downloads_of: Some("2026-10".to_owned()),
        ..known
    }
}

/// One project for each status.
fn evidence() -> Evidence {
    let own = Made { sites: 2, ..Made::default() };
    let made = Made { origin: OriginClass::Generated, by: Some("cython 3.0.9"), ..own };
    let copied = Made { item: "Py_SIZE", origin: OriginClass::Vendored, by: Some("pythoncapi_compat"), ..own };
    with_hits(&[
        own,
        Made { item: "Py_SIZE", condition: OLD, ..own },
        Made { project: 1, condition: OLD, ..own },
        Made { project: 2, ..made },
        Made { project: 3, ..copied },
        Made { project: 7, kind: Kind::Api, ..own },
    ])
}

fn asked(text: &str) -> Answer {
    let (proposal, mut evidence) = (Proposal::from_toml(text).expect("a proposal"), evidence());
    // As whoever holds the survey does.
    let is_asked = crate::members(&selectors(&proposal)).contains("f_code");
    evidence.unresolved.retain(|_| is_asked);
    placed(answer(&proposal, &evidence, &[], Page::ALL), &evidence)
}

fn told(answer: &Answer) -> Vec<(String, Status, String)> {
    answer.rows.iter().map(|row| (row.name.clone(), row.status, row.solved.clone().unwrap_or_default())).collect()
}

#[test]
fn each_project_gets_one_status_and_what_solves_it() {
    let answer = asked("forbid-lvalue = ['Py_TYPE', 'Py_SIZE']");
    let row = |name: &str, status, solved: &str| (name.to_owned(), status, solved.to_owned());
    assert_eq!(
        told(&answer),
        [
            row("own", Status::Affected, ""),
            row("copied", Status::Vendored, "copied from pythoncapi_compat"),
            row("made", Status::Regenerate, "not seen from cython 3.0.10 on"),
            row("guarded", Status::Guarded, ""),
            row("was", Status::Fixed, "fixed in 1.1, 1.0 was affected"),
        ]
    );
    assert_eq!(answer.rows[0].items, [("Py_TYPE".to_owned(), 2)], "the dead branch is not counted");
    assert_eq!((answer.sums.own_sites, answer.sums.replaceable), (2, 2));
    assert_eq!(answer.sums.not_scanned, 1);
    let all = answer.sums.strata.iter().find(|part| part.name == "all").expect("all");
    assert_eq!((all.projects, all.scanned, all.affected, all.open), (8, 7, 1, 3));
}

#[test]
fn who_still_has_a_use_that_is_asked_of_others_was_not_fixed() {
    let rule = Proposal::from_toml("unlimit = ['Py_TYPE', 'Py_SIZE']").expect("a proposal");
    let is_fixed =
        |hit: Made| answer(&rule, &with_hits(&[hit]), &[], Page::ALL).rows.iter().any(|row| row.name == "was");
    let api = Made { project: 4, kind: Kind::Api, ..Made::default() };
    assert!(!is_fixed(api));
    assert!(is_fixed(Made { condition: OLD, ..api }), "dead branches do not count");
    assert!(is_fixed(Made { origin: OriginClass::TestOrDoc, ..api }));
}

#[test]
fn an_older_version_compiles_what_is_guarded_today() {
    let answer = asked("forbid-lvalue = 'Py_TYPE'\npython = '3.8'");
    assert!(told(&answer).iter().any(|(name, status, _)| name == "guarded" && *status == Status::Affected));
}

#[test]
fn members_whose_structure_could_not_be_told_leave_a_project_unresolved() {
    let answer = asked("hide = 'PyFrameObject.f_code'");
    assert!(told(&answer).iter().any(|(name, status, _)| name == "open" && *status == Status::Unresolved));
}

#[test]
fn what_leaves_the_limited_api_matters_to_those_who_build_for_it() {
    let answer = asked("unlimit = 'Py_TYPE'");
    assert!(told(&answer).iter().any(|(name, status, _)| name == "other" && *status == Status::Affected));
    assert!(told(&answer).iter().all(|(name, ..)| name != "own"));
    let answer = asked("minimum-limited = '3.8'");
    let (name, status, solved) = told(&answer).remove(0);
    assert_eq!((name.as_str(), status, solved.as_str()), ("other", Status::Affected, "built for abi3 from 3.6"));
}

#[test]
fn texts_put_the_sums_first_and_one_bullet_a_project() {
    let answer = asked("title = 'PEP 674'\nforbid-lvalue = ['Py_TYPE', 'Py_SIZE']");
    let rst = formats::rst(&answer);
    assert!(
        rst.starts_with("PEP 674\n=======\n\nAsked for CPython 3.15: forbid as l-values Py_SIZE, Py_TYPE."),
        "{rst}"
    );
    assert!(rst.contains("1 of 7 projects with sources that were read would have to change their own code"), "{rst}");
    assert!(rst.contains("* own (2.0): affected; 2 sites; first in ``own.c:7``\n"), "{rst}");
    assert!(formats::markdown(&answer).contains("* made (2.0): regenerate; first in `generated.c:7`; not seen"));
    let csv = formats::csv(&answer);
    assert!(
        csv.lines().nth(1).is_some_and(|line| line.starts_with("own,2.0,affected,,2,0,0,2,Py_TYPE,own.c:7,1,1000"))
    );
}

/// The items of hits, and rules about them.
const ITEMS: [&str; 3] = ["Py_TYPE", "Py_SIZE", "PyTuple_GET_ITEM"];

proptest! {
    /// A union of rules affects whom one of them affects, and adds their sites up.
    #[test]
    fn the_answer_of_a_union_is_the_union_of_answers(
        hits in prop::collection::vec((0..8_u32, 0..3_usize, any::<bool>(), prop::sample::select(vec![OriginClass::Own, OriginClass::Vendored])), 0..30),
        first in prop::collection::btree_set(0..3_usize, 1..3),
        second in prop::collection::btree_set(0..3_usize, 1..3),
    ) {
        let made = |(project, item, live, origin): &(u32, usize, bool, OriginClass)| {
            let condition = if *live { ALWAYS } else { OLD };
            Made { project: *project, item: ITEMS[*item], condition, origin: *origin, ..Made::default() }
        };
        let hits: Vec<Made> = hits.iter().map(made).collect();
        let known = Evidence { past: Vec::new(), unresolved: Vec::new(), ..with_hits(&hits) };
        let ask = |items: &BTreeSet<usize>| {
            let rules = items.iter().map(|item| Rule::ForbidLvalue(ITEMS[*item].to_owned())).collect();
            let proposal = Proposal { title: String::new(), python: Version::NEWEST, rules };
            let answer = answer(&proposal, &known, &[], Page::ALL);
            answer.rows.iter().map(|row| (row.name.clone(), row.status)).collect::<BTreeMap<_, _>>()
        };
        let (one, other, both) = (ask(&first), ask(&second), ask(&first.union(&second).copied().collect()));
        let mut expected = one;
        for (name, status) in other {
            expected.entry(name).and_modify(|known| *known = status.min(*known)).or_insert(status);
        }
        prop_assert_eq!(both, expected);
    }
}

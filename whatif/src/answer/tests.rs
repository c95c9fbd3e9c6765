//! Answers from evidence made by hand.

use std::collections::BTreeMap;

use analyzer::Kind;
use proptest::prelude::*;

use super::*;
use crate::{Earlier, Generator, Limited, Project, formats};

fn project(name: &str, rank: i64) -> Project {
    Project {
        name: name.parse().expect("a name"),
        version: Some("2.0".to_owned()),
        scanned: name != "unread",
        rank: Some(rank),
        downloads: Some(1000 / rank),
    }
}

fn hit(project: usize, kind: Kind, item: &str, origin: &str, by: Option<&str>, condition: &str) -> Hit {
    Hit {
        project,
        kind,
        item: item.to_owned(),
        access: String::new(),
        origin: origin.to_owned(),
        by: by.map(str::to_owned),
        condition: condition.to_owned(),
        probable: false,
        sites: 2,
        first_site: format!("{origin}.c:7"),
    }
}

/// One project for each status.
fn evidence() -> Evidence {
    let names = ["own", "guarded", "made", "copied", "was", "open", "unread", "other"];
    let generator = |version: &str| Generator { name: "cython".to_owned(), version: version.to_owned() };
    Evidence {
        projects: names.iter().zip(1..).map(|(name, rank)| project(name, rank)).collect(),
        hits: vec![
            hit(0, Kind::Lvalue, "Py_TYPE", "own", None, "always"),
            hit(0, Kind::Lvalue, "Py_SIZE", "own", None, "python < 3.9"),
            hit(1, Kind::Lvalue, "Py_TYPE", "own", None, "python < 3.9"),
            hit(2, Kind::Lvalue, "Py_TYPE", "generated", Some("cython 3.0.9"), "always"),
            hit(3, Kind::Lvalue, "Py_SIZE", "vendored", Some("pythoncapi_compat"), "always"),
            hit(7, Kind::Api, "Py_TYPE", "own", None, "always"),
        ],
        earlier: vec![Earlier {
            project: 4,
            releases: [("1.0", vec!["always"]), ("1.1", vec!["python < 3.9"]), ("2.0", Vec::new())]
                .map(|(version, conditions)| EarlierRelease {
                    version: version.to_owned(),
                    conditions: conditions.into_iter().map(str::to_owned).collect(),
                })
                .into(),
        }],
        limited: vec![Limited { project: 7, level: Version::new(3, 6) }],
        unresolved: vec![(5, BTreeMap::from([("f_code".to_owned(), 3)]))],
        generators: vec![generator("3.0.9"), generator("3.0.10"), generator("0.29.1")],
        chain: vec![("in all".to_owned(), 8)],
        downloads_of: Some("2026-10".to_owned()),
    }
}

fn asked(text: &str) -> Answer {
    answer(&Proposal::from_toml(text).expect("a proposal"), &evidence())
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
        hits in prop::collection::vec((0..8_usize, 0..3_usize, any::<bool>(), prop::sample::select(vec!["own", "vendored"])), 0..30),
        first in prop::collection::btree_set(0..3_usize, 1..3),
        second in prop::collection::btree_set(0..3_usize, 1..3),
    ) {
        let known = Evidence {
            hits: hits
                .iter()
                .map(|(project, item, live, origin)| {
                    let condition = if *live { "always" } else { "python < 3.9" };
                    hit(*project, Kind::Lvalue, ITEMS[*item], origin, None, condition)
                })
                .collect(),
            ..Evidence { earlier: Vec::new(), unresolved: Vec::new(), ..evidence() }
        };
        let ask = |items: &BTreeSet<usize>| {
            let rules = items.iter().map(|item| Rule::ForbidLvalue(ITEMS[*item].to_owned())).collect();
            let proposal = Proposal { title: String::new(), python: Version::NEWEST, rules };
            let answer = answer(&proposal, &known);
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

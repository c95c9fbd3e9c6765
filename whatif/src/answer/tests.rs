//! Answers from evidence made by hand.

use std::collections::{BTreeMap, BTreeSet};

use analyzer::{Kind, Origin};
use proptest::prelude::*;

use super::*;
use crate::made::{self, ALWAYS, Made, OLD, placed};
use crate::{Generator, Limited, Matches, Past, Searched, SourcePattern, formats};

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
    assert_eq!(answer.rows[0].items, [("Py_TYPE".into(), 2)], "the dead branch is not counted");
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

fn pattern(text: &str) -> SourcePattern {
    text.parse().expect("a pattern")
}

fn lines(project: u32, class: OriginClass, condition: &str) -> Matches {
    Matches { project, origin: Origin { class, by: None }, condition: condition.to_owned(), lines: 2 }
}

#[test]
fn what_a_pattern_matches_counts_as_uses_do() {
    let mut evidence = made::evidence(&["own", "guarded", "made", "copied", "tests", "unread", "none"], &[]);
    let searched = Searched { pattern: pattern("Py_TYPE"), projects: 6, complete: true };
    let found = [
        lines(0, OriginClass::Own, ALWAYS),
        lines(0, OriginClass::Own, OLD),
        lines(0, OriginClass::Vendored, ALWAYS),
        lines(1, OriginClass::Own, OLD),
        lines(2, OriginClass::Generated, ALWAYS),
        lines(3, OriginClass::Vendored, ALWAYS),
        lines(4, OriginClass::TestOrDoc, ALWAYS),
    ];
    evidence.add_matches(searched, &found);
    let ask = |text: &str| answer(&Proposal::from_toml(text).expect("a proposal"), &evidence, &[], Page::ALL);
    let asked = ask("source = 'Py_TYPE'");
    let rows: Vec<(&str, Status, i64)> =
        asked.rows.iter().map(|row| (row.name.as_str(), row.status, row.own_sites())).collect();
    let expected = [
        ("own", Status::Affected, 2),
        ("copied", Status::Vendored, 0),
        ("made", Status::Regenerate, 0),
        ("guarded", Status::Guarded, 2),
    ];
    assert_eq!(rows, expected);
    assert_eq!(asked.rows[0].items, [("source=Py_TYPE".into(), 4)]);
    assert_eq!(
        (asked.rules.as_slice(), asked.cut_short),
        (&["forbid code that matches Py_TYPE".to_owned()][..], false)
    );
    assert_eq!(asked.notes.len(), 1);
    assert!(asked.notes[0].contains("stand for 6 projects"), "{:?}", asked.notes);
    assert!(ask("remove = 'Py_TYPE'").rows.is_empty(), "the item of that name is another thing");
}

#[test]
fn what_was_cut_short_or_had_no_index_says_so_everywhere() {
    let mut evidence = made::evidence(&["own", "made"], &[]);
    let searched = Searched { pattern: pattern("a., c?"), projects: 1, complete: false };
    evidence.add_matches(searched, &[lines(0, OriginClass::Own, ALWAYS), lines(1, OriginClass::Generated, ALWAYS)]);
    let asked = Proposal::from_toml("source = 'a., c?'").expect("a proposal");
    let answer = placed(answer(&asked, &evidence, &[], Page::ALL), &evidence);
    assert!(answer.cut_short);
    assert!(answer.notes[1].contains("No index helps with the pattern a., c?"), "{:?}", answer.notes);
    assert!(answer.notes[2].contains("cut short"), "{:?}", answer.notes);
    assert_eq!(answer.rows[1].solved, None, "nothing is known of generators");
    assert!(formats::rst(&answer).contains("Asked for CPython 3.15: forbid code that matches a., c?."));
    assert!(formats::markdown(&answer).contains("cut short by its bounds"));
    assert!(formats::csv(&answer).lines().skip(1).all(|line| line.ends_with(",true")), "{}", formats::csv(&answer));
}

/// The items of hits, and rules about them.
const ITEMS: [&str; 3] = ["Py_TYPE", "Py_SIZE", "PyTuple_GET_ITEM"];

/// The patterns of matches; the first is the name of an item.
const PATTERNS: [&str; 2] = ["Py_TYPE", "a, b"];

/// A rule about one of the items or of the patterns.
fn rule(number: usize) -> Rule {
    match ITEMS.get(number) {
        Some(item) => Rule::ForbidLvalue((*item).to_owned()),
        None => Rule::Source(pattern(PATTERNS[number - ITEMS.len()])),
    }
}

proptest! {
    /// A union of rules affects whom one of them affects, and adds their sites up.
    #[test]
    fn the_answer_of_a_union_is_the_union_of_answers(
        hits in prop::collection::vec((0..8_u32, 0..5_usize, any::<bool>(), prop::sample::select(vec![OriginClass::Own, OriginClass::Vendored, OriginClass::TestOrDoc])), 0..30),
        first in prop::collection::btree_set(0..5_usize, 1..4),
        second in prop::collection::btree_set(0..5_usize, 1..4),
    ) {
        let made = |(project, item, live, origin): &(u32, usize, bool, OriginClass)| {
            let condition = if *live { ALWAYS } else { OLD };
            let of = |item| Made { project: *project, item, condition, origin: *origin, ..Made::default() };
            ITEMS.get(*item).map(|item| of(item))
        };
        let uses: Vec<Made> = hits.iter().filter_map(made).collect();
        let mut known = Evidence { past: Vec::new(), unresolved: Vec::new(), ..with_hits(&uses) };
        for (number, text) in (ITEMS.len()..).zip(PATTERNS) {
            let of_it = hits.iter().filter(|(_, item, ..)| *item == number);
            let of_it = of_it.map(|(project, _, live, class)| lines(*project, *class, if *live { ALWAYS } else { OLD }));
            let searched = Searched { pattern: pattern(text), projects: 8, complete: true };
            known.add_matches(searched, &of_it.collect::<Vec<_>>());
        }
        let ask = |rules: &BTreeSet<usize>| {
            let rules = rules.iter().map(|number| rule(*number)).collect();
            let proposal = Proposal { title: String::new(), python: Version::NEWEST, rules };
            let answer = answer(&proposal, &known, &[], Page::ALL);
            answer.rows.into_iter().map(|row| (row.name, (row.status, row.items))).collect::<BTreeMap<_, _>>()
        };
        let (one, other, both) = (ask(&first), ask(&second), ask(&first.union(&second).copied().collect()));
        let names: BTreeSet<&String> = one.keys().chain(other.keys()).collect();
        prop_assert_eq!(both.keys().collect::<BTreeSet<_>>(), names);
        for (name, (status, items)) in &both {
            let parts = || [&one, &other].into_iter().filter_map(|answer| answer.get(name));
            prop_assert_eq!(Some(*status), parts().map(|(status, _)| *status).min());
            // Dead branches count only where nothing else does.
            let expected: BTreeMap<_, _> =
                parts().filter(|(of_part, _)| (of_part == &Status::Guarded) == (*status == Status::Guarded)).flat_map(|(_, items)| items.clone()).collect();
            prop_assert_eq!(items.iter().cloned().collect::<BTreeMap<_, _>>(), expected);
        }
    }
}

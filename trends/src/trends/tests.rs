//! Series worked out by hand, and the law that what is taken out leaves nothing behind.

use std::collections::HashSet;
use std::sync::Arc;

use analyzer::{Kind, Outcome};
use proptest::prelude::*;

use super::made::{day, facts, project, release, told};
use super::*;
use crate::{Declared, Downloads, Facts, Release, Switch, Tag, TagDates, Told};

fn subject(text: &str) -> Subject {
    text.parse().expect("a subject")
}

fn no_items(_: i32) -> &'static [u32] {
    &[]
}

fn with_facts(made: Release, change: impl FnOnce(&mut Facts)) -> Release {
    let Told { report, facts } = made.told.expect("facts");
    let mut facts = (*facts).clone();
    change(&mut facts);
    Release { told: Some(told(report, facts)), ..made }
}

fn words() -> Words {
    Words {
        structures: vec!["PyObject".to_owned(), "PyTypeObject".to_owned()],
        items: vec![(Kind::Api, "PyTuple_GET_SIZE".to_owned()), (Kind::Api, "PyDict_GetItem".to_owned())],
    }
}

/// From January to May 2024.
fn trends(projects: Vec<Project>, lists: Lists) -> Trends {
    let mut trends = Trends::new(Months::new(day("2024-01-10"), day("2024-05-20")), lists);
    trends.learn(&words());
    for (key, project) in (0..).zip(projects) {
        trends.replace(key, Some(Arc::new(project)), &items);
    }
    trends
}

/// Odd reports use the first item, all use the second.
fn items(report: i32) -> &'static [u32] {
    if report % 2 == 1 { &[0, 1] } else { &[1] }
}

fn counts(trends: &Trends, text: &str, scope: Scope) -> Vec<i64> {
    let series = trends.series(&subject(text), scope).expect("a series");
    series.points.iter().map(|point| point.projects).collect()
}

/// One adopts abi3 in March and turns back in May; another is there from April on.
fn two() -> Vec<Project> {
    let mut tags = TagDates::default();
    tags.add(Tag::Abi3, day("2024-04-02"), None);
    let adopting = Release { tags, ..release(2, "2024-03-05") };
    let adopting = with_facts(adopting, |known| {
        *known = Facts {
            declared: Declared { abi3: true, abi3t: false },
            structures: [1].into(),
            ..facts(Outcome::NoBlocker)
        };
    });
    let one = project(vec![release(1, "2023-12-31"), adopting, release(3, "2024-05-20")]);
    let other = with_facts(release(4, "2024-04-30"), |known| *known = facts(Outcome::NoBlocker));
    vec![one, Project { name: "other".into(), first_seen: day("2024-05-02"), ..project(vec![other]) }]
}

#[test]
fn adoption_reversal_and_a_new_project_move_the_series_in_their_months() {
    let trends = trends(two(), Lists::default());
    let of = |text: &str| counts(&trends, text, Scope::All);
    assert_eq!(of("verdict:abi3-3.11:blocked"), [1, 1, 0, 0, 1]);
    assert_eq!(of("verdict:abi3-3.11:no-blocker"), [0, 0, 1, 2, 1]);
    assert_eq!(of("declared:abi3"), [0, 0, 1, 1, 0]);
    assert_eq!(of("declared:abi3t"), [0; 5]);
    assert_eq!(of("tagged:abi3"), [0, 0, 0, 1, 0], "the wheel came a month after the sdist");
    assert_eq!(of("native"), [1, 1, 1, 2, 2]);
    assert_eq!(of("ships:abi3"), [0, 0, 0, 1, 0]);
    assert_eq!(of("could-be:abi3-3.11"), [0, 0, 0, 1, 1], "only the one that does not declare it");
    assert_eq!(of("could-be:abi3t-3.15"), [0, 0, 1, 2, 1], "nobody declares that");
    assert_eq!(of("structure:PyTypeObject"), [0, 0, 1, 1, 0]);
    assert_eq!(of("structure:PyObject"), [0; 5]);
    assert_eq!(of("structure:PyNever"), [0; 5]);
    assert_eq!(of("item:api:PyTuple_GET_SIZE"), [1, 1, 0, 0, 1]);
    assert_eq!(of("item:api:PyDict_GetItem"), [1, 1, 1, 2, 2]);
    assert_eq!(of("item:api:PyNever"), [0; 5]);
    assert_eq!(trends.series(&subject("item:api:PyDict_GetItem"), Scope::Cohort(2024)), None);
}

#[test]
fn a_cohort_keeps_who_was_there_when_the_year_began() {
    let trends = trends(two(), Lists::default());
    assert_eq!(trends.years().collect::<Vec<_>>(), Vec::<i32>::new(), "2024 began before the first month counted");
    let mut trends = Trends::new(Months::new(day("2023-12-01"), day("2024-05-20")), Lists::default());
    for (key, project) in (0..).zip(two()) {
        trends.replace(key, Some(Arc::new(project)), &no_items);
    }
    assert_eq!(trends.years().collect::<Vec<_>>(), [2024]);
    assert_eq!(counts(&trends, "verdict:abi3-3.11:no-blocker", Scope::Cohort(2024)), [0, 0, 0, 1, 1, 0]);
    assert_eq!(counts(&trends, "verdict:abi3-3.11:no-blocker", Scope::All), [0, 0, 0, 1, 2, 1]);
}

#[test]
fn each_point_has_its_chain_and_who_was_observed() {
    let late =
        Release { selected: Some(day("2024-02-20")), sdist: Some(day("2024-02-20")), ..release(1, "2024-01-02") };
    let unread = Release { step: Step::Selected, told: None, ..release(2, "2024-04-01") };
    let mut made = project(vec![late, unread]);
    made.first_seen = day("2024-04-15");
    let trends = trends(vec![made], Lists::default());
    let series = trends.series(&subject("verdict:abi3-3.9:blocked"), Scope::All).expect("a series");
    let chains = series.points.iter().map(|point| point.chain);
    let told: Vec<_> = chains
        .map(|c| [c.with_files, c.with_sdist, c.selected, c.fetched, c.readable, c.with_native, c.observed])
        .collect();
    let (only_wheels, read, selected) = ([1, 0, 0, 0, 0, 0, 0], [1, 1, 1, 1, 1, 1, 0], [1, 1, 1, 0, 0, 0, 1]);
    assert_eq!(told, [only_wheels, read, read, selected, selected]);
    assert_eq!(series.points.iter().map(|point| point.chain.decided).collect::<Vec<_>>(), [0, 1, 1, 0, 0].map(Some));
    assert_eq!(series.observed_from, Some(day("2024-04-15")));
    assert_eq!(series.points.last().map(|point| point.on), Some(day("2024-05-20")));
}

#[test]
fn downloads_are_those_of_the_months_list_else_of_the_oldest() {
    let lists: Lists = ["2024-03", "2024-05"].map(|month| month.parse().expect("a month")).into_iter().collect();
    let place = |month: &str, rank, downloads| Downloads { month: month.parse().expect("a month"), rank, downloads };
    let mut made = project(vec![release(1, "2024-01-02")]);
    made.downloads = vec![place("2024-03", 1000, 70), place("2024-05", 1001, 50)];
    let trends = trends(vec![made, project(vec![release(3, "2024-05-01")])], lists);
    let series = trends.series(&subject("verdict:abi3-3.9:blocked"), Scope::All).expect("a series");
    let told: Vec<_> = series
        .points
        .iter()
        .map(|point| (point.downloads, point.downloads_of.as_deref().unwrap_or_default()))
        .collect();
    let (march, may) = ((Some(70), "2024-03"), (Some(50), "2024-05"));
    assert_eq!(told, [march, march, march, march, may]);
    assert_eq!(counts(&trends, "verdict:abi3-3.9:blocked", Scope::Band(crate::Band::Top1000)), [1, 1, 1, 1, 0]);
    assert_eq!(counts(&trends, "verdict:abi3-3.9:blocked", Scope::Band(crate::Band::Top5000)), [0, 0, 0, 0, 1]);
    assert_eq!(counts(&trends, "verdict:abi3-3.9:blocked", Scope::Band(crate::Band::Rest)), [0, 0, 0, 0, 1]);
}

#[test]
fn whoever_was_not_read_at_one_end_neither_came_nor_went() {
    let unread = Release { step: Step::Selected, told: None, ..release(2, "2024-03-05") };
    let mut made = project(vec![release(1, "2023-12-31"), unread, release(3, "2024-04-02")]);
    made.releases[0].tags.add(Tag::Abi3, day("2023-12-31"), None);
    let trends = trends(vec![made], Lists::default());
    let told = |text: &str, month: &str| {
        let month: Month = month.parse().expect("a month");
        let changes = trends.changes(&subject(text), Scope::All, (month.before(), month), &HashSet::from([1, 3]));
        let changes = changes.expect("changes");
        [changes.entered.len(), changes.left.len(), changes.unread.len()]
    };
    for text in ["verdict:abi3-3.11:blocked", "item:api:PyTuple_GET_SIZE"] {
        assert_eq!([told(text, "2024-03"), told(text, "2024-04")], [[0, 0, 1], [0, 0, 1]], "{text}");
        assert_eq!(told(text, "2024-02"), [0, 0, 0]);
    }
    assert_eq!(told("ships:abi3", "2024-03"), [0, 0, 1]);
    assert_eq!(told("tagged:abi3", "2024-03"), [0, 1, 0], "a wheel tells itself");
}

#[test]
fn who_came_and_who_went_is_named_with_both_releases() {
    let trends = trends(two(), Lists::default());
    let told = |text: &str, month: &str| {
        let users: HashSet<i32> = [1, 3].into();
        let month: Month = month.parse().expect("a month");
        let changes = trends.changes(&subject(text), Scope::All, (month.before(), month), &users).expect("changes");
        let words = |changes: &[crate::Change]| {
            changes.iter().map(|one| (one.project.to_string(), one.before, one.now)).collect::<Vec<_>>()
        };
        (words(&changes.entered), words(&changes.left))
    };
    let made = |before, now| ("made".to_owned(), before, now);
    assert_eq!(told("verdict:abi3-3.11:no-blocker", "2024-03"), (vec![made(Some(1), Some(2))], vec![]));
    assert_eq!(told("verdict:abi3-3.11:no-blocker", "2024-04"), (vec![("other".to_owned(), None, Some(4))], vec![]));
    assert_eq!(told("declared:abi3", "2024-05"), (vec![], vec![made(Some(2), Some(3))]));
    assert_eq!(told("item:api:PyTuple_GET_SIZE", "2024-03"), (vec![], vec![made(Some(1), Some(2))]));
    assert_eq!(told("tagged:abi3", "2024-01"), (vec![], vec![]));
}

fn a_day() -> impl Strategy<Value = NaiveDate> {
    (0..260_u64).prop_map(|days| day("2023-11-01") + chrono::Days::new(days))
}

fn a_release() -> impl Strategy<Value = Release> {
    let seen = || proptest::collection::vec((a_day(), any::<bool>()), 0..3);
    let parts = (1..6_i32, a_day(), a_day(), any::<bool>(), seen(), seen(), 0..4_usize, any::<bool>(), 0..5_usize);
    parts.prop_map(|(id, uploaded, wheel, is_prerelease, mut yanked, mut gone, tag, is_read, outcome)| {
        yanked.sort_unstable_by_key(|(day, _)| *day);
        gone.sort_unstable_by_key(|(day, _)| *day);
        let mut tags = TagDates::default();
        if let Some(tag) = Tag::ALL.get(tag) {
            tags.add(*tag, wheel, None);
        }
        let known = Facts {
            declared: Declared { abi3: outcome == 0, abi3t: false },
            structures: [u32::try_from(id).unwrap_or(0) % 2].into(),
            removed: crate::facts::version_bit(capi::Version::new(3, 13)),
            ..facts(Outcome::ALL[outcome])
        };
        Release {
            id: i64::from(id),
            uploaded,
            is_prerelease,
            yanked: Switch::of(yanked),
            gone: Switch::of(gone),
            sdist: Some(wheel),
            selected: Some(wheel),
            step: Step::Native,
            tags,
            told: is_read.then(|| told(id, known)),
        }
    })
}

fn a_project() -> impl Strategy<Value = Project> {
    (proptest::collection::vec(a_release(), 0..5), a_day(), "[a-z]{12}").prop_map(|(mut releases, first_seen, name)| {
        // Two of one id could not be told apart.
        for (id, release) in (0..).zip(&mut releases) {
            release.id = id;
        }
        let downloads = vec![Downloads { month: "2024-02".parse().expect("a month"), rank: 7, downloads: 11 }];
        Project { name: name.into(), first_seen, downloads, ..project(releases) }
    })
}

fn count(of: usize) -> i64 {
    i64::try_from(of).expect("few")
}

fn every_series(trends: &Trends) -> Vec<Option<Series>> {
    let subjects = [
        "verdict:abi3-3.2:blocked",
        "verdict:abi3t-3.15:no-blocker",
        "declared:abi3",
        "tagged:abi3t",
        "tagged:free-threaded",
        "could-be:abi3-3.15",
        "structure:PyObject",
        "structure:PyTypeObject",
        "removed:3.13",
        "deprecated:3.12",
        "item:api:PyTuple_GET_SIZE",
        "item:api:PyDict_GetItem",
    ];
    let scopes: Vec<Scope> = Scope::moving().chain([Scope::Cohort(2024)]).collect();
    let all = subjects.into_iter().flat_map(|text| scopes.iter().map(move |scope| (subject(text), *scope)));
    all.map(|(subject, scope)| trends.series(&subject, scope)).collect()
}

fn counted(projects: &[Project]) -> Trends {
    let lists: Lists = ["2024-02".parse().expect("a month")].into_iter().collect();
    let mut trends = Trends::new(Months::new(day("2023-11-01"), day("2024-07-10")), lists);
    trends.learn(&words());
    for (key, project) in (0..).zip(projects) {
        trends.replace(key, Some(Arc::new(project.clone())), &items);
    }
    trends
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn replacing_projects_one_by_one_comes_to_what_counting_anew_comes_to(
        before in proptest::collection::vec(a_project(), 3), after in proptest::collection::vec(a_project(), 3),
    ) {
        let mut trends = counted(&before);
        for (key, project) in (0..).zip(&after) {
            trends.replace(key, Some(Arc::new(project.clone())), &items);
        }
        let anew = counted(&after);
        for (one, other) in every_series(&trends).into_iter().zip(every_series(&anew)) {
            prop_assert_eq!(one, other);
        }
        for key in 0..3 {
            trends.replace(key, None, &items);
        }
        for series in every_series(&trends).into_iter().flatten() {
            prop_assert!(series.points.iter().all(|point| point.projects == 0 && point.chain.with_files == 0), "{}", series.subject);
        }
    }

    #[test]
    fn what_is_counted_of_members_is_what_is_counted_in_advance(
        projects in proptest::collection::vec(a_project(), 1..5),
    ) {
        let trends = counted(&projects);
        let item = subject("item:api:PyTuple_GET_SIZE");
        let users: HashSet<i32> = (0..6).filter(|report| items(*report).contains(&0)).collect();
        prop_assert_eq!(Some(trends.members(Scope::All).series(&item, &users)), trends.series(&item, Scope::All));
        for scope in Scope::moving().chain([Scope::Cohort(2024)]) {
            let members = trends.members(scope);
            let all = members.series(&subject("native"), &members.reports().into_iter().collect());
            prop_assert_eq!(Some(all), trends.series(&subject("native"), scope));
        }
    }

    #[test]
    fn every_point_is_what_the_projects_of_that_day_come_to_and_every_move_is_named(
        projects in proptest::collection::vec(a_project(), 1..5),
    ) {
        let trends = counted(&projects);
        let wanted = subject("verdict:abi3-3.2:blocked");
        let series = trends.series(&wanted, Scope::All).expect("a series");
        let mut before = 0;
        for point in &series.points {
            let is = |project: &&Project| project.stood(Month::of(point.on).last()).is_some_and(|at| {
                let release = &project.releases[at];
                release.selected.is_some_and(|selected| selected <= Month::of(point.on).last())
                    && release.facts().is_some_and(|facts| facts.outcomes[0] == Some(Outcome::Blocked))
            });
            prop_assert_eq!(point.projects, count(projects.iter().filter(is).count()));
            let there = projects.iter().filter(|project| project.stood(Month::of(point.on).last()).is_some()).count();
            prop_assert_eq!(point.chain.with_files, count(there));
            let month = Month::of(point.on);
            let changes =
                trends.changes(&wanted, Scope::All, (month.before(), month), &HashSet::new()).expect("changes");
            // Of those that were not read at one end it is known at the other.
            let came = |one: &&crate::Change| {
                let project = projects.iter().find(|project| *project.name == *one.project).expect("it is there");
                let at = project.releases.iter().rposition(|release| Some(release.id) == one.now);
                at.is_some_and(|at| project.releases[at].reached(month.last()) == Step::Native && project.releases[at].told.is_some())
            };
            let came = changes.unread.iter().filter(came).count();
            let moved = count(changes.entered.len() + came) - count(changes.left.len() + changes.unread.len() - came);
            prop_assert_eq!(point.projects - before, moved);
            before = point.projects;
        }
    }

    #[test]
    fn as_of_a_day_is_what_was_told_on_that_day(projects in proptest::collection::vec(a_project(), 1..4), at in a_day()) {
        let all = counted(&projects);
        let at = at.min(all.months().until());
        let then = all.as_of(at);
        let wanted = subject("verdict:abi3-3.2:blocked");
        let (now, before) = (all.series(&wanted, Scope::All), then.series(&wanted, Scope::All));
        let (now, before) = (now.expect("a series").points, before.expect("a series").points);
        let last = before.len() - 1;
        prop_assert_eq!(before[last].on, at);
        // Whole months before are the same.
        for (one, other) in before[..last].iter().zip(&now) {
            prop_assert_eq!((one.on, one.projects, one.chain.with_files), (other.on, other.projects, other.chain.with_files));
        }
        let standing: Vec<(i64, i64)> = projects.iter().enumerate()
            .filter_map(|(key, project)| Some((count(key), project.releases[project.stood(at)?].id))).collect();
        prop_assert_eq!(then.standing().collect::<Vec<_>>(), standing.clone());
        prop_assert_eq!(before[last].chain.with_files, count(standing.len()));
    }

    #[test]
    fn verdicts_of_a_day_and_of_a_target_are_all_projects_with_native_source(
        projects in proptest::collection::vec(a_project(), 1..5),
    ) {
        let trends = counted(&projects);
        let all = Outcome::ALL.map(|outcome| {
            trends.series(&Subject::Verdict("abi3-3.11".parse().expect("a target"), outcome), Scope::All).expect("a series")
        });
        for at in 0..trends.months().len() {
            let sum: i64 = all.iter().map(|series| series.points[at].projects).sum();
            prop_assert_eq!(sum, all[0].points[at].chain.with_native);
        }
    }
}

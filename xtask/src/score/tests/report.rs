//! Which findings are read, what is summed up, and how it is shown.

use serde_json::json;

use super::{finding, judged, line, truth};
use crate::score::findings;
use crate::score::goals::goals;
use crate::score::misses::{Explanations, group};
use crate::score::page::page;
use crate::score::run::Run;
use crate::score::tally::Tally;
use crate::score::truth::Truth;

fn one_use() -> Truth {
    truth(&json!({"api": {"a.c": [[10, "PyList_New", "function", "s", 15]]}}))
}

#[test]
fn what_is_dead_is_left_out_and_what_cannot_be_told_is_not() {
    let mut found = finding("api", 10, "PyList_New");
    for (active, hit) in [(json!(false), 0), (json!(true), 1), (json!(null), 1)] {
        found["active"] = active;
        assert_eq!(judged(&one_use(), std::slice::from_ref(&found)).score.api.hit, hit);
    }
}

#[test]
fn a_path_may_begin_with_the_top_folder() {
    for (path, hit) in [("a.c", 1), ("tiny-1.0/a.c", 1), ("other/a.c", 1), ("other/b/a.c", 0)] {
        let mut found = finding("api", 10, "PyList_New");
        found["path"] = json!(path);
        assert_eq!(judged(&one_use(), &[found]).score.api.hit, hit, "{path}");
    }
}

#[test]
fn records_of_other_kinds_and_packages_are_passed_over() {
    let truth = one_use();
    let other = line(&finding("api", 10, "PyList_New")).replace("tiny-1.0", "other-1.0");
    let problem = line(&json!({"kind": "problem", "path": "a.c", "message": "too long"}));
    let layout = line(&finding("layout", 10, "PyObject"));
    let lines = [other, problem, layout].join("\n");
    let found = findings::read(lines.as_bytes(), std::slice::from_ref(&truth)).expect("findings");
    let judged = crate::score::judge::judge(&truth, &found[0], &super::known());
    assert_eq!((judged.score.api, judged.score.outside), (Tally { missed: 1, ..Tally::default() }, 0));
}

#[test]
fn a_line_that_is_no_record_is_an_error_with_its_number() {
    let error = findings::read(b"\nnot json\n", &[one_use()]).expect_err("not a record");
    assert_eq!(error.to_string(), "line 2 of the findings");
}

#[test]
fn generated_files_are_left_out_of_the_hand_written_figures() {
    let truth = truth(&json!({"api": {
        "a.c": [[10, "PyList_New", "function", "s", 15]],
        "generated.c": [[10, "PyList_New", "function", "s", 15]],
    }}));
    let mut wrong = finding("api", 11, "PyList_New");
    wrong["path"] = json!("generated.c");
    let judged = judged(&truth, &[finding("api", 10, "PyList_New"), wrong]);
    assert_eq!(judged.score.api, Tally { hit: 1, missed: 1, wrong: 1 });
    assert_eq!(judged.hand_written.api, Tally { hit: 1, missed: 0, wrong: 0 });
}

#[test]
fn packages_are_summed_up_and_goals_compared() {
    let run = Run::new(vec![judged(&one_use(), &[finding("api", 10, "PyList_New")]), judged(&one_use(), &[])]);
    assert_eq!(run.total.api, Tally { hit: 1, missed: 1, wrong: 0 });
    let met = |what: &str| goals(&run).iter().find(|goal| goal.what == what).expect("a goal").is_met();
    assert_eq!(met("API names, recall"), Some(false));
    assert_eq!(met("API names, strict precision (shims are wrong)"), Some(true));
    assert_eq!(met("l-values, recall"), None, "there are none");
}

#[test]
fn misses_are_grouped_by_name_and_file_and_explained_by_the_first_entry_that_fits() {
    let truth = truth(&json!({"api": {"a.c": [
        [10, "PyList_New", "function", "s", 15],
        [11, "PyList_New", "function", "s", 15],
        [12, "PyDict_New", "function", "s", 15],
    ]}}));
    let run = Run::new(vec![judged(&truth, &[finding("api", 30, "PyMade_Up")])]);
    let explanations: Explanations = toml::from_str(
        r#"
        [[explained]]
        package = "tiny"
        kind = "api"
        name = "PyList_New"
        file = "a.c"
        why = "the particular"
        [[explained]]
        name = "PyGone"
        why = "not needed"
        [[explained]]
        file = "a.c"
        why = "the general"
        "#,
    )
    .expect("explanations");
    let groups = group(run.misses(), &explanations);
    let told: Vec<_> = groups.iter().map(|group| (group.name, group.lines.as_slice(), group.why)).collect();
    let expected = [
        ("PyDict_New", &[12][..], Some("the general")),
        ("PyList_New", &[10, 11], Some("the particular")),
        ("PyMade_Up", &[30], Some("the general")),
    ];
    assert_eq!(told, expected);
    let unneeded: Vec<String> = explanations.unneeded(&groups).map(ToString::to_string).collect();
    assert_eq!(unneeded, ["* * PyGone *: not needed"]);
}

#[test]
fn the_page_says_what_made_it_and_shows_what_is_left() {
    let run = Run::new(vec![judged(&one_use(), &[])]);
    let explanations = Explanations::default();
    let page = page(&run, &group(run.misses(), &explanations));
    assert!(page.contains(analyzer::ANALYZER_VERSION) && page.contains(capi::DATA_VERSION));
    assert!(page.contains("Rows: 1, without an explanation: 1."), "{page}");
    assert!(page.contains("| tiny | api | PyList_New | missed | a.c | 10 | function |  |"), "{page}");
}

//! Names: hits, misses, and every reason that makes a finding neutral.

use serde_json::json;

use super::{faults, finding, judged, set, truth};
use crate::score::sheet::Neutral;
use crate::score::tally::Tally;

#[test]
fn uses_are_counted_by_place_and_names_by_package() {
    let truth = truth(&json!({"api": {"a.c": [
        [10, "PyList_New", "function", "s", 15],
        [11, "PyList_New", "function", "s", 15],
        [12, "Py_SIZE", "function+macro", "s", 15],
        [13, "PyDict_New", "function", "s", 15],
        [200, "PyTuple_New", "function", "s", 15],
    ]}}));
    let found = [("PyList_New", 10), ("PyList_New", 30), ("Py_SIZE", 12), ("PyMade_Up", 31), ("PyTuple_New", 200)];
    let judged = judged(&truth, &found.map(|(name, line)| finding("api", line, name)));
    assert_eq!(judged.score.api, Tally { hit: 2, missed: 2, wrong: 2 });
    assert_eq!(judged.score.names, Tally { hit: 2, missed: 1, wrong: 1 });
    assert_eq!(judged.score.outside, 1, "line 200 was not seen");
    assert_eq!(judged.score.api_by_sort["function"], Tally { hit: 2, missed: 2, wrong: 0 });
    assert_eq!(judged.score.api_by_sort["macro"], Tally { hit: 1, missed: 0, wrong: 0 });
    let expected =
        ["missed PyList_New:11", "missed PyDict_New:13", "false alarm PyList_New:30", "false alarm PyMade_Up:31"];
    assert_eq!(faults(&judged), set(expected));
}

#[test]
fn a_type_counts_neither_way_but_in_its_own_row() {
    let truth = truth(&json!({"api": {"a.c": [
        [10, "PyObject", "type", "s", 15],
        [11, "PyObject", "type", "s", 15],
    ]}}));
    let judged = judged(&truth, &[finding("api", 10, "PyObject")]);
    assert_eq!((judged.score.api, judged.score.names), (Tally::default(), Tally::default()));
    assert_eq!(judged.score.api_by_sort["type"], Tally { hit: 1, missed: 1, wrong: 0 });
    assert_eq!(judged.score.neutral, 1);
    assert_eq!(judged.misses, []);
}

#[test]
fn every_reason_makes_a_finding_neutral() {
    let truth = truth(&json!({
        "config": {"a.c": [[70, "SIZEOF_LONG"]]},
        "own": {"a.c": [[71, "Py_NewRef"]]},
        "marg": {"a.c": [[73, "PyDropped"]]},
        "members": {"a.c": [
            [74, "PyObject", "ob_type", "read", 0, "s", 15],
            [75, "PyObject", "ob_base", "read", 1, "s", 15],
        ]},
        "dep": {"a.c": [[76, "PyTemplate"]]},
    }));
    let cases = [
        ("SIZEOF_LONG", 70, Neutral::PyconfigName),
        ("PyAnything", 60, Neutral::PreprocessorLine),
        ("Py_NewRef", 71, Neutral::OwnShim),
        ("Py_INCREF", 51, Neutral::DefineBody),
        ("PyDropped", 73, Neutral::DroppedArgument),
        ("ob_type", 74, Neutral::StructureMember),
        ("ob_base", 75, Neutral::StructureMember),
        ("PyTemplate", 76, Neutral::Template),
    ];
    for (name, line, reason) in cases {
        let judged = judged(&truth, &[finding("api", line, name)]);
        assert_eq!(judged.score.api.wrong, 0, "{name}");
        assert_eq!(judged.score.neutral_api, [(reason, 1)].into(), "{name}");
        assert_eq!(judged.score.neutral, 1, "{name}");
    }
}

#[test]
fn only_names_of_cpython_are_shims_or_belong_in_bodies() {
    let truth = truth(&json!({"own": {"a.c": [[71, "Py_MINE"], [72, "Py_NewRef"]]}}));
    let found = [("Py_MINE", 71), ("Py_MINE", 51), ("Py_NewRef", 71)];
    let judged = judged(&truth, &found.map(|(name, line)| finding("api", line, name)));
    assert_eq!(judged.score.api.wrong, 3, "the third is no shim on that line");
    assert!(judged.score.neutral_api.is_empty());
}

#[test]
fn strict_precision_counts_the_neutral_as_wrong() {
    let truth = truth(&json!({
        "api": {"a.c": [[10, "PyList_New", "function", "s", 15], [11, "PyList_New", "function", "s", 15]]},
        "own": {"a.c": [[71, "Py_NewRef"]]},
    }));
    let found = [("PyList_New", 10), ("PyList_New", 11), ("Py_NewRef", 71), ("PyAnything", 60)];
    let score = judged(&truth, &found.map(|(name, line)| finding("api", line, name))).score;
    assert_eq!(score.api.precision(), Some(1.0));
    assert_eq!(score.api.strict_precision(score.shims()), Some(2.0 / 3.0));
    assert_eq!(score.api.strict_precision(score.all_neutral_api()), Some(0.5));
}

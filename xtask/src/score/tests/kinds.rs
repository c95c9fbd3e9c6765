//! Members, l-values and static types.

use serde_json::{Value, json};

use super::{faults, finding, judged, set, truth};
use crate::score::tally::Tally;

fn member(line: u32, structure: &str, name: &str) -> Value {
    json!({"kind": "member", "path": "a.c", "line": line, "name": name, "member": name, "struct": structure})
}

#[test]
fn members_are_counted_by_place_and_their_structures_apart() {
    let truth = truth(&json!({"members": {"a.c": [
        [10, "_typeobject", "tp_name", "read", 0, "s", 15],
        [11, "PyObject", "ob_type", "read+write", 0, "s", 15],
        [12, "Py_buffer", "buf", "read", 0, "s", 15],
        [13, "PyTypeObject", "tp_free", "offsetof", 0, "s", 15],
        [14, "PyMethodDef", "ml_name", "init", 0, "s", 15],
    ]}}));
    let found = [
        member(10, "PyTypeObject", "tp_name"),
        member(11, "PyVarObject", "ob_type"),
        member(12, "Py_buffer", "buf"),
        member(14, "PyMethodDef", "ml_name"),
        member(30, "PyObject", "ob_type"),
        member(101, "PyObject", "ob_type"),
    ];
    let judged = judged(&truth, &found);
    let score = &judged.score;
    assert_eq!(score.members, Tally { hit: 3, missed: 1, wrong: 1 });
    assert_eq!(score.hidden_members, Tally { hit: 2, missed: 1, wrong: 0 }, "Py_buffer is public");
    assert_eq!(score.structures, Tally { hit: 3, missed: 0, wrong: 1 }, "a tag is as good as its typedef");
    assert_eq!((score.neutral, score.outside), (1, 1), "the initialiser, and line 101");
    assert_eq!(score.members_by_access["write"], Tally { hit: 1, missed: 0, wrong: 0 });
    assert_eq!(score.members_by_access["init"], Tally { hit: 1, missed: 0, wrong: 0 });
    let expected = ["wrong structure ob_type:11", "missed tp_free:13", "false alarm ob_type:30"];
    assert_eq!(faults(&judged), set(expected));
}

#[test]
fn members_that_a_compiler_cannot_judge_are_neutral() {
    let truth = truth(&json!({
        "members": {"a.c": [[10, "PyObject", "ob_base", "read", 1, "s", 15]]},
        "dep": {"a.c": [[11, "frame"]]},
        "marg": {"a.c": [[12, "frame"]]},
    }));
    let found = [(10, "ob_base"), (11, "frame"), (12, "frame"), (51, "frame")];
    let score = judged(&truth, &found.map(|(line, name)| member(line, "PyObject", name))).score;
    assert_eq!((score.members, score.neutral), (Tally::default(), 4));
    let near_miss = judged(&truth, &[member(13, "PyObject", "frame")]).score;
    assert_eq!(near_miss.members.wrong, 1);
}

#[test]
fn a_macro_assigned_to_counts_and_one_whose_address_is_taken_does_not() {
    let truth = truth(&json!({"lvalues": {"a.c": [
        [10, "Py_TYPE", "ob_type", "assign", 15],
        [11, "Py_SIZE", "ob_size", "update", 15],
        [12, "Py_TYPE", "ob_type", "addr", 15],
    ]}}));
    let found = [(10, "Py_TYPE"), (12, "Py_TYPE"), (30, "Py_TYPE"), (51, "Py_TYPE"), (101, "Py_TYPE")];
    let judged = judged(&truth, &found.map(|(line, name)| finding("lvalue", line, name)));
    assert_eq!(judged.score.lvalues, Tally { hit: 1, missed: 1, wrong: 1 });
    assert_eq!((judged.score.neutral, judged.score.outside), (2, 1));
    assert_eq!(faults(&judged), set(["missed Py_SIZE:11", "false alarm Py_TYPE:30"]));
}

/// A variable, declared with or without an initialiser, or made up by a macro.
fn object(line: u32, name: &str, how: &str, written: &str) -> Value {
    json!([line, name, "PyTypeObject", [how, true, true, true, false, 0, 1, written], 15])
}

#[test]
fn a_static_type_is_found_near_its_definition() {
    let truth = truth(&json!({"objects": {"a.c": [
        object(10, "Near_Type", "def", "s"),
        object(20, "Far_Type", "def", "s"),
        object(30, "Filled_Type", "tentative", "s"),
        object(34, "Both_Type", "tentative", "s"),
        object(40, "Both_Type", "def", "s"),
        object(45, "Elsewhere_Type", "decl", "s"),
        [47, "automatic", "PyTypeObject", ["def", false, true, true, false, 0, 1, "s"], 15],
        [48, "methods", "PyMethodDef", ["def", true, true, true, true, 0, 1, "s"], 15],
    ]}}));
    let found = [
        ("Near_Type", 13),
        ("Far_Type", 24),
        ("Filled_Type", 30),
        ("Both_Type", 34),
        ("Elsewhere_Type", 45),
        ("automatic", 47),
        ("Late_Type", 101),
    ];
    let judged = judged(&truth, &found.map(|(name, line)| finding("static-type", line, name)));
    let score = &judged.score;
    assert_eq!(score.static_types, Tally { hit: 2, missed: 2, wrong: 2 });
    assert_eq!((score.neutral, score.outside), (2, 1), "two only declared, and line 101");
    let expected = ["missed Far_Type:20", "missed Both_Type:40", "false alarm Far_Type:24", "false alarm automatic:47"];
    assert_eq!(faults(&judged), set(expected));
}

#[test]
fn a_type_made_up_by_a_macro_is_found_on_its_line_under_any_name() {
    let made = [object(10, "One_Type", "def", "x"), object(11, "Two_Type", "def", "b")];
    let truth = truth(&json!({"objects": {"a.c": made}}));
    let found = judged(&truth, &[finding("static-type", 10, "MAKE_TYPE"), finding("static-type", 30, "Two_Type")]);
    assert_eq!(found.score.macro_types, Tally { hit: 1, missed: 1, wrong: 0 });
    assert_eq!(found.score.static_types.wrong, 1, "a made-up name is wrong as a type written out");
    assert_eq!(found.score.neutral, 1, "the macro's own name is not");
}

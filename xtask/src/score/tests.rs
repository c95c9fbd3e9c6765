//! A made-up package, what a compiler would say about it, and findings of every kind.

mod api;
mod kinds;
mod report;
mod verdicts;

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::findings;
use super::judge::{Judged, Known, judge};
use super::sheet::Fault;
use super::truth::Truth;

/// The truth about `tiny`: `a.c` with lines 1 to 100 seen, `#define` bodies on 50 to 52, and what `rows` adds.
fn truth(rows: &Value) -> Truth {
    let mut facts = json!({
        "package": "tiny", "sdist": "tiny-1.0.tar.gz", "top": "tiny-1.0",
        "files": {
            "a.c": {"cov": [[1, 100]], "def": [[50, 52]], "dir": [[1, 3], [50, 50], [60, 60]]},
            "generated.c": {"cov": [[1, 20]], "def": [], "dir": [], "gen": "cython"},
        },
        "api": {}, "members": {}, "lvalues": {}, "objects": {}, "config": {}, "own": {}, "dep": {}, "marg": {},
        "abi3": {},
    });
    for (key, value) in rows.as_object().expect("an object") {
        facts[key] = value.clone();
    }
    Truth::new(serde_json::from_value(facts).expect("facts"))
}

/// The names that CPython knows.
fn known() -> Known {
    ["Py_NewRef", "Py_INCREF"].map(str::to_owned).into()
}

/// Judges findings, each an object without `sdist`.
fn judged(truth: &Truth, findings: &[Value]) -> Judged {
    let lines: Vec<String> = findings.iter().map(line).collect();
    let found = findings::read(lines.join("\n").as_bytes(), std::slice::from_ref(truth)).expect("findings");
    judge(truth, &found[0], &known())
}

fn line(finding: &Value) -> String {
    let mut line = json!({"sdist": "some/folder/tiny-1.0.tar.gz"});
    line.as_object_mut().expect("an object").extend(finding.as_object().expect("an object").clone());
    line.to_string()
}

/// A finding in `a.c`.
fn finding(kind: &str, line: u32, name: &str) -> Value {
    json!({"kind": kind, "path": "a.c", "line": line, "name": name})
}

/// `fault name` of everything that went wrong.
fn faults(judged: &Judged) -> BTreeSet<String> {
    judged.misses.iter().map(|miss| format!("{} {}:{}", miss.fault.as_str(), miss.name, miss.line)).collect()
}

fn set<const N: usize>(texts: [&str; N]) -> BTreeSet<String> {
    texts.map(str::to_owned).into()
}

#[test]
fn a_perfect_scanner_misses_nothing() {
    let truth = truth(&json!({"api": {"a.c": [[10, "PyList_New", "function", "s", 15]]}}));
    let judged = judged(&truth, &[finding("api", 10, "PyList_New")]);
    assert_eq!(judged.misses, []);
    assert_eq!(judged.score.api.recall(), Some(1.0));
}

#[test]
fn a_silent_scanner_misses_everything() {
    let truth = truth(&json!({"api": {"a.c": [[10, "PyList_New", "function", "s", 15]]}}));
    let judged = judged(&truth, &[]);
    assert_eq!(judged.misses.iter().map(|miss| miss.fault).collect::<Vec<_>>(), [Fault::Missed]);
    assert_eq!(judged.score.api.recall(), Some(0.0));
}

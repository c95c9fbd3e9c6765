//! `scan --format sarif` against the published schema of SARIF 2.1.0.

use std::process::Command;

use fake_index::SdistBuilder;

/// The schema as OASIS publishes it.
const SCHEMA: &str = include_str!("data/sarif-2.1.0.schema.json");

const SOURCE: &str = "\
#include <Python.h>
#include \"internal/pycore_frame.h\"
static PyTypeObject Some_Type = { PyVarObject_HEAD_INIT(NULL, 0) .tp_name = \"x\" };
static struct PyModuleDef module = { PyModuleDef_HEAD_INIT };
void f(PyObject *o, PyFrameObject *frame) {
    PyTuple_SET_ITEM(o, 0, o); Py_TYPE(o) = &Some_Type; frame->f_lasti = 1; o->ob_type->tp_free(o);
}
";

fn sarif(paths: &[&str], folder: &std::path::Path) -> (serde_json::Value, Option<i32>) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_abiscope"));
    let done = command
        .current_dir(folder)
        .args(["scan", "--format", "sarif", "--target", "abi3-3.11", "--target", "abi3t-3.15"])
        .args(paths)
        .output()
        .expect("it runs");
    (serde_json::from_slice(&done.stdout).expect("one JSON document"), done.status.code())
}

#[test]
fn what_is_printed_is_valid_sarif_whatever_was_scanned() {
    let folder = tempfile::tempdir().expect("a folder");
    let sdist = SdistBuilder::new("demo-1.0").file("src/a b#c.c", SOURCE).file("pure.py", "x = 1\n");
    std::fs::write(folder.path().join("demo-1.0.tar.gz"), sdist.tar_gz()).expect("written");
    std::fs::write(folder.path().join("broken-1.0.tar.gz"), b"no archive").expect("written");
    // Two patterns of the published file have a bracket too much, which our validator refuses; we write no language.
    let schema = serde_json::from_str(&SCHEMA.replace("{2}]?$", "{2}$")).expect("the schema is JSON");
    let validator = jsonschema::validator_for(&schema).expect("the schema is one");

    let (log, status) = sarif(&["demo-1.0.tar.gz", "broken-1.0.tar.gz"], folder.path());
    let errors: Vec<String> =
        validator.iter_errors(&log).map(|error| format!("{error} at {}", error.instance_path())).collect();
    assert!(errors.is_empty(), "{errors:#?}");
    assert_eq!(status, Some(1));
    let runs = log["runs"].as_array().expect("runs");
    assert_eq!(runs.len(), 2);
    assert!(runs[0]["results"].as_array().is_some_and(|results| results.len() > 10), "{:#}", runs[0]);
    let place = &runs[0]["results"][0]["locations"][0]["physicalLocation"]["artifactLocation"];
    assert_eq!(place["uri"], "src/a%20b%23c.c");
    assert_eq!(runs[1]["invocations"][0]["executionSuccessful"], false);

    // The schema would say so if a run were wrong.
    let mut wrong = log;
    wrong["runs"][0]["results"][0]["level"] = "terrible".into();
    assert!(!validator.is_valid(&wrong));
}

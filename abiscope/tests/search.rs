//! `abiscope search`, through the whole program: after a survey it simply works.
#![cfg(feature = "service")]

mod program;

use fake_index::{FakeIndex, SdistBuilder};
use program::{abiscope, stdout};

const SOURCE: &str =
    "#include <Python.h>\n/* Py_TYPE(o) */\nvoid f(PyObject *o, PyTypeObject *t) { Py_TYPE(o) = t; }\n";

#[test]
fn what_was_surveyed_is_searched_and_told_in_every_format() {
    let (folder, index) = (tempfile::tempdir().expect("a folder"), FakeIndex::start_in_thread());
    let data_dir = folder.path().join("data");
    for name in ["eggs", "spam"] {
        let sdist = SdistBuilder::new(&format!("{name}-1.0")).file("a.c", SOURCE);
        index.add(name).sdist("1.0", &sdist);
    }
    let output = abiscope(&data_dir, &["survey", "--index-url", &index.url(), "eggs", "spam"]);
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));

    let text = abiscope(&data_dir, &["search", r"Py_TYPE\(\w+\)", "-C", "1"]);
    let shown = "eggs 1.0 2 lines\na.c\n1-#include <Python.h>\n2:/* Py_TYPE(o) */\n3-void f";
    assert!(stdout(&text).starts_with(shown), "{}", stdout(&text));
    assert!(stdout(&text).contains("4 lines in 2 files of 2 projects, among 2 searched"), "{}", stdout(&text));

    let csv = abiscope(&data_dir, &["search", "py_type", "-i", "--code", "--project", "spam", "--format", "csv"]);
    let rows: Vec<&str> = stdout(&csv).lines().collect();
    assert_eq!(rows[0], "project,version,path,line,column,text");
    assert!(rows.len() == 2 && rows[1].starts_with("spam,1.0,a.c,3,40,"), "{rows:?}");

    let json = abiscope(&data_dir, &["search", "PyTypeObject", "--count", "--format", "json"]);
    let found: serde_json::Value = serde_json::from_slice(&json.stdout).expect("JSON");
    assert_eq!((found["lines"].as_i64(), found["hits"].as_array().map(Vec::len)), (Some(2), Some(0)));
    assert_eq!((found["complete"].as_bool(), found["unindexed"].as_i64()), (Some(true), Some(0)));

    let wrong = abiscope(&data_dir, &["search", "("]);
    assert_eq!(wrong.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&wrong.stderr).contains("unclosed group"));
}

//! `abiscope whatif`, through the whole program: a survey of releases old and new, and PEP 674's question.
#![cfg(feature = "service")]

mod program;

use std::path::Path;

use fake_index::{FakeIndex, SdistBuilder};
use program::{abiscope, stdout};

const ASSIGNS: &str = "#include <Python.h>\nvoid f(PyObject *o, PyTypeObject *t) { Py_TYPE(o) = t; }\n";
const GUARDS: &str = "\
#include <Python.h>
#if PY_VERSION_HEX < 0x030900A4
#define Py_SET_TYPE(obj, type) ((Py_TYPE(obj) = (type)), (void)0)
#endif
void f(PyObject *o, PyTypeObject *t) { Py_SET_TYPE(o, t); }
";
const CALLS: &str = "#include <Python.h>\nvoid f(PyObject *o, PyTypeObject *t) { Py_SET_TYPE(o, t); }\n";

fn add(index: &FakeIndex, name: &str, releases: &[(&str, &str)]) {
    let mut project = index.add(name);
    for (version, source) in releases {
        let sdist = SdistBuilder::new(&format!("{name}-{version}")).file("a.c", *source);
        project = project.sdist(version, &sdist);
    }
}

#[test]
fn a_change_is_asked_of_old_and_new_releases_and_told_in_every_format() {
    let (folder, index) = (tempfile::tempdir().expect("a folder"), FakeIndex::start_in_thread());
    let data_dir = folder.path().join("data");
    add(&index, "still", &[("1.0", ASSIGNS)]);
    add(&index, "fixed", &[("1.0", ASSIGNS), ("1.1", CALLS)]);
    add(&index, "compat", &[("1.0", GUARDS)]);
    let url = index.url();
    // Two releases of one project in one command are both read.
    let output =
        abiscope(&data_dir, &["survey", "--index-url", &url, "still", "fixed==1.0", "fixed==1.1", "fixed", "compat"]);
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
    let proposal = folder.path().join("pep674.toml");
    std::fs::write(&proposal, "title = 'PEP 674'\npython = '3.11'\nforbid-lvalue = '*'\n").expect("written");
    let proposal = proposal.to_str().expect("UTF-8");

    let rst = abiscope(&data_dir, &["whatif", proposal, "--format", "rst"]);
    let text = stdout(&rst);
    assert!(text.starts_with("PEP 674\n=======\n"), "{text}");
    assert!(text.contains("1 of 3 projects with sources that were read would have to change their own code"), "{text}");
    assert!(text.contains("* still (1.0): affected; 1 site; first in ``a.c:2``\n"), "{text}");
    assert!(text.contains("* compat (1.0): guarded;"), "{text}");
    assert!(text.contains("* fixed (1.1): fixed; fixed in 1.1, 1.0 was affected\n"), "{text}");

    // Below 3.9 the guard lets the assignment in.
    let older = abiscope(&data_dir, &["whatif", proposal, "--rule", "python=3.8", "--format", "csv"]);
    assert!(stdout(&older).contains("compat,1.0,affected"), "{}", stdout(&older));
    let people = abiscope(&data_dir, &["whatif", "--rule", "forbid-lvalue=Py_TYPE"]);
    assert!(stdout(&people).contains("affected    still"), "{}", stdout(&people));
    let json: serde_json::Value =
        serde_json::from_slice(&abiscope(&data_dir, &["whatif", proposal, "--format", "json"]).stdout).expect("JSON");
    assert_eq!(json["sums"]["statuses"]["affected"], 1);

    let wrong = abiscope(&data_dir, &["whatif", "--rule", "remove=PyTuple_GETITEM"]);
    assert_eq!(wrong.status.code(), Some(2));
    let complaint = String::from_utf8_lossy(&wrong.stderr).into_owned();
    assert!(complaint.contains("did you mean PyTuple_GET_ITEM"), "{complaint}");

    patterns_are_rules(&data_dir);
    saved_answers_stay_and_reviews_are_replayed(&data_dir, proposal);
}

fn patterns_are_rules(data_dir: &Path) {
    let asked = abiscope(data_dir, &["whatif", "--rule", r"source=Py_TYPE\(\w+\)+ =", "--format", "markdown"]);
    let text = stdout(&asked);
    assert_eq!(asked.status.code(), Some(0), "{text}");
    assert!(text.contains("* still (1.0): affected; 1 site; first in `a.c:2`\n"), "{text}");
    assert!(text.contains("* compat (1.0): guarded;"), "{text}");
    assert!(text.contains("Earlier releases are not searched"), "{text}");
    assert!(!text.contains("* fixed"), "{text}");
    let wrong = abiscope(data_dir, &["whatif", "--rule", "source=Py_TYPE("]);
    assert_eq!(wrong.status.code(), Some(2));
    let complaint = String::from_utf8_lossy(&wrong.stderr).into_owned();
    assert!(complaint.contains("unclosed group, at character 8"), "{complaint}");
    let hasty = abiscope(data_dir, &["whatif", "--rule", "source=Py_TYPE", "--timeout", "0.000000001"]);
    assert_eq!(hasty.status.code(), Some(1));
    assert!(stdout(&hasty).contains("cut short"), "{}", stdout(&hasty));
}

fn saved_answers_stay_and_reviews_are_replayed(data_dir: &Path, proposal: &str) {
    let run = |arguments: &[&str]| {
        let output = abiscope(data_dir, arguments);
        (output.status.code(), stdout(&output).to_owned(), String::from_utf8_lossy(&output.stderr).into_owned())
    };
    let (code, answer, told) = run(&["whatif", proposal, "--save", "--format", "rst"]);
    assert_eq!(code, Some(0), "{told}");
    let id = told.split("Saved as ").nth(1).and_then(|rest| rest.split(' ').next()).expect("an ID");

    let site = ["--rule", "forbid-lvalue=Py_TYPE", "--project", "still", "--site"];
    let (code, _, told) = run(&[&["review", "add"], &site[..], &["a.c:1", "--reason", "no site"]].concat());
    assert_eq!(
        (code, told.contains("asks for nothing in a.c:1 of still 1.0, but in a.c:2")),
        (Some(1), true),
        "{told}"
    );
    let (code, _, told) = run(&[&["review", "add"], &site[..], &["a.c:2", "--reason", "seen by eye"]].concat());
    assert_eq!(code, Some(0), "{told}");
    let (_, list, _) = run(&["review", "list"]);
    assert!(
        list.contains("false-positive  forbid-lvalue=Py_TYPE  still a.c") && list.contains("seen by eye"),
        "{list}"
    );

    let (_, now, _) = run(&["whatif", proposal, "--format", "rst"]);
    assert!(!now.contains("* still (1.0): affected") && now.contains("seen by eye"), "{now}");
    assert_eq!(run(&["whatif", "--saved", id, "--format", "rst"]).1, answer, "given once");
    let (_, difference, _) = run(&["whatif", "--saved", id, "--against", "now"]);
    assert!(difference.contains("1 no longer affected") && difference.contains("* still: affected"), "{difference}");
    let (_, same, _) = run(&["whatif", "--saved", id, "--against", id, "--format", "json"]);
    assert!(same.contains("\"projects\": []"), "{same}");
    assert!(run(&["whatif", "--list"]).1.starts_with(id));

    let (code, ..) = run(&[&["review", "withdraw"], &site[..], &["a.c:2"]].concat());
    assert_eq!((code, run(&["whatif", proposal, "--format", "rst"]).1), (Some(0), answer));
    assert_eq!(run(&["whatif", "--saved", "0123456789abcdef0123"]).0, Some(1));
    assert_eq!(run(&["whatif", "--saved", "nonsense"]).0, Some(2));
    assert_eq!(
        run(&["review", "add", "--rule", "Py_TYPE", "--project", "x", "--site", "a:1", "--reason", "r"]).0,
        Some(2)
    );
}

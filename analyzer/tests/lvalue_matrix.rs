//! Every l-value macro in every form of an assignment, and in every form that only looks like one.

use analyzer::{Kind, Options, Report, SourceFile, SourceTree, analyze};

/// Forms that write to the macro's expansion or take its address, with `M` for the call.
const HITS: &[&str] = &[
    "M = value;",
    "M\n    = value;",
    "(M) = value;",
    "((M)) += 1;",
    "M -= 1;",
    "M |= 1;",
    "M <<= 1;",
    "M++;",
    "--M;",
    "(M)--;",
    "use(&M);",
    "use(&(M));",
    "Py_CLEAR(M);",
    "Py_XSETREF(M, value);",
    "if ((M = value) == 0) { }",
    "for (M = 0; M < 3; i++) { }",
    "x = y ? z : 0, M = value;",
    "/* = */ M /* == */ = /* */ value;",
    "switch (x) { case 1: M = value; }",
    "label: M = value;",
    "if (x) y(); else M = value;",
];

/// Forms that only read.
const NEAR_MISSES: &[&str] = &[
    "if (M == value) { }",
    "if (M != value || M >= 2 || M <= 3) { }",
    "x = M;",
    "x += M;",
    "use(M);",
    "use(M, x = value);",
    "use(x, &y, M);",
    "Py_DECREF(M);",
    "Py_SETREF(x, M);",
    "x = M ? y : z;",
    "return M;",
    "x[M] = value;",
    "/* M = value; */",
    "\"M = value\";",
    "M->member = value;",
    "x = a & M;",
    "y = sizeof(M);",
    "x = M, y = value;",
];

fn call(name: &str, arguments: usize) -> String {
    let arguments = ["first((o), 1)", "index", "more"][..arguments].join(", ");
    format!("{name}({arguments})")
}

fn report(body: &str) -> Report {
    let text = format!("#include <Python.h>\nstatic void f(PyObject *o)\n{{\n    {body}\n}}\n");
    let tree = SourceTree {
        name: "matrix".into(),
        files: vec![SourceFile { path: "matrix.c".into(), bytes: text.into_bytes().into() }],
        ..SourceTree::default()
    };
    analyze(&tree, &Options::default())
}

fn lvalues(body: &str) -> Vec<(String, usize)> {
    let report = report(body);
    let found = report.uses.iter().filter(|found| found.kind == Kind::Lvalue);
    found.map(|found| (found.name.clone(), found.sites.len())).collect()
}

#[test]
fn every_macro_is_found_in_every_form_of_a_write() {
    assert_eq!(capi::lvalue_macros().len(), 81);
    for known in capi::lvalue_macros() {
        for arguments in 1..=3 {
            for form in HITS {
                let body = form.replace('M', &call(known.name, arguments));
                assert_eq!(lvalues(&body), [(known.name.to_owned(), 1)], "{body}");
            }
        }
    }
}

#[test]
fn no_macro_is_found_where_it_is_only_read() {
    for known in capi::lvalue_macros() {
        for form in NEAR_MISSES {
            let body = form.replace('M', &call(known.name, 2));
            assert_eq!(lvalues(&body), [], "{body}");
        }
    }
}

#[test]
fn a_macro_of_the_same_name_that_the_package_defines_is_its_own() {
    let tree = SourceTree {
        name: "own".into(),
        files: vec![SourceFile {
            path: "own.c".into(),
            bytes: b"#define Py_TYPE(o) own(o)\nvoid f(void) { Py_TYPE(o) = 1; Py_SIZE(o) = 2; }".to_vec().into(),
        }],
        ..SourceTree::default()
    };
    let report = analyze(&tree, &Options::default());
    let names: Vec<_> = report.uses.iter().filter(|u| u.kind == Kind::Lvalue).map(|u| u.name.as_str()).collect();
    assert_eq!(names, ["Py_SIZE"]);
}

//! Headers that only make sense where they are included.

use analyzer::{Kind, Options, SourceFile, SourceTree, analyze};

fn file(path: &str, text: &str) -> SourceFile {
    SourceFile { path: path.into(), bytes: text.as_bytes().to_vec().into() }
}

/// The condition of each member access, with its name.
fn members(files: Vec<SourceFile>) -> Vec<(String, String)> {
    let tree = SourceTree { name: "pkg-1.0.tar.gz".into(), files, ..SourceTree::default() };
    let report = analyze(&tree, &Options::default());
    let members = report.uses.iter().filter(|found| found.kind == Kind::Member);
    members.map(|found| (found.name.clone(), found.condition.to_string())).collect()
}

#[test]
fn a_header_that_cython_put_aside_knows_the_switches_of_the_file_that_includes_it() {
    let switches =
        "#ifdef PYPY_VERSION\n#define CYTHON_USE_TYPE_SLOTS 0\n#else\n#define CYTHON_USE_TYPE_SLOTS 1\n#endif\n";
    let header = "#if CYTHON_USE_TYPE_SLOTS\n#define SLOT(t, m) ((t)->m)\n\
                  static int f(PyTypeObject *t) { return t->tp_itemsize; }\n#endif\n";
    let source = "#include <Python.h>\n#include \"parts/switches.h\"\n#include \"parts/slots.h\"\n\
                  int g(PyTypeObject *t) { return SLOT(t, tp_flags); }\n";
    let found =
        members(vec![file("parts/slots.h", header), file("parts/switches.h", switches), file("source.c", source)]);
    let elsewhere = "implementation != pypy".to_owned();
    assert_eq!(found, [("tp_flags".to_owned(), elsewhere.clone()), ("tp_itemsize".to_owned(), elsewhere)]);
}

#[test]
fn without_an_includer_the_switches_are_off() {
    let header =
        "#include <Python.h>\n#if CYTHON_USE_TYPE_SLOTS\nint f(PyTypeObject *t) { return t->tp_itemsize; }\n#endif\n";
    assert_eq!(members(vec![file("slots.h", header)]), []);
}

#[test]
fn the_users_of_a_macro_that_reads_a_member_are_counted_at_the_member() {
    let header = "#include <Python.h>\n#define SIZE(o) (((PyVarObject *)(o))->ob_size)\n#define EMPTY(o) (SIZE(o) == 0)\n\
                  #define UNUSED(o) (((PyObject *)(o))->ob_type)\n";
    let code = "#include \"a.h\"\nint f(PyObject *o) { return SIZE(o) + EMPTY(o) + EMPTY(o); }\n\
                int g(PyObject *o) { return ((PyVarObject *)o)->ob_size; }\n";
    let tree = SourceTree { files: vec![file("a.h", header), file("a.c", code)], ..SourceTree::default() };
    let report = analyze(&tree, &Options::default());
    let members = report.uses.iter().filter(|found| found.kind == Kind::Member);
    let sites =
        members.flat_map(|found| found.sites.iter().map(|site| (found.name.as_str(), site.line, site.expansions)));
    let mut sites: Vec<_> = sites.collect();
    sites.sort_unstable();
    assert_eq!(sites, [("ob_size", 2, 3), ("ob_size", 3, 0), ("ob_type", 4, 0)]);
}

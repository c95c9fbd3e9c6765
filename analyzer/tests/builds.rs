//! What the build says decides conditions and says which header is meant; what it may say leaves them open.

use analyzer::{Kind, Options, SourceFile, SourceTree, analyze};

/// The conditions of the uses of `name` in a tree of these files.
fn conditions(files: &[(&str, &str)], name: &str) -> Vec<String> {
    let file =
        |(path, text): &(&str, &str)| SourceFile { path: (*path).to_owned(), bytes: text.as_bytes().to_vec().into() };
    let tree = SourceTree { files: files.iter().map(file).collect(), ..SourceTree::default() };
    let report = analyze(&tree, &Options::default());
    let uses = report.uses.iter().filter(|found| found.kind == Kind::Api && found.name == name);
    uses.map(|found| found.condition.to_string()).collect()
}

const CODE: &str =
    "#include <Python.h>\n#ifdef FAST\nint a = PyList_New;\n#endif\n#if LEVEL >= 2\nint b = PyDict_New;\n#endif\n";

#[test]
fn a_macro_that_every_build_defines_is_known() {
    let setup = "Extension('a', ['a.c'], define_macros=[('FAST', None), ('LEVEL', '1')])";
    assert_eq!(conditions(&[("setup.py", setup), ("a.c", CODE)], "PyList_New"), ["always"]);
    assert!(conditions(&[("setup.py", setup), ("a.c", CODE)], "PyDict_New").iter().all(|found| found == "never"));
}

#[test]
fn a_macro_that_some_builds_define_stays_open() {
    for setup in
        ["Extension('a', ['a.c'])", "m = []\nif fast:\n    m.append(('FAST', None))\nExtension('a', define_macros=m)"]
    {
        assert_eq!(conditions(&[("setup.py", setup), ("a.c", CODE)], "PyList_New"), ["opaque(FAST)"]);
    }
}

#[test]
fn what_a_file_says_itself_comes_after_the_build() {
    let setup = "Extension('a', ['a.c'], define_macros=[('FAST', None)])";
    let code = "#include <Python.h>\n#undef FAST\n#ifdef FAST\nint a = PyList_New;\n#else\nint b = PyDict_New;\n#endif";
    assert_eq!(conditions(&[("setup.py", setup), ("a.c", code)], "PyDict_New"), ["always"]);
    let code =
        "#include <Python.h>\n#ifndef LEVEL\n#define LEVEL 3\n#endif\n#if LEVEL == 3\nint a = PyList_New;\n#endif";
    assert_eq!(conditions(&[("setup.py", setup), ("a.c", code)], "PyList_New"), ["always"]);
    let other = "Extension('a', ['a.c'], define_macros=[('LEVEL', 2)])";
    let found = conditions(&[("setup.py", other), ("a.c", code)], "PyList_New");
    assert!(found.iter().all(|found| found == "never"), "{found:?}");
}

#[test]
fn include_folders_choose_among_headers_of_one_name() {
    let code = "#include <Python.h>\n#include \"config.h\"\n#ifdef FAST\nint a = PyList_New;\n#endif";
    let files = [("src/a.c", code), ("one/config.h", "#define FAST 1\n/* Py */"), ("two/config.h", "/* Py */")];
    let with = |setup: &'static str| {
        let mut all = files.to_vec();
        all.push(("setup.py", setup));
        conditions(&all, "PyList_New")
    };
    assert_eq!(with("Extension('a', ['src/a.c'], include_dirs=['one'])"), ["always"]);
    assert_eq!(with("Extension('a', ['src/a.c'], include_dirs=[os.path.join('.', 'one')])"), ["always"]);
}

#[test]
fn a_header_that_a_template_makes_is_the_one_that_is_included() {
    let code = "#include <Python.h>\n#include \"config.h\"\n#ifdef ONE\nint a = PyList_New;\n#endif\n#ifdef TWO\nint b = PyDict_New;\n#endif";
    let files = [("a.c", code), ("config.h.in", "#define ONE 1\n#undef TWO\n/* Py */")];
    assert_eq!(conditions(&files, "PyList_New"), ["always"]);
    assert_eq!(conditions(&files, "PyDict_New"), ["opaque(TWO)"], "a gap that may be filled");
}

#[test]
fn cython_whose_c_is_there_is_judged_by_that() {
    let cython = "from cpython.unicode cimport PyUnicode_AsUTF8\ncdef f(o):\n    PyUnicode_AsUTF8(o)\n";
    let verdict = |files: &[(&str, &str)]| {
        let file = |(path, text): &(&str, &str)| SourceFile {
            path: (*path).to_owned(),
            bytes: text.as_bytes().to_vec().into(),
        };
        let tree = SourceTree { files: files.iter().map(file).collect(), ..SourceTree::default() };
        analyze(&tree, &Options::default()).verdicts[9].blocking.clone()
    };
    assert_eq!(verdict(&[("a.pyx", ""), ("a.pxi", cython)]), ["PyUnicode_AsUTF8"]);
    assert!(verdict(&[("a.pyx", ""), ("b.pxi", cython), ("a.c", "")]).is_empty());
    assert_eq!(verdict(&[("b.pxd", cython)]), ["PyUnicode_AsUTF8"], "no module at all");
    let unused = "from cpython.unicode cimport PyUnicode_AsUTF8\n";
    assert!(verdict(&[("a.pyx", unused)]).is_empty(), "a cimport alone generates no code");
}

#[test]
fn cython_modules_see_what_they_cimport_and_include_from_each_other() {
    let files = [
        (
            "pkg/includes/python.pxd",
            "cdef extern from \"Python.h\":\n    object PyList_New(int n)\n    int PyList_Size(object o)\n",
        ),
        (
            "pkg/a.pyx",
            "from .includes cimport python\nfrom .includes.python cimport PyList_Size as size\ninclude \"b.pxi\"\npython.PyList_New(0)\nsize(x)\n",
        ),
        ("pkg/b.pxi.in", "size(PyTuple_New)\n"),
        ("pkg/c.pyx", "from pkg.includes.python cimport *\nPyList_New(0)\nPyTuple_New(0)\n"),
        ("pkg/d.pxd", "from cpython.dict cimport PyDict_New\n"),
        ("pkg/d.pyx", "PyDict_New()\nPyDict_Copy(x)\n"),
    ];
    let file =
        |(path, text): &(&str, &str)| SourceFile { path: (*path).to_owned(), bytes: text.as_bytes().to_vec().into() };
    let tree = SourceTree { files: files.iter().map(file).collect(), ..SourceTree::default() };
    let report = analyze(&tree, &Options::default());
    let site = |name: &str, site: &analyzer::Site| format!("{}:{} {name}", report.files[site.file as usize], site.line);
    let mut found: Vec<String> =
        report.uses.iter().flat_map(|found| found.sites.iter().map(|at| site(&found.name, at))).collect();
    found.sort();
    assert_eq!(
        found,
        [
            "pkg/a.pyx:2 PyList_Size",
            "pkg/a.pyx:4 PyList_New",
            "pkg/a.pyx:5 PyList_Size",
            "pkg/b.pxi.in:1 PyList_Size",
            "pkg/c.pyx:2 PyList_New",
            "pkg/d.pxd:1 PyDict_New",
            "pkg/d.pyx:1 PyDict_New",
        ]
    );
}

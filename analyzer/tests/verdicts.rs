//! The rules about the stable ABI, each on a few lines of C: which targets they block.
//!
//! A row is a rule, the code, the targets that are blocked (`3.2-3.10`; `t` is abi3t-3.15; empty: none), and one blocker.

use analyzer::{Effort, NoteKind, Options, Outcome, Report, SourceFile, SourceTree, Verdict, analyze, notes};

fn report(files: &[(&str, &str)]) -> Report {
    let file =
        |(path, text): &(&str, &str)| SourceFile { path: (*path).to_owned(), bytes: text.as_bytes().to_vec().into() };
    let tree = SourceTree {
        name: "rules-1.0.tar.gz".into(),
        files: files.iter().map(file).collect(),
        ..SourceTree::default()
    };
    analyze(&tree, &Options::default())
}

/// `3.2-3.10 3.13 t`: the blocked targets.
fn blocked(report: &Report) -> String {
    let is_blocked: Vec<(String, bool)> = report
        .verdicts
        .iter()
        .map(|verdict| (verdict.target.to_string(), verdict.verdict == Outcome::Blocked))
        .collect();
    let mut ranges: Vec<(String, String)> = Vec::new();
    let mut goes_on = false;
    for (target, blocked) in is_blocked {
        let name = target.strip_prefix("abi3-").unwrap_or("t").to_owned();
        match ranges.last_mut() {
            Some(last) if goes_on && blocked && name != "t" => last.1 = name,
            _ if blocked => ranges.push((name.clone(), name)),
            _ => {}
        }
        goes_on = blocked;
    }
    let written = ranges.into_iter().map(|(a, b)| if a == b { a } else { format!("{a}-{b}") });
    written.collect::<Vec<_>>().join(" ")
}

fn blockers(verdict: &Verdict) -> Vec<&str> {
    let all = verdict.blocking.iter().chain(&verdict.blocking_members).chain(&verdict.blocking_types);
    all.map(String::as_str).collect()
}

const ALL: &str = "3.2-3.15 t";

#[test]
fn each_rule_blocks_the_targets_that_it_is_about() {
    let rows: &[(&str, &str, &str, &str)] = &[
        // 1: names, by the level at which the headers of that level show them.
        (
            "a level",
            "int f(PyObject *o, Py_ssize_t n) { return PyBuffer_FillInfo(0, o, 0, n, 1, 0); }",
            "3.2-3.10",
            "PyBuffer_FillInfo",
        ),
        ("no level", "void f(PyObject *o) { PyUnicode_AsUTF8(o); }", ALL, "PyUnicode_AsUTF8"),
        (
            "left limited mode",
            "void f(char *s) { PyMarshal_ReadObjectFromString(s, 1); }",
            "3.11-3.15 t",
            "PyMarshal_ReadObjectFromString",
        ),
        (
            "shown, but does not compile",
            "void f(PyObject *o) { PySequence_Fast_GET_SIZE(o); }",
            ALL,
            "PySequence_Fast_GET_SIZE",
        ),
        (
            "of use later than shown",
            "void f(void) { Py_EnterRecursiveCall(\"\"); }",
            "3.2-3.8",
            "Py_EnterRecursiveCall",
        ),
        (
            "shown before the manifest promises it",
            "void f(PyFrameObject *o) { PyFrame_GetCode(o); }",
            "3.2-3.8",
            "PyFrame_GetCode",
        ),
        ("a macro long before the symbol", "void f(PyObject *o) { Py_TYPE(o); }", "", ""),
        ("private", "void f(PyObject *o) { _PyObject_GetDictPtr(o); }", ALL, "_PyObject_GetDictPtr"),
        ("private, but limited", "void *f(PyTypeObject *t) { return _PyObject_New(t); }", "", ""),
        // 2: structures.
        ("a member of an opaque structure", "void f(PyTypeObject *t) { t->tp_name; }", ALL, "PyTypeObject.tp_name"),
        ("a member that stays", "void f(PyObject *o) { o->ob_type; }", "t", "PyObject.ob_type"),
        ("a member of a structure that came", "void f(Py_buffer *b) { b->len; }", "3.2-3.10", "Py_buffer.len"),
        ("a member of a structure for all", "void f(PyMethodDef *m) { m->ml_name; }", "", ""),
        ("sizeof", "int f(void) { return sizeof(PyListObject); }", ALL, "PyListObject"),
        ("a variable", "void f(void) { Py_buffer b; }", "3.2-3.10", "Py_buffer"),
        ("a pointer", "void f(void) { PyCodeObject *c; }", "3.2-3.8", "PyCodeObject"),
        ("sizeof a head", "int f(void) { return sizeof(PyObject); }", "t", "PyObject"),
        ("sizeof a pointer", "int f(void) { return sizeof(PyObject *); }", "", ""),
        // 3: static types.
        ("a static type", "static PyTypeObject T = {0};", ALL, "T"),
        ("a type that is only declared", "extern PyTypeObject T;", "", ""),
        ("a pointer to a type", "static PyTypeObject *T;", "", ""),
        // 4: layouts.
        ("a built-in embedded", "struct A { PyDictObject base; };", ALL, "PyDictObject"),
        ("a head embedded", "struct A { PyObject_HEAD int x; };", "t", "PyObject_HEAD"),
        ("a head embedded by its structure", "struct A { PyVarObject base; };", "t", "PyVarObject"),
        ("a type embedded", "struct A { PyTypeObject base; };", ALL, "PyTypeObject"),
        // 5: headers.
        ("a header that limited mode empties", "#include <datetime.h>\n", "", ""),
        ("and its names", "#include <datetime.h>\nvoid f(void) { PyDateTime_IMPORT; }", ALL, "PyDateTime_IMPORT"),
        ("an internal header", "#include \"internal/pycore_frame.h\"\n", ALL, "internal/pycore_frame.h"),
        ("a header behind the public one", "#include <cpython/frameobject.h>\n", ALL, "cpython/frameobject.h"),
        ("a public header", "#include <frameobject.h>\n", "", ""),
        // 6: macros that read structures.
        ("unsafe macros", "void f(PyObject *o) { PyTuple_GET_ITEM(o, 0); }", ALL, "PyTuple_GET_ITEM"),
        ("macros that assign", "void f(PyObject *o, PyObject *p) { Py_SETREF(o, p); }", ALL, "Py_SETREF"),
        // PEP 674: visible, but no l-value any more.
        ("a macro assigned to", "void f(PyObject *o, PyTypeObject *t) { Py_TYPE(o) = t; }", "3.11-3.15 t", "Py_TYPE"),
        ("a macro compared", "int f(PyObject *o, PyTypeObject *t) { return Py_TYPE(o) == t; }", "", ""),
        // abi3t.
        ("a module definition", "static struct PyModuleDef d = {0};", "t", "PyModuleDef"),
        ("a head's initialiser", "static int x[] = { PyModuleDef_HEAD_INIT };", "t", "PyModuleDef_HEAD_INIT"),
        ("a function without use", "void f(void *d) { PyModule_Create(d); }", "t", "PyModule_Create"),
    ];
    for &(rule, code, targets, blocker) in rows {
        let report = report(&[("a.c", &format!("#include <Python.h>\n{code}\n"))]);
        assert_eq!(blocked(&report), targets, "{rule}: {code}\n{:?}", report.verdicts);
        let named = report.verdicts.iter().filter(|verdict| verdict.verdict == Outcome::Blocked);
        for verdict in named {
            assert!(blockers(verdict).contains(&blocker), "{rule}: {verdict:?}");
        }
    }
}

#[test]
fn only_what_the_compiler_sees_in_that_build_blocks() {
    let rows: &[(&str, &str, &str)] = &[
        ("outside limited mode", "#ifndef Py_LIMITED_API\nvoid f(PyObject *o) { PyUnicode_AsUTF8(o); }\n#endif", ""),
        (
            "from the level that has it",
            "#if Py_LIMITED_API+0 >= 0x030b0000\nvoid f(Py_buffer *b) { b->len; }\n#endif",
            "",
        ),
        (
            "for old versions",
            "#if PY_VERSION_HEX < 0x03090000\nvoid f(PyObject *o) { PyUnicode_AsUTF8(o); }\n#endif",
            "3.2-3.8",
        ),
        ("for other interpreters", "#ifdef PYPY_VERSION\nvoid f(PyObject *o) { PyUnicode_AsUTF8(o); }\n#endif", ""),
        ("in a macro that nothing expands", "#define F(o) PyUnicode_AsUTF8(o)\n", ""),
        (
            "in a macro that only full mode expands",
            "#define F(o) PyUnicode_AsUTF8(o)\n#ifndef Py_LIMITED_API\nvoid f(PyObject *o) { F(o); }\n#endif",
            "",
        ),
        ("in a macro that is expanded", "#define F(o) PyUnicode_AsUTF8(o)\nvoid f(PyObject *o) { F(o); }", ALL),
        (
            "in a macro that only stands in dropped arguments",
            "#define TRACE(x)\n#define F(o) PyUnicode_AsUTF8(o)\nvoid f(PyObject *o) { TRACE(F(o)); assert(F(o)); }",
            "",
        ),
        ("in an assertion", "void f(PyObject *o) { assert(PyUnicode_KIND(o) == 1); }", ""),
        (
            "in an assertion that stays",
            "#undef NDEBUG\n#include <assert.h>\nvoid f(PyObject *o) { assert(PyUnicode_KIND(o) == 1); }",
            ALL,
        ),
        (
            "in an argument that is dropped",
            "#define TRACE(x)\nvoid f(PyObject *o) { TRACE((\"%s\", PyUnicode_AsUTF8(o))); }",
            "",
        ),
        (
            "in an argument that is dropped among many",
            "#define TRACE(fmt, ...) puts(fmt)\nvoid f(PyObject *o) { TRACE(\"%s\", 1, PyUnicode_AsUTF8(o)); }",
            "",
        ),
        (
            "in an argument that is kept",
            "#define TRACE(fmt, ...) printf(fmt, __VA_ARGS__)\nvoid f(PyObject *o) { TRACE(\"%s\", PyUnicode_AsUTF8(o)); }",
            ALL,
        ),
        (
            "in an argument that has a name for all",
            "#define TRACE(fmt, args...) printf(fmt, args)\nvoid f(PyObject *o) { TRACE(\"%s\", 1, PyUnicode_AsUTF8(o)); }",
            ALL,
        ),
        (
            "in an argument that becomes a string",
            "#define NAME(x) #x\nconst char *f(void) { return NAME(PyUnicode_AsUTF8); }",
            "",
        ),
        (
            "in an argument that limited mode drops",
            "#ifdef Py_LIMITED_API\n#define SLOT(o, f, alt) alt\n#else\n#define SLOT(o, f, alt) f(o)\n#endif\nvoid f(PyObject *o) { SLOT(o, PyUnicode_AsUTF8, 0); }",
            "",
        ),
        (
            "in an argument that only limited mode keeps",
            "#ifdef Py_LIMITED_API\n#define SLOT(o, f) f(o)\n#else\n#define SLOT(o, f)\n#endif\nvoid f(PyObject *o) { SLOT(o, PyUnicode_AsUTF8); }",
            ALL,
        ),
    ];
    for &(what, code, targets) in rows {
        let report = report(&[("a.c", &format!("#include <Python.h>\n{code}\n"))]);
        assert_eq!(blocked(&report), targets, "{what}: {code}");
    }
}

#[test]
fn names_of_the_package_block_only_where_they_are_cpythons() {
    let shim = "#if PY_VERSION_HEX < 0x030a0000\nstatic PyObject *Py_NewRef(PyObject *o) { return o; }\n#endif\n";
    let own = "#define PyUnicode_AsUTF8(o) my_utf8(o)\n";
    let constants = "enum { PyUnicode_1BYTE_KIND = 1, OTHER };\nint f(void) { return PyUnicode_1BYTE_KIND; }\n";
    let constant_used = "int f(void) { return PyUnicode_1BYTE_KIND; }\n";
    let alias = "#ifdef Py_LIMITED_API\n#define BASE_TYPE int\n#else\n#define BASE_TYPE PyListObject\n#endif\nstruct A { BASE_TYPE base; };\n";
    let prototype = "int f(PyObject *a, PyObject *b) {\n#if PY_VERSION_HEX >= 0x030d0000\n  PyAPI_FUNC(int) _PyUnicode_Equal(PyObject *, PyObject *);\n  return _PyUnicode_Equal(a, b);\n#endif\n}\n";
    let hidden_all_the_same =
        "extern void Py_GetArgcArgv(int *, wchar_t ***);\nvoid f(void) { Py_GetArgcArgv(0, 0); }\n";
    let rows: &[(&str, &str, &str)] = &[
        ("a shim", &format!("{shim}void f(PyObject *o) {{ Py_NewRef(o); }}"), ""),
        ("a macro", &format!("{own}void f(PyObject *o) {{ PyUnicode_AsUTF8(o); }}"), ""),
        ("constants of an enumeration", constants, ""),
        ("the same constants of CPython", constant_used, ALL),
        ("an alias for a structure outside limited mode", alias, ""),
        ("a function that only the package declares", prototype, ""),
        // Headers have it from 3.9 on.
        ("a function that limited mode hides, declared again", hidden_all_the_same, "3.9-3.15 t"),
    ];
    for &(what, code, targets) in rows {
        let report = report(&[("a.c", &format!("#include <Python.h>\n{code}\n"))]);
        assert_eq!(blocked(&report), targets, "{what}: {code}");
    }
}

#[test]
fn a_definition_that_limited_mode_switches_off_blocks_but_is_no_name_that_cpython_hides() {
    let code = "#include <Python.h>\n\
        #if PY_VERSION_HEX < 0x030e0000 && !defined(Py_LIMITED_API)\n\
        static inline void *PyUnicodeWriter_Create(Py_ssize_t n) { return 0; }\n\
        #endif\n\
        void f(void) { PyUnicodeWriter_Create(1); }\n";
    let alone = report(&[("a.c", code)]);
    assert_eq!(blocked(&alone), ALL);
    let at = |report: &Report, target: &str| {
        let found = report.verdicts.iter().find(|verdict| verdict.target.to_string() == target);
        found.expect("a target").blocking.clone()
    };
    assert_eq!(at(&alone, "abi3-3.11"), ["PyUnicodeWriter_Create"]);
    let beside =
        report(&[("a.c", code), ("b.c", "#include <Python.h>\nvoid g(PyObject *o) { PyUnicode_AsUTF8(o); }\n")]);
    assert_eq!(at(&beside, "abi3-3.11"), ["PyUnicode_AsUTF8"]);
    assert_eq!(at(&beside, "abi3-3.14"), ["PyUnicodeWriter_Create", "PyUnicode_AsUTF8"]);
}

#[test]
fn what_internal_headers_show_needs_no_others_and_the_include_blocks() {
    let include =
        "#if PY_VERSION_HEX >= 0x030c0000\n#define Py_BUILD_CORE\n#include \"internal/pycore_frame.h\"\n#endif\n";
    let code =
        "void f(_PyInterpreterFrame *f, PyFrameObject *o) { if (_PyFrame_IsIncomplete(f)) { PyFrameObject x; } }\n";
    let with = report(&[("a.cpp", &format!("#include <Python.h>\n{include}{code}"))]);
    let at = |target: &str| {
        let found = with.verdicts.iter().find(|verdict| verdict.target.to_string() == target);
        found.expect("a target").blocking.clone()
    };
    assert_eq!(at("abi3-3.13"), ["internal/pycore_frame.h"]);
    assert_eq!(at("abi3-3.11"), ["PyFrameObject", "_PyFrame_IsIncomplete", "_PyInterpreterFrame"]);
    // All the same the structure is touched.
    assert_eq!(with.structures["PyFrameObject"].api_level, 1);
}

#[test]
fn an_error_directive_refuses_the_targets_that_it_is_about() {
    let rows: &[(&str, &str)] = &[
        ("#if PY_VERSION_HEX < 0x03090000\n#error \"Python 3.9 is needed\"\n#endif", "3.2-3.8"),
        ("#ifdef Py_LIMITED_API\n#  error no limited API\n#endif", ALL),
        ("#ifdef Py_GIL_DISABLED\n# error needs the GIL\n#endif", "t"),
        ("#ifndef Py_PYTHON_H\n#error Python headers needed\n#endif", ""),
        ("#ifdef _WIN32\n#error not here\n#endif", ""),
        ("#ifndef SOME_MACRO\n#error configure first\n#endif", ""),
        ("#ifdef __clang__\n#elif PY_VERSION_HEX < 0x03090000\n#warning old\n#endif", ""),
    ];
    for &(code, targets) in rows {
        let code = format!("#include <Python.h>\n{code}\nvoid f(PyObject *o) {{ PyObject_Repr(o); }}\n");
        assert_eq!(blocked(&report(&[("a.c", &code)])), targets, "{code}");
        assert_eq!(blocked(&report(&[("tests/a.c", &code), ("b.c", "#include <Python.h>\nPyObject *x;\n")])), "");
    }
}

#[test]
fn what_the_compiler_does_not_see_touches_no_structure() {
    let code = "#include <Python.h>\n#define TRACE(x)\n#define UNUSED(o) Py_TYPE(o)\n#define USED(o) Py_TYPE(o)\n\
        void f(PyObject *o) { TRACE(Py_TYPE(o)); assert(Py_TYPE(o)->tp_name); USED(o); Py_TYPE(o)->tp_name; }\n";
    let counts = report(&[("a.c", code)]).structures;
    assert_eq!((counts["PyObject"].api_level, counts["PyObject"].abi_level), (0, 3));
    // A debug build has the assertion, whose type counts in both.
    assert_eq!(counts["PyTypeObject"].api_level, 2);
}

#[test]
fn macros_that_only_tests_expand_do_not_block() {
    let header = ("src/a.h", "#include <Python.h>\n#define UTF8(o) PyUnicode_AsUTF8(o)\n");
    let test = ("tests/a.c", "#include \"../src/a.h\"\nvoid f(PyObject *o) { UTF8(o); }\n");
    let source = ("src/b.c", "#include \"a.h\"\nvoid f(PyObject *o) { UTF8(o); }\n");
    let other = ("src/c.c", "#include \"a.h\"\nvoid f(PyObject *o) { PyObject_Repr(o); }\n");
    assert_eq!(blocked(&report(&[header, test, other])), "");
    assert_eq!(blocked(&report(&[header, test, source])), ALL);
}

#[test]
fn cython_that_generated_c_holds_is_judged_by_the_c() {
    let c = ("p/a.c", "#include <Python.h>\nvoid f(PyObject *o) { PyObject_Repr(o); }\n");
    let pyx = ("p/a.pyx", "include \"b.pxi\"\n");
    let pxi = ("p/b.pxi", "from cpython.unicode cimport PyUnicode_AsUTF8\ndef f(o):\n    return PyUnicode_AsUTF8(o)\n");
    assert_eq!(blocked(&report(&[c, pyx, pxi])), "");
    assert_eq!(blocked(&report(&[pyx, pxi])), ALL);
}

/// Code, a target, and the notes about it.
type Row = (&'static str, &'static str, &'static [(&'static str, NoteKind)]);

#[test]
fn what_does_not_block_but_is_worth_knowing_is_a_note() {
    use NoteKind::{
        BlocksWithNewestHeaders, BlocksWithOwnHeadersOnly, ExportedOnly, NotPromised, Private, VariableSize,
    };
    let newer = "#if PY_VERSION_HEX >= 0x030e0000\nvoid f(PyObject *o) { PyUnicode_AsUTF8(o); }\n#endif";
    let older = "#if PY_VERSION_HEX < 0x030c0000\nvoid f(PyObject *o) { PyUnicode_AsUTF8(o); }\n#endif";
    let spec = "PyType_Spec s = { .name = \"x\", .itemsize = 8 };";
    let rows: &[Row] = &[
        ("void f(PyFrameObject *o) { PyFrame_GetCode(o); }", "abi3-3.9", &[("PyFrame_GetCode", NotPromised)]),
        ("void f(PyFrameObject *o) { PyFrame_GetCode(o); }", "abi3-3.10", &[]),
        ("void f(PyObject *o) { Py_TYPE(o); Py_INCREF(o); }", "abi3-3.9", &[]),
        ("void f(void) { PyEval_InitThreads(); }", "abi3-3.9", &[("PyEval_InitThreads", ExportedOnly)]),
        ("void *f(PyTypeObject *t) { return _PyObject_New(t); }", "abi3-3.9", &[("_PyObject_New", ExportedOnly)]),
        ("void f(PyObject *o) { _Py_NewReference(o); }", "abi3-3.8", &[("_Py_NewReference", Private)]),
        (newer, "abi3-3.11", &[("PyUnicode_AsUTF8", BlocksWithNewestHeaders)]),
        (newer, "abi3-3.14", &[]),
        (older, "abi3-3.11", &[("PyUnicode_AsUTF8", BlocksWithOwnHeadersOnly)]),
        (spec, "abi3t-3.15", &[("PyType_Spec.itemsize", VariableSize)]),
        (spec, "abi3-3.15", &[]),
    ];
    for &(code, target, expected) in rows {
        let report = report(&[("a.c", &format!("#include <Python.h>\n{code}\n"))]);
        let found = notes(&report, target.parse().expect("a target"), None);
        let found: Vec<(&str, NoteKind)> = found.iter().map(|note| (note.name.as_str(), note.note)).collect();
        assert_eq!(found, expected, "{target}: {code}");
    }
}

#[test]
fn a_package_with_more_code_than_is_looked_at_says_so_and_is_no_package_without_blockers() {
    let text = format!("#include <Python.h>\n{}", ";".repeat(6_000_000));
    let tree = SourceTree {
        files: vec![SourceFile { path: "a.c".to_owned(), bytes: text.into_bytes().into() }],
        ..SourceTree::default()
    };
    let ordinary = analyze(&tree, &Options { effort: Effort::Ordinary, ..Options::default() });
    assert!(ordinary.is_cut());
    let verdict = ordinary.verdicts.last().unwrap();
    assert_eq!((verdict.verdict, verdict.undecided[0].reason.as_str()), (Outcome::Undecided, "left-out"));
    assert!(!analyze(&tree, &Options::default()).is_cut());
}

#[test]
fn source_that_was_left_out_of_the_tree_is_a_question() {
    let skipped = |path: &str| {
        let skipped = vec![(path.to_owned(), "it has at least 40000000 bytes".to_owned())];
        let report = analyze(&SourceTree { skipped, ..SourceTree::default() }, &Options::default());
        report.verdicts.last().unwrap().verdict
    };
    assert_eq!(skipped("src/a.c"), Outcome::Undecided);
    assert_eq!(skipped("tests/a.c"), Outcome::Pure);
    assert_eq!(skipped("setup.py"), Outcome::Pure);
}

//! Precedence and levels, on findings made by hand.

use capi::{Target, Version};

use super::*;
use crate::report::Kind;
use crate::{Accesses, Certainty, Condition, Origin, OriginClass, Site, SourceFile, SourceTree, Tool, Use};

fn found(kind: Kind, name: &str) -> Use {
    Use {
        kind,
        name: name.to_owned(),
        structure: None,
        member_path: None,
        access: Accesses::default(),
        origin: Origin { class: OriginClass::Own, by: None },
        condition: Condition::always(),
        active: None,
        certainty: Certainty::Certain,
        sites: vec![Site { file: 0, line: 1, column: 1, expansions: 0 }],
    }
}

fn member(structure: &str, name: &str) -> Use {
    Use { structure: Some(structure.to_owned()), ..found(Kind::Member, name) }
}

fn under(condition: &str, found: Use) -> Use {
    Use { condition: condition.parse().expect("a condition"), ..found }
}

fn tree(paths: &[&str]) -> SourceTree {
    let file = |path: &&str| SourceFile { path: (*path).to_owned(), bytes: bytes::Bytes::new() };
    SourceTree { name: "x-1.0.tar.gz".into(), files: paths.iter().map(file).collect(), ..SourceTree::default() }
}

fn tool(name: &str, limited: Option<bool>) -> Tool {
    Tool { name: name.to_owned(), version: None, path: "setup.py".to_owned(), limited }
}

fn judge(tree: &SourceTree, uses: &[Use], tools: &[Tool]) -> Vec<Verdict> {
    let origins = crate::origin::origins(tree);
    verdicts(&Facts {
        uses: &uses.iter().map(std::borrow::Cow::Borrowed).collect::<Vec<_>>(),
        missing: &[],
        errors: &[],
        tools,
        tree,
        origins: &origins,
        generated: &crate::generated::Generated::of(tree),
        is_cut: false,
        environment: None,
    })
}

fn at(verdicts: &[Verdict], target: &str) -> Verdict {
    let found = verdicts.iter().find(|verdict| verdict.target.to_string() == target);
    found.expect("a target").clone()
}

#[test]
fn a_name_blocks_below_the_level_that_has_it() {
    let verdicts = judge(&tree(&["a.c"]), &[found(Kind::Api, "PyObject_GetBuffer")], &[]);
    assert_eq!(at(&verdicts, "abi3-3.10").blocking, ["PyObject_GetBuffer"]);
    assert_eq!(at(&verdicts, "abi3-3.11").verdict, Outcome::NoBlocker);
    assert_eq!(floor(&verdicts), Some(Target::Abi3(Version::new(3, 11))));
}

#[test]
fn a_name_that_no_level_has_blocks_them_all_and_there_is_no_floor() {
    let verdicts = judge(&tree(&["a.c"]), &[found(Kind::Api, "PyUnicode_AsUTF8")], &[]);
    assert!(verdicts.iter().all(|verdict| verdict.verdict == Outcome::Blocked));
    assert_eq!(floor(&verdicts), None);
}

#[test]
fn code_that_is_dead_in_limited_mode_does_not_block() {
    let uses = [under("not limited", found(Kind::Api, "PyUnicode_AsUTF8"))];
    let verdicts = judge(&tree(&["a.c"]), &uses, &[]);
    assert_eq!(at(&verdicts, "abi3-3.11").verdict, Outcome::NoBlocker);
    let uses = [under("python < 3.9", found(Kind::Api, "PyUnicode_AsUTF8"))];
    let verdicts = judge(&tree(&["a.c"]), &uses, &[]);
    assert_eq!(at(&verdicts, "abi3-3.8").verdict, Outcome::Blocked);
    assert_eq!(floor(&verdicts), Some(Target::Abi3(Version::new(3, 9))));
}

#[test]
fn tests_never_count() {
    let mut hidden = found(Kind::Api, "PyUnicode_AsUTF8");
    hidden.origin.class = OriginClass::TestOrDoc;
    let verdicts = judge(&tree(&["a.c"]), &[hidden], &[]);
    assert_eq!(at(&verdicts, "abi3-3.11").verdict, Outcome::NoBlocker);
}

#[test]
fn members_of_complete_structures_are_fine_in_abi3_but_heads_are_opaque_in_abi3t() {
    let uses = [member("PyObject", "ob_type")];
    let verdicts = judge(&tree(&["a.c"]), &uses, &[]);
    assert_eq!(at(&verdicts, "abi3-3.11").verdict, Outcome::NoBlocker);
    assert_eq!(at(&verdicts, "abi3t-3.15").blocking_members, ["PyObject.ob_type"]);
    let uses = [member("PyTypeObject", "tp_name")];
    let verdicts = judge(&tree(&["a.c"]), &uses, &[]);
    assert_eq!(at(&verdicts, "abi3-3.11").blocking_members, ["PyTypeObject.tp_name"]);
}

#[test]
fn a_static_type_blocks_by_its_variable_and_a_module_definition_only_abi3t() {
    let uses = [found(Kind::Api, "PyTypeObject"), found(Kind::StaticType, "Foo_Type"), found(Kind::ModuleDef, "def")];
    let verdicts = judge(&tree(&["a.c"]), &uses, &[]);
    let abi3 = at(&verdicts, "abi3-3.15");
    assert_eq!((abi3.blocking.len(), abi3.blocking_types), (0, vec!["Foo_Type".to_owned()]));
    assert!(at(&verdicts, "abi3t-3.15").blocking.contains(&"PyModuleDef".to_owned()));
}

#[test]
fn live_blockers_come_before_tools_and_tools_before_questions() {
    let blocked = [found(Kind::Api, "PyUnicode_AsUTF8")];
    let pybind11 = [tool("pybind11", Some(false))];
    let sources = tree(&["a.c", "b.pyx"]);
    assert_eq!(at(&judge(&sources, &blocked, &pybind11), "abi3-3.11").verdict, Outcome::Blocked);
    assert_eq!(at(&judge(&sources, &[], &pybind11), "abi3-3.11").verdict, Outcome::ToolBlocks);
    let open = at(&judge(&sources, &[], &[]), "abi3-3.11");
    assert_eq!((open.verdict, open.undecided[0].reason.as_str()), (Outcome::Undecided, "generated-at-build"));
}

#[test]
fn cython_with_its_c_in_the_sdist_is_no_question() {
    let verdicts = judge(&tree(&["src/a.pyx", "src/a.c"]), &[], &[]);
    assert_eq!(at(&verdicts, "abi3-3.11").verdict, Outcome::NoBlocker);
}

#[test]
fn cython_that_compiles_python_files_is_a_question() {
    let cython = [tool("cython", None)];
    let python = judge(&tree(&["a.h", "a.pxd"]), &[], &cython);
    assert_eq!(at(&python, "abi3-3.11").undecided[0].reason, "generated-at-build");
    let shipped = judge(&tree(&["a.pyx", "a.c"]), &[], &cython);
    assert_eq!(at(&shipped, "abi3-3.11").verdict, Outcome::NoBlocker);
}

#[test]
fn pyo3_without_an_abi3_feature_is_undecided_and_with_one_it_is_not() {
    let rust = tree(&["src/lib.rs"]);
    let without = judge(&rust, &[], &[tool("pyo3", None)]);
    assert_eq!(at(&without, "abi3-3.11").undecided[0].reason, "pyo3-without-abi3");
    let with = judge(&rust, &[], &[tool("pyo3", Some(true))]);
    assert_eq!(at(&with, "abi3-3.11").verdict, Outcome::NoBlocker);
    assert_eq!(at(&with, "abi3t-3.15").undecided[0].reason, "pyo3-abi3t-not-told");
}

#[test]
fn what_is_made_at_build_time_is_never_pure() {
    let open = |files: &[&str], tools: &[Tool]| {
        let verdict = at(&judge(&tree(files), &[], tools), "abi3-3.11");
        (verdict.verdict, verdict.undecided.first().map(|open| open.reason.clone()))
    };
    let asks = |reason: &str| (Outcome::Undecided, Some(reason.to_owned()));
    assert_eq!(open(&["a.py"], &[tool("cython", None)]), asks("generated-at-build"));
    assert_eq!(open(&["a.py"], &[tool("mypyc", None)]), asks("generated-at-build"));
    assert_eq!(open(&["a.py"], &[tool("mypyc", Some(false))]).0, Outcome::ToolBlocks);
    assert_eq!(open(&["a.pyf"], &[tool("f2py", Some(false))]).0, Outcome::ToolBlocks);
    assert_eq!(open(&["a.py"], &[tool("cffi", None)]), asks("generated-at-build"));
    assert_eq!(open(&["build_a.py"], &[tool("cffi", None), tool("cffi", Some(true))]).0, Outcome::NoBlocker);
    assert_eq!(open(&["a.sip"], &[]), asks("generated-by-swig-or-sip"));
    assert_eq!(open(&["a.zig"], &[]), asks("language-not-read"));
    assert_eq!(open(&["src/lib.rs"], &[tool("python3-sys", None)]), asks("pyo3-without-abi3"));
    // A tool for building that compiles nothing of Python.
    assert_eq!(open(&["a.py"], &[tool("numpy", None)]).0, Outcome::Pure);
}

#[test]
fn cffi_and_pyo3_have_to_say_abi3t_by_themselves() {
    let script = judge(&tree(&["build_a.py"]), &[], &[tool("cffi", Some(true))]);
    assert_eq!(at(&script, "abi3t-3.15").undecided[0].reason, "cffi-abi3t-not-told");
    let stated = Tool { version: Some("pyo3/abi3t".to_owned()), ..tool("pyo3", Some(true)) };
    let rust = judge(&tree(&["src/lib.rs"]), &[], &[tool("pyo3", Some(true)), stated]);
    assert_eq!(at(&rust, "abi3t-3.15").verdict, Outcome::NoBlocker);
}

#[test]
fn interfaces_and_templates_are_questions_unless_what_is_made_of_them_is_there() {
    let with = |files: &[(&str, &str)]| {
        let file = |(path, text): &(&str, &str)| SourceFile {
            path: (*path).to_owned(),
            bytes: text.as_bytes().to_vec().into(),
        };
        let tree = SourceTree { files: files.iter().map(file).collect(), ..SourceTree::default() };
        let verdict = at(&judge(&tree, &[], &[]), "abi3-3.11");
        verdict.undecided.first().map(|open| open.reason.clone())
    };
    assert_eq!(with(&[("a.i", "%module a")]).as_deref(), Some("generated-by-swig-or-sip"));
    assert_eq!(with(&[("a.i", "%module a"), ("a_wrap.cxx", "")]), None);
    assert_eq!(with(&[("a.i", "%module a"), ("b.c", "/* This file was automatically generated by SWIG */")]), None);
    assert_eq!(with(&[("a.i", "int f(void);")]), None);
    assert_eq!(with(&[("a.c.in", "PyObject *@x@;")]).as_deref(), Some("template"));
    assert_eq!(with(&[("config.h.in", "Py"), ("a.c.in", "int x;")]), None);
}

#[test]
fn no_native_source_is_pure() {
    let verdicts = judge(&tree(&["setup.py"]), &[], &[]);
    assert!(verdicts.iter().all(|verdict| verdict.verdict == Outcome::Pure));
}

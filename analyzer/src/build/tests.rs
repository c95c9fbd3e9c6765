use super::*;

/// The tools in a tree of these files: `name version limited`, `-` for what is not told.
fn found(files: &[(&str, &str)]) -> Vec<String> {
    let tree = SourceTree {
        files: files
            .iter()
            .map(|(path, text)| SourceFile {
                path: (*path).to_owned(),
                bytes: text.as_bytes().to_vec(),
            })
            .collect(),
        ..SourceTree::default()
    };
    let word = |limited: Option<bool>| limited.map_or("-".to_owned(), |limited| limited.to_string());
    tools(&tree)
        .into_iter()
        .map(|tool| {
            format!(
                "{} {} {}",
                tool.name,
                tool.version.unwrap_or("-".to_owned()),
                word(tool.limited)
            )
        })
        .collect()
}

#[test]
fn build_requirements_are_tools() {
    let text = r#"
        [build-system]
        requires = ["setuptools>=61", "Cython>=3.0,<3.1; python_version > '3'", "pybind11[global]~=2.6", "maturin>=1,<2"]
        [project]
        dependencies = ["cffi"]
    "#;
    assert_eq!(
        found(&[("pyproject.toml", text)]),
        ["cython >=3.0,<3.1 false", "maturin >=1,<2 -", "pybind11 ~=2.6 -"]
    );
    assert_eq!(found(&[("third_party/x/pyproject.toml", text)]), Vec::<String>::new());
    assert_eq!(
        found(&[("pyproject.toml", "[build-system\nrequires = 'Cython'")]),
        Vec::<String>::new()
    );
}

#[test]
fn a_cython_pinned_low_cannot_and_one_that_is_free_may() {
    let cython = |versions: &str| {
        found(&[(
            "pyproject.toml",
            &format!("build-system.requires = ['Cython{versions}']"),
        )])
    };
    assert_eq!(cython("<3.1"), ["cython <3.1 false"]);
    assert_eq!(cython("==0.29.*"), ["cython ==0.29.* false"]);
    assert_eq!(cython(">=3.0"), ["cython >=3.0 -"]);
    assert_eq!(cython(""), ["cython - -"]);
}

#[test]
fn setup_py_is_read_and_never_run() {
    let text = "
from setuptools import setup
from Cython.Build import cythonize  # pybind11>=2
\"\"\"Needs nanobind>=1 one day.\"\"\"
setup(setup_requires=['Cython>=0.29, <3', \"numpy>=1.20\"], ext_modules=cythonize('a.pyx'),
      cffi_modules=['build_a.py:ffi'])
";
    assert_eq!(
        found(&[("setup.py", text)]),
        ["cffi - -", "cython - -", "cython >=0.29,<3 false", "numpy >=1.20 -"]
    );
    assert_eq!(
        found(&[("setup.py", "from mypyc.build import mypycify")]),
        ["mypyc - false"]
    );
    assert_eq!(
        found(&[("setup.py", "ext = Pybind11Extension('a', [])")]),
        ["pybind11 - false"]
    );
    assert_eq!(
        found(&[("setup.py", "print('Cython', 'mypycify')")]),
        Vec::<String>::new()
    );
}

#[test]
fn setup_cfg_has_its_lists() {
    let text = "[metadata]\nname = a\n[options]\nsetup_requires =\n    cython<3.1\n    pkgconfig\ninstall_requires =\n    cffi\n";
    assert_eq!(found(&[("setup.cfg", text)]), ["cython <3.1 false"]);
}

#[test]
fn rust_crates_say_whether_they_keep_to_the_stable_abi() {
    for (text, expected) in [
        ("[dependencies]\npyo3 = '0.22'", "pyo3 0.22 -"),
        (
            "[dependencies]\npyo3 = { version = '0.22', features = ['abi3-py38'] }",
            "pyo3 0.22 true",
        ),
        (
            "[dependencies]\npyo3 = { version = '0.22', features = ['extension-module'] }",
            "pyo3 0.22 -",
        ),
        (
            "[dependencies.pyo3]\nworkspace = true\nfeatures = ['abi3']",
            "pyo3 - true",
        ),
        (
            "[workspace.dependencies]\npyo3-ffi = { version = '1', features = ['abi3t'] }",
            "pyo3-ffi 1 true",
        ),
        (
            "[target.'cfg(unix)'.dependencies]\npyo3 = '0.22'\n[features]\ndefault = ['a']\na = ['pyo3/abi3-py39']",
            "pyo3 0.22 true",
        ),
        (
            "[dependencies]\npyo3 = '0.22'\n[features]\na = ['pyo3/abi3-py39']\ndefault = []",
            "pyo3 0.22 -",
        ),
    ] {
        assert_eq!(found(&[("src/rust/Cargo.toml", text)]), [expected], "{text}");
    }
    assert_eq!(
        found(&[("Cargo.toml", "[dependencies]\npyo3-log = '1'")]),
        Vec::<String>::new()
    );
    assert_eq!(
        found(&[(
            "Cargo.toml",
            "[features]\na = ['a']\ndefault = ['a']\n[dependencies]\npyo3 = '1'"
        )])
        .len(),
        1
    );
    let maturin = "[tool.maturin]\nfeatures = ['pyo3/abi3-py39']";
    assert_eq!(found(&[("pyproject.toml", maturin)]), ["pyo3 pyo3/abi3-py39 true"]);
}

#[test]
fn includes_give_a_tool_away() {
    for (text, expected) in [
        ("#include <pybind11/pybind11.h>", "pybind11 - false"),
        ("  # include \"nanobind/nanobind.h\"", "nanobind - -"),
        ("#include <boost/python.hpp>", "boost.python - -"),
        (
            "#include \"numpy/arrayobject.h\"\n#include \"numpy/ufuncobject.h\"",
            "numpy - -",
        ),
        ("#include <CPy.h>", "mypyc - false"),
    ] {
        assert_eq!(found(&[("src/a.cpp", text)]), [expected], "{text}");
        assert_eq!(found(&[("tests/a.cpp", text)]), Vec::<String>::new(), "a test: {text}");
    }
    for text in [
        "// #include <pybind11/pybind11.h>",
        "#include <my/pybind11/x.h>",
        "#include PYBIND11",
        "x = \"pybind11/\"",
    ] {
        assert_eq!(found(&[("src/a.cpp", text)]), Vec::<String>::new(), "{text}");
    }
}

#[test]
fn banners_tell_the_version_of_a_generator() {
    let files = [
        ("src/a.c", "/* Generated by Cython 3.0.11 */"),
        ("src/b.c", "/* Generated by Cython 3.1.2 */"),
        ("src/c.c", "/* Generated by Cython 3.1.2 */"),
        (
            "src/d_wrap.c",
            "/* This file was automatically generated by SWIG\n * Version 4.1.1 */",
        ),
    ];
    assert_eq!(found(&files), ["cython 3.0.11 false", "cython 3.1.2 -", "swig 4.1.1 -"]);
}

#[test]
fn each_statement_is_listed_once_with_its_first_file() {
    let tree = SourceTree {
        files: ["b.pyx", "a.pyx"]
            .map(|path| SourceFile {
                path: path.to_owned(),
                bytes: Vec::new(),
            })
            .to_vec(),
        ..SourceTree::default()
    };
    let tools = tools(&tree);
    assert_eq!((tools.len(), tools[0].path.as_str()), (1, "a.pyx"));
}

#[test]
fn build_scripts_say_what_they_call_with_what() {
    for (path, text, expected) in [
        (
            "CMakeLists.txt",
            "nanobind_add_module(a STABLE_ABI NB_STATIC a.cpp)",
            "nanobind - true",
        ),
        (
            "CMakeLists.txt",
            "nanobind_add_module(a # STABLE_ABI\n a.cpp)",
            "nanobind - -",
        ),
        ("CMakeLists.txt", "pybind11_add_module(a a.cpp)", "pybind11 - false"),
        (
            "CMakeLists.txt",
            "Python_add_library(a MODULE USE_SABI 3.11 a.c)",
            "cmake - true",
        ),
        (
            "src/meson.build",
            "py.extension_module('a', files('a.c'), limited_api: '3.10')",
            "meson - true",
        ),
        (
            "meson.build",
            "py.extension_module('a', 'a.c')\nlimited_api = 1",
            "meson - -",
        ),
    ] {
        assert_eq!(found(&[(path, text)]), [expected], "{text}");
    }
    assert_eq!(
        found(&[("CMakeLists.txt", "# pybind11_add_module(a a.cpp)\nset(a b)")]),
        Vec::<String>::new()
    );
}

#[test]
fn scripts_of_cffi_make_limited_modules_unless_they_say_otherwise() {
    let call = "ffi.set_source('_a', '#include <a.h>'";
    assert_eq!(found(&[("a_build.py", &format!("{call})"))]), ["cffi - true"]);
    assert_eq!(
        found(&[("a_build.py", &format!("{call}, py_limited_api = False)"))]),
        ["cffi - false"]
    );
    assert_eq!(found(&[("a_build.py", "# set_source(")]), Vec::<String>::new());
}

#[test]
fn sip_modules_state_the_limited_api() {
    let stated = "%Module(name=a.b, use_limited_api = True)";
    assert_eq!(found(&[("a.sip", stated)]), ["sip - true"]);
    assert_eq!(found(&[("a.sip", &format!("// {stated}"))]), ["sip - -"]);
}

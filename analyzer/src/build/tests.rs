use super::*;

/// The tools in a tree of these files: `name version limited`, `-` for what is not told.
fn found(files: &[(&str, &str)]) -> Vec<String> {
    let tree = SourceTree {
        files: files
            .iter()
            .map(|(path, text)| SourceFile { path: (*path).to_owned(), bytes: text.as_bytes().to_vec().into() })
            .collect(),
        ..SourceTree::default()
    };
    let word = |limited: Option<bool>| limited.map_or("-".to_owned(), |limited| limited.to_string());
    tools(&tree, &crate::origin::origins(&tree), &facts(&tree))
        .into_iter()
        .map(|tool| format!("{} {} {}", tool.name, tool.version.unwrap_or("-".to_owned()), word(tool.limited)))
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
    assert_eq!(found(&[("pyproject.toml", text)]), ["cython >=3.0,<3.1 false", "maturin >=1,<2 -", "pybind11 ~=2.6 -"]);
    assert_eq!(found(&[("third_party/x/pyproject.toml", text)]), Vec::<String>::new());
    assert_eq!(found(&[("pyproject.toml", "[build-system\nrequires = 'Cython'")]), Vec::<String>::new());
}

#[test]
fn a_cython_pinned_low_cannot_and_one_that_is_free_may() {
    let cython =
        |versions: &str| found(&[("pyproject.toml", &format!("build-system.requires = ['Cython{versions}']"))]);
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
    assert_eq!(found(&[("setup.py", text)]), ["cffi - -", "cython - -", "cython >=0.29,<3 false", "numpy >=1.20 -"]);
    assert_eq!(found(&[("setup.py", "from mypyc.build import mypycify")]), ["mypyc - false"]);
    assert_eq!(found(&[("setup.py", "ext = Pybind11Extension('a', [])")]), ["pybind11 - false"]);
    assert_eq!(found(&[("setup.py", "print('Cython', 'mypycify')")]), Vec::<String>::new());
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
        ("[dependencies]\npyo3 = { version = '0.22', features = ['abi3-py38'] }", "pyo3 0.22 true"),
        ("[dependencies]\npyo3 = { version = '0.22', features = ['extension-module'] }", "pyo3 0.22 -"),
        ("[dependencies.pyo3]\nworkspace = true\nfeatures = ['abi3']", "pyo3 - true"),
        ("[dependencies]\npy = { package = 'pyo3', version = '1', features = ['abi3'] }", "pyo3 1 true"),
        ("[dependencies]\npyo3 = '1'\n[features]\ndefault = ['pyo3?/abi3']", "pyo3 1 true"),
        (
            "[target.'cfg(unix)'.dependencies]\npyo3 = '0.22'\n[features]\ndefault = ['a']\na = ['pyo3/abi3-py39']",
            "pyo3 0.22 true",
        ),
        ("[dependencies]\npyo3 = '0.22'\n[features]\na = ['pyo3/abi3-py39']\ndefault = []", "pyo3 0.22 -"),
    ] {
        assert_eq!(found(&[("src/rust/Cargo.toml", text)]), [expected], "{text}");
    }
    assert_eq!(found(&[("Cargo.toml", "[dependencies]\npyo3-log = '1'")]), Vec::<String>::new());
    assert_eq!(found(&[("Cargo.toml", "[features]\na = ['a']\ndefault = ['a']\n[dependencies]\npyo3 = '1'")]).len(), 1);
    let maturin = "[tool.maturin]\nfeatures = ['pyo3/abi3-py39']";
    assert_eq!(found(&[("pyproject.toml", maturin)]), ["pyo3 pyo3/abi3-py39 true"]);
}

#[test]
fn includes_give_a_tool_away() {
    for (text, expected) in [
        ("#include <pybind11/pybind11.h>", "pybind11 - false"),
        ("  # include \"nanobind/nanobind.h\"", "nanobind - -"),
        ("#include <boost/python.hpp>", "boost.python - false"),
        ("#include \"numpy/arrayobject.h\"\n#include \"numpy/ufuncobject.h\"", "numpy - -"),
        ("#include <CPy.h>", "mypyc - false"),
    ] {
        assert_eq!(found(&[("src/a.cpp", text)]), [expected], "{text}");
        assert_eq!(found(&[("tests/a.cpp", text)]), Vec::<String>::new(), "a test: {text}");
    }
    for text in
        ["// #include <pybind11/pybind11.h>", "#include <my/pybind11/x.h>", "#include PYBIND11", "x = \"pybind11/\""]
    {
        assert_eq!(found(&[("src/a.cpp", text)]), Vec::<String>::new(), "{text}");
    }
}

#[test]
fn banners_tell_the_version_of_a_generator() {
    let files = [
        ("src/a.c", "/* Generated by Cython 3.0.11 */"),
        ("src/b.c", "/* Generated by Cython 3.1.2 */"),
        ("src/c.c", "/* Generated by Cython 3.1.2 */"),
        ("src/d_wrap.c", "/* This file was automatically generated by SWIG\n * Version 4.1.1 */"),
    ];
    assert_eq!(found(&files), ["cython 3.0.11 false", "cython 3.1.2 -", "swig 4.1.1 false"]);
}

#[test]
fn each_statement_is_listed_once_with_its_first_file() {
    let tree = SourceTree {
        files: ["b.pyx", "a.pyx"].map(|path| SourceFile { path: path.to_owned(), bytes: bytes::Bytes::new() }).to_vec(),
        ..SourceTree::default()
    };
    let tools = tools(&tree, &crate::origin::origins(&tree), &facts(&tree));
    assert_eq!((tools.len(), tools[0].path.as_str()), (1, "a.pyx"));
}

#[test]
fn build_scripts_say_what_they_call_with_what() {
    for (path, text, expected) in [
        ("CMakeLists.txt", "nanobind_add_module(a STABLE_ABI NB_STATIC a.cpp)", "nanobind - true"),
        ("CMakeLists.txt", "nanobind_add_module(a # STABLE_ABI\n a.cpp)", "nanobind - -"),
        ("CMakeLists.txt", "pybind11_add_module(a a.cpp)", "pybind11 - false"),
        ("CMakeLists.txt", "Python_add_library(a MODULE USE_SABI 3.11 a.c)", "cmake - true"),
        ("src/meson.build", "py.extension_module('a', files('a.c'), limited_api: '3.10')", "meson - true"),
        ("meson.build", "py.extension_module('a', 'a.c')\nlimited_api = 1", "meson - -"),
    ] {
        assert_eq!(found(&[(path, text)]), [expected], "{text}");
    }
    assert_eq!(found(&[("CMakeLists.txt", "# pybind11_add_module(a a.cpp)\nset(a b)")]), Vec::<String>::new());
}

#[test]
fn scripts_of_cffi_make_limited_modules_unless_they_say_otherwise() {
    let call = "ffi.set_source('_a', '#include <a.h>'";
    assert_eq!(found(&[("a_build.py", &format!("{call})"))]), ["cffi - true"]);
    assert_eq!(found(&[("a_build.py", &format!("{call}, py_limited_api = False)"))]), ["cffi - false"]);
    assert_eq!(found(&[("a_build.py", "# set_source(")]), Vec::<String>::new());
}

#[test]
fn sip_modules_state_the_limited_api() {
    let stated = "%Module(name=a.b, use_limited_api = True)";
    assert_eq!(found(&[("a.sip", stated)]), ["sip - true"]);
    assert_eq!(found(&[("a.sip", &format!("// {stated}"))]), ["sip - -"]);
}

/// What the build of these files adds: `NAME=VALUE`, then folders.
fn added(files: &[(&str, &str)]) -> (Vec<String>, Vec<String>) {
    let file =
        |(path, text): &(&str, &str)| SourceFile { path: (*path).to_owned(), bytes: text.as_bytes().to_vec().into() };
    let tree = SourceTree { files: files.iter().map(file).collect(), ..SourceTree::default() };
    let BuildFacts { macros, folders } = facts(&tree);
    (macros.into_iter().map(|(name, value)| format!("{name}={value}")).collect(), folders.into_iter().collect())
}

fn macros(path: &str, text: &str) -> Vec<String> {
    let backend = match path {
        "meson.build" => "[build-system]\nbuild-backend = 'mesonpy'",
        "CMakeLists.txt" => "[build-system]\nbuild-backend = 'scikit_build_core.build'",
        _ => "",
    };
    added(&[(path, text), ("pyproject.toml", backend)]).0
}

#[test]
fn macros_that_every_extension_defines_are_known() {
    for text in [
        "Extension('a', [], define_macros=[('A', '1'), (\"B\", None)])",
        "macros = [('A', 1), ('B', None)]\nsetup(ext_modules=[Extension('a', define_macros=macros)])",
        "macros = [('A', '1')]\nmacros.append(('B', None))\nif x:\n    macros.append(('C', '1'))\n\
         def f():\n    return Extension('a', define_macros=macros + extra)",
        "m = list([('B', '1')])\nm += [('A', '1')]\nExtension('a', define_macros=list(m))",
        "flags = ['-DA=1', '-DB', '-O2']\nExtension('a', extra_compile_args=flags)\n\
         Extension('b', define_macros=[('A', '1'), ('B', '1'), ('C', '1')])",
    ] {
        assert_eq!(macros("setup.py", text), ["A=1", "B=1"], "{text}");
    }
    assert_eq!(macros("setup.cfg", "[build_ext]\ndefine = A,B=2\n"), Vec::<String>::new(), "no setup.py");
    let cfg =
        added(&[("setup.cfg", "[build_ext]\ndefine = A,B=2\ninclude_dirs = src:./inc/\n"), ("setup.py", "setup()")]);
    assert_eq!(cfg, (vec!["A=1".to_owned(), "B=2".to_owned()], vec!["inc".to_owned(), "src".to_owned()]));
    let toml = "[build-system]\nbuild-backend = 'setuptools.build_meta'\n[[tool.setuptools.ext-modules]]\nname = 'a'\n\
                define-macros = [['A', '3'], ['B']]\ninclude-dirs = ['src/']\n";
    let (found, folders) = added(&[("pyproject.toml", toml)]);
    assert_eq!((found, folders), (vec!["A=3".to_owned(), "B=1".to_owned()], vec!["src".to_owned()]));
}

#[test]
fn macros_that_depend_on_anything_are_not_known() {
    for text in [
        "if x:\n    Extension('a', define_macros=M)\n    M = [('A', '1')]",
        "M = [('A', '1')]\nif x:\n    M = []\nExtension('a', define_macros=M)",
        "Extension('a', define_macros=[('A', '1')] if x else [])",
        "Extension('a', define_macros=[(n, '1') for n in ['A']])",
        "Extension('a', define_macros=[('A', VERSION)])",
        "Extension('a', define_macros=[('A', '%s' % x)])",
        "Extension('a', define_macros=[('A', f'{x}')])",
        "Extension('a', define_macros=[('A', '1')])\nExtension('b')",
        "Extension('a', define_macros=[('A', '1')])\nExtension('b', define_macros=[('A', '2')])",
        "Extension('a', define_macros=[('A', '1')], undef_macros=['A'])",
        "e = Extension('a', define_macros=[('A', '1')])\ne.define_macros = []",
        "define_macros = [('A', '1')]\nsetup()",
        "# Extension('a', define_macros=[('A', '1')])",
        "class Extension(Base):\n    define_macros = [('A', '1')]",
    ] {
        assert_eq!(macros("setup.py", text), Vec::<String>::new(), "{text}");
    }
    let own = [
        ("setup.py", "Extension('a', define_macros=[('A', '1')])"),
        ("pyproject.toml", "[build-system]\nbuild-backend = 'own'"),
    ];
    assert!(added(&own).0.is_empty(), "a build of the project's own");
}

#[test]
fn meson_and_cmake_say_it_their_way() {
    let meson = "add_project_arguments('-DA=1', ['-DB'], language: ['c', 'cpp'])\n\
                 if x\n  add_project_arguments('-DC', language: 'c')\nendif\n\
                 # add_project_arguments('-DD', language: 'c')\n\
                 py.extension_module('a', 'a.c', c_args: ['-DE=2'])\n\
                 inc = include_directories('src', 'lib/inc')";
    assert_eq!(macros("meson.build", meson), ["A=1", "B=1", "E=2"]);
    let cmake = "add_definitions(-DA=1 -DB)\nif(WIN32)\n add_definitions(-DC)\nendif()\nadd_compile_definitions(D=4 $<X:Y>)\n\
                 pybind11_add_module(m m.cpp)\ntarget_compile_definitions(m PRIVATE E -DF=1 G=${VERSION})";
    assert_eq!(macros("CMakeLists.txt", cmake), ["A=1", "B=1", "D=4", "E=1", "F=1"]);
    let two = "add_library(a a.c)\nadd_library(b b.c)\ntarget_compile_definitions(a PRIVATE A)";
    assert_eq!(macros("CMakeLists.txt", two), Vec::<String>::new());
    let backend = ("pyproject.toml", "[build-system]\nbuild-backend = 'mesonpy'");
    let (found, folders) =
        added(&[backend, ("src/meson.build", "include_directories('x', '.')\nadd_project_arguments('-DA')")]);
    assert_eq!((found.len(), folders), (0, vec!["src".to_owned(), "src/x".to_owned()]));
    let only_c = "add_project_arguments('-DA', language: 'c')";
    let (found, _) = added(&[backend, ("meson.build", only_c), ("a.c", ""), ("b.cpp", "")]);
    assert!(found.is_empty(), "headers may be read as C++");
}

#[test]
fn a_limited_api_that_the_build_defines_is_stated() {
    let text = "Extension('a', define_macros=[('Py_LIMITED_API', '0x030b0000')], py_limited_api=True)";
    assert_eq!(found(&[("setup.py", text)]), ["setuptools - true", "setuptools Py_LIMITED_API=0x030b0000 true"]);
}

#[test]
fn any_build_file_is_read_to_its_end() {
    for text in [
        "Extension(",
        "Extension('a', define_macros=[(",
        "add_definitions(((",
        "'",
        "Extension(,,=)",
        "x.append(",
        "(]) if",
    ] {
        for path in ["setup.py", "meson.build", "CMakeLists.txt", "setup.cfg", "pyproject.toml"] {
            macros(path, text);
        }
    }
}

#[test]
fn features_come_from_the_workspace_and_from_what_the_build_asks_for() {
    let workspace = (
        "Cargo.toml",
        "[workspace]\nmembers = ['a']\n[workspace.dependencies]\npyo3 = { version = '1', features = ['abi3t'] }",
    );
    let member = ("a/Cargo.toml", "[dependencies]\npyo3.workspace = true");
    assert_eq!(found(&[workspace, member]), ["pyo3 1 true", "pyo3 pyo3/abi3t true"]);
    let own = ("Cargo.toml", "[dependencies]\npyo3 = '1'\n[features]\nstable = ['pyo3/abi3-py39']");
    assert_eq!(found(&[own]), ["pyo3 1 -"]);
    let maturin = ("pyproject.toml", "[tool.maturin]\nfeatures = ['stable']");
    assert_eq!(found(&[own, maturin]), ["pyo3 1 true"]);
    let setup = ("setup.py", "setup(rust_extensions=[RustExtension('a', features=['stable'])])");
    assert_eq!(found(&[own, setup]), ["pyo3 1 true", "setuptools-rust - -"]);
}

#[test]
fn a_cffi_script_without_source_makes_no_extension() {
    assert_eq!(found(&[("a_build.py", "ffi.set_source('_a', None)")]), Vec::<String>::new());
    assert_eq!(found(&[("a_build.py", "ffi.set_source('_a', None)\nffi.set_source('_b', '')")]), ["cffi - true"]);
}

#[test]
fn what_f2py_and_zig_make_is_known_by_their_files() {
    assert_eq!(found(&[("a.pyf", "python module a")]), ["f2py - false"]);
    assert_eq!(found(&[("a.zig", "")]), ["zig - -"]);
}

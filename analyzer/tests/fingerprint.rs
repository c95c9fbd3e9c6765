//! Sdists with one fingerprint have one report, but for their name and the counts of all that the archive holds.

use analyzer::{Fingerprint, Options, Report, SourceFile, SourceTree, TreeFacts, analyze};
use proptest::prelude::*;

const SOURCE: &str = "#include <Python.h>\n#if VERSION >= 2\nint f(PyObject *o) { return Py_REFCNT(o); }\n#else\n\
    int f(PyObject *o) { return o->ob_refcnt; }\n#endif\n";

/// What build files are made of; `{V}` stands for the version of the release.
const PIECES: [&str; 29] = [
    "version = \"{V}\"\n",
    "version='{V}',\n",
    "__version__ = '{V}'\n",
    "Version: {V}\n",
    "[project]\n",
    "[package]\n",
    "[dependencies]\n",
    "[dependencies.pyo3]\n",
    "[build-system]\nrequires = [\"setuptools\", \"cython=={V}\"]\n",
    "requires-python = \">={V}\"\n",
    "Requires-Python: >=3.9\n",
    "Requires-Python: >={V}\n",
    "Name: demo\n",
    "\n",
    "features = [\"abi3-py39\"]\n",
    "pyo3 = { version = \"{V}\", features = [\"abi3\"] }\n",
    "from setuptools import setup, Extension\n",
    "setup(name='demo', version='{V}', ext_modules=[Extension('demo', ['a.c'], py_limited_api=True)])\n",
    "setup(version='{V}',\n",
    "ext_modules=[Extension('demo', ['a.c'], define_macros=[('VERSION', '{V}'), ('Py_LIMITED_API', '0x03090000')])])\n",
    "if version == '{V}':\n",
    "    options = {'bdist_wheel': {'py_limited_api': 'cp39'}}\n",
    "project('demo', 'c', version: '{V}')\n",
    "add_project_arguments('-DVERSION={V}', language: 'c')\n",
    "project(demo VERSION {V})\nadd_definitions(-DVERSION={V})\n",
    "[options]\npython_requires = >={V}\n",
    "[dependencies.pyo3]\nversion = \"{V}\"\n",
    "[build_ext]\ndefine = VERSION={V}\n",
    "from setuptools import setup\noptions = {}\nif version == '{V}':\n    options = {'bdist_wheel': {'py_limited_api': 'cp39'}}\n\
     setup(options=options)\n",
];

const FILES: [&str; 7] =
    ["setup.py", "setup.cfg", "pyproject.toml", "Cargo.toml", "meson.build", "CMakeLists.txt", "PKG-INFO"];

/// Versions of releases, some of which tools have, too.
const VERSIONS: [&str; 6] = ["1.0", "1", "2", "3.0.11", "0.22.0", "1.10"];

fn release(version: &str, files: &[(usize, Vec<usize>)], entries: u64) -> SourceTree {
    let text = |pieces: &[usize]| pieces.iter().map(|piece| PIECES[*piece].replace("{V}", version)).collect::<String>();
    let mut all: Vec<(String, String)> = vec![("a.c".to_owned(), SOURCE.to_owned())];
    all.extend(files.iter().map(|(name, pieces)| (FILES[*name].to_owned(), text(pieces))));
    all.sort_by(|one, other| one.0.cmp(&other.0));
    all.dedup_by(|one, other| one.0 == other.0);
    let file = |(path, text): (String, String)| SourceFile { path, bytes: text.into_bytes().into() };
    SourceTree {
        name: format!("demo-{version}.tar.gz"),
        files: all.into_iter().map(file).collect(),
        entries,
        decoded_bytes: entries * 512,
        ..SourceTree::default()
    }
}

fn code(tree: &SourceTree) -> Report {
    let report = analyze(tree, &Options::default());
    let tree = TreeFacts { entries: 0, decoded_bytes: 0, ..report.tree };
    Report { sdist: String::new(), tree, ..report }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 5_000, ..ProptestConfig::default() })]

    #[test]
    fn what_has_one_fingerprint_has_one_report(
        files in prop::collection::vec((0..FILES.len(), prop::collection::vec(0..PIECES.len(), 1..4)), 1..3),
        one in prop::sample::select(&VERSIONS[..]),
        other in prop::sample::select(&VERSIONS[..]),
    ) {
        let (one, other) = (release(one, &files, 7), release(other, &files, 9));
        if Fingerprint::of(&one) == Fingerprint::of(&other) {
            prop_assert_eq!(code(&one), code(&other));
        }
    }
}

fn of(version: &str, files: &[(&str, &str)]) -> Fingerprint {
    let file = |(path, text): &(&str, &str)| SourceFile {
        path: (*path).to_owned(),
        bytes: text.replace("{V}", version).into_bytes().into(),
    };
    let tree = SourceTree {
        name: format!("demo-{version}.tar.gz"),
        files: files.iter().map(file).collect(),
        ..SourceTree::default()
    };
    Fingerprint::of(&tree)
}

#[test]
fn a_release_that_changes_its_version_alone_keeps_its_fingerprint() {
    let ways = [
        &[("PKG-INFO", "Name: demo\nVersion: {V}\nRequires-Python: >=3.9\n\nNew in {V}: nothing.\n"), ("a.c", SOURCE)]
            [..],
        &[
            ("a.c", SOURCE),
            ("pyproject.toml", "[project]\nname = \"demo\"\nversion = \"{V}\"\nrequires-python = \">=3.9\"\n"),
        ],
        &[
            ("a.c", SOURCE),
            (
                "setup.py",
                "setup(\n    name='demo',\n    version='{V}',\n    ext_modules=[Extension('demo', ['a.c'])],\n)\n",
            ),
        ],
        &[
            ("Cargo.toml", "[package]\nname = \"demo\"\nversion = \"{V}\"\n[dependencies]\npyo3 = \"0.22\"\n"),
            ("src/lib.rs", "use pyo3::ffi;\n"),
        ],
        &[("a.c", SOURCE), ("meson.build", "project('demo', 'c',\n  version: '{V}',\n)\n")],
    ];
    for files in ways {
        assert_eq!(of("1.9", files), of("1.10", files), "{files:?}");
    }
}

#[test]
fn a_release_that_changes_anything_else_has_another() {
    let base = [("PKG-INFO", "Name: demo\nVersion: 1.0\n"), ("a.c", SOURCE), ("setup.py", "setup(name='demo')\n")];
    let changed = |at: usize, file: (&'static str, &'static str)| {
        let mut files = base;
        files[at] = file;
        of("1.0", &files)
    };
    let before = of("1.0", &base);
    assert_ne!(before, changed(0, ("PKG-INFO", "Name: demo\nVersion: 1.0\nRequires-Python: >=3.9\n")));
    assert_ne!(before, changed(0, ("PKG-INFO", "Name: other\nVersion: 1.0\n")));
    assert_ne!(before, changed(1, ("b.c", SOURCE)), "another path");
    assert_ne!(before, changed(1, ("a.c", "#include <Python.h>\n")));
    assert_ne!(before, changed(2, ("setup.py", "setup(name='demo', py_limited_api=True)\n")));
    let (tool, version) =
        (("pyproject.toml", "[build-system]\nrequires = [\"cython>=3.0\"]\n"), ("version.h", "#define V \"1.0\"\n"));
    assert_ne!(of("1.0", &[tool]), of("1.0", &[("pyproject.toml", "[build-system]\nrequires = [\"cython>=3.1\"]\n")]));
    assert_ne!(
        of("1.0", &[version]),
        of("1.1", &[("version.h", "#define V \"1.1\"\n")]),
        "in source it may mean anything"
    );
}

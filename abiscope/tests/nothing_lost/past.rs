//! Old releases, read by several processes: the same as by one, whichever of several equal ones is analysed first.

use fake_index::{FakeIndex, SdistBuilder};

use crate::deployment::{Deployment, wait_until_idle};
use crate::server::{self, Server};

/// Releases in the order of their versions, by what their source calls; the last one is as the first.
const CALLS: [&str; 8] = [
    "PyTuple_GET_ITEM",
    "PyTuple_GET_ITEM",
    "PyTuple_GET_ITEM",
    "PyTuple_GetItem",
    "PyTuple_GetItem",
    "PyList_GET_ITEM",
    "PyList_GET_ITEM",
    "PyTuple_GET_ITEM",
];

/// Sources that differ.
const SOURCES: i64 = 3;

/// Two projects with the very same releases.
fn index() -> FakeIndex {
    let index = FakeIndex::start_in_thread();
    for name in ["spam", "eggs"] {
        for (n, call) in CALLS.iter().enumerate() {
            let version = format!("1.{n}");
            let source = format!("#include <Python.h>\nPyObject *f(PyObject *o) {{ return {call}(o, 0); }}\n");
            let setup =
                format!("from setuptools import setup\nsetup(\n    name='{name}',\n    version='{version}',\n)\n");
            let sdist = SdistBuilder::new(&format!("{name}-{version}"));
            let sdist = sdist.file(&format!("{name}.c"), source).file("setup.py", setup);
            let sdist = sdist.file("CHANGES", format!("New in {version}: {}.\n", "more ".repeat(n)));
            index.add(name).sdist(&version, &sdist).uploaded(&format!("2024-0{}-01T00:00:00Z", n + 1));
        }
    }
    index
}

#[test]
fn a_crew_reads_the_past_that_one_process_reads() {
    let (index, server) = (index(), Server::start());
    let alone = Deployment::new(&server, "alone", &index);
    alone.crawl_to_the_end(&["--history=every"]);
    let together = Deployment::new(&server, "together", &index);
    let crawl = ["crawl", "--history=every", "--jobs", "1", "--requests-per-second", "0"];
    let work = ["work", "--jobs", "2"];
    let crew = [&crawl[..], &work, &work].map(|args| together.start(args));
    let analysed = "SELECT count(*) FROM files WHERE state = 'analysed'";
    let expected = i64::try_from(2 * CALLS.len()).expect("few");
    wait_until_idle(&together, &crew, || server::number(&together.url, analysed) == expected);
    assert_eq!(together.found(), alone.found());
    assert_eq!(alone.found().open(), 0);
}

#[test]
fn releases_with_the_same_sources_are_analysed_once() {
    let (index, server) = (index(), Server::start());
    let deployment = Deployment::new(&server, "once_each", &index);
    deployment.done(&["survey", "--index-url", &index.url(), "--history=every", "spam", "eggs"]);
    let number = |sql: &str| server::number(&deployment.url, sql);
    assert_eq!(number("SELECT count(*) FROM reports"), 2 * SOURCES, "one after the other, each project for itself");
    assert_eq!(number("SELECT count(*) FROM report_versions"), 16);
    let own_tree = "SELECT count(*) FROM report_versions WHERE tree IS NOT NULL";
    assert_eq!(number(own_tree), 16 - 2 * SOURCES, "the others remember what their archives held");
    let packs = "SELECT count(DISTINCT pack_blob) FROM files WHERE state = 'analysed'";
    assert_eq!(number(packs), 16, "each keeps its sources");
}

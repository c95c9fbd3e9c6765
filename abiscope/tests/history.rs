//! Old releases through the whole program, with its private Postgres: what a policy picks is read, once, and kept.
#![cfg(feature = "service")]

mod program;

use std::path::Path;
use std::process::Output;

use fake_index::{FakeIndex, SdistBuilder};
use program::stdout;

const SOURCE: &str = "\
#include <Python.h>
PyMODINIT_FUNC PyInit_demo(void) { return PyTuple_GET_ITEM(NULL, 0); }
";

/// Each with the time of its upload. 1.1 comes in the last second of the first quarter of 2023, 1.2 in the first of the
/// second; 1.2.1 comes late, when 2.0 stood. So at ends of quarters stood 1.1, 1.2, 2.0; of years 1.2, 2.0.
const RELEASES: [(&str, &str); 5] = [
    ("1.0", "2023-01-10T00:00:00.000000Z"),
    ("1.1", "2023-03-31T23:59:59.000000Z"),
    ("1.2", "2023-04-01T00:00:00.000000Z"),
    ("2.0", "2024-01-01T00:00:00.000000Z"),
    ("1.2.1", "2024-05-01T00:00:00.000000Z"),
];

fn index() -> FakeIndex {
    let index = FakeIndex::start_in_thread();
    for (version, time) in RELEASES {
        let sdist = SdistBuilder::new(&format!("demo-{version}")).file("demo.c", SOURCE);
        index.add("demo").sdist(version, &sdist).uploaded(time);
    }
    index
}

fn abiscope(data_dir: &Path, args: &[&str]) -> Output {
    let done = program::abiscope(data_dir, args);
    assert_eq!(done.status.code(), Some(0), "{args:?}: {}", String::from_utf8_lossy(&done.stderr));
    done
}

fn survey(data_dir: &Path, index: &FakeIndex, more: &[&str]) -> Output {
    abiscope(data_dir, &[&["survey", "--index-url", &index.url(), "demo"], more].concat())
}

fn crawl(data_dir: &Path, index: &FakeIndex, more: &[&str]) {
    let url = index.url();
    let usual =
        ["crawl", "--once", "--contact", "tests@example.org", "--requests-per-second", "0", "--index-url", &url];
    abiscope(data_dir, &[&usual, more].concat());
}

/// The versions whose sdist was fetched, sorted; one that was fetched twice is there twice.
fn fetched(index: &FakeIndex) -> Vec<String> {
    let requests = index.requests();
    let mut versions: Vec<String> = requests
        .iter()
        .filter_map(|request| Some(request.split_once("demo-")?.1.split_once(".tar.gz")?.0.to_owned()))
        .collect();
    versions.sort();
    versions
}

fn analysed(data_dir: &Path) -> i64 {
    let status = abiscope(data_dir, &["status", "--format", "json"]);
    let value: serde_json::Value = serde_json::from_slice(&status.stdout).expect("JSON");
    value["files"]["analysed"].as_i64().expect("a count")
}

#[test]
fn a_survey_reads_what_stood_at_ends_of_quarters_and_a_second_one_fetches_nothing() {
    let (data_dir, index) = (tempfile::tempdir().expect("a folder"), index());
    let first = survey(data_dir.path(), &index, &["--history"]);
    assert_eq!(fetched(&index), ["1.1", "1.2", "2.0"]);
    let table = stdout(&first);
    assert!(table.lines().count() == 2 && table.contains("2.0"), "the standing release is shown: {table}");
    let told = String::from_utf8(first.stderr).expect("UTF-8");
    assert!(told.contains("2 older releases"), "{told}");

    for again in [&["--history=quarter"][..], &["--history=year"], &[]] {
        survey(data_dir.path(), &index, again);
        assert_eq!(fetched(&index).len(), 3, "{again:?}");
    }
    assert_eq!(analysed(data_dir.path()), 3, "a survey without a history keeps what was read");
}

#[test]
fn a_crawl_without_a_history_keeps_what_was_read_and_one_with_another_reads_the_rest() {
    let (data_dir, index) = (tempfile::tempdir().expect("a folder"), index());
    crawl(data_dir.path(), &index, &["--history=year"]);
    assert_eq!(fetched(&index), ["1.2", "2.0"]);
    crawl(data_dir.path(), &index, &[]);
    assert_eq!(fetched(&index), ["1.2", "2.0"]);
    assert_eq!(analysed(data_dir.path()), 2);

    crawl(data_dir.path(), &index, &["--history=every"]);
    assert_eq!(fetched(&index), ["1.0", "1.1", "1.2", "1.2.1", "2.0"]);
    assert_eq!(analysed(data_dir.path()), 5);
}

#[test]
fn a_first_day_leaves_out_what_was_gone_before_it() {
    let (data_dir, index) = (tempfile::tempdir().expect("a folder"), index());
    // When May 2023 began 1.2 stood.
    survey(data_dir.path(), &index, &["--history=quarter", "--since", "2023-05-01"]);
    assert_eq!(fetched(&index), ["1.2", "2.0"]);
}

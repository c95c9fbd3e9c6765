//! A crawl of a whole index through the whole program, with its private Postgres.
#![cfg(feature = "service")]

use std::collections::BTreeMap;
use std::path::Path;
use std::process::{Command, Output};

use fake_index::{FakeIndex, Fault, FaultPlan};

/// A generated index of so many projects, of all sorts of cases.
const PROJECTS: u32 = 48;

fn abiscope(data_dir: &Path, args: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_abiscope"));
    command.env_remove("DATABASE_URL").env("NO_COLOR", "1").env("ABISCOPE_DATA_DIR", data_dir);
    command.args(args).output().expect("it runs")
}

fn crawl(data_dir: &Path, index: &FakeIndex) -> Output {
    let done = abiscope(
        data_dir,
        &[
            "crawl",
            "--once",
            "--contact",
            "tests@example.org",
            "--requests-per-second",
            "0",
            "--index-url",
            &index.url(),
        ],
    );
    assert_eq!(done.status.code(), Some(0), "{}", String::from_utf8_lossy(&done.stderr));
    done
}

/// How many sdists are in which state.
fn sdists(data_dir: &Path) -> BTreeMap<String, i64> {
    let status = abiscope(data_dir, &["status", "--format", "json"]);
    let value: serde_json::Value = serde_json::from_slice(&status.stdout).expect("JSON");
    let counts: BTreeMap<String, i64> = serde_json::from_value(value["files"].clone()).expect("counts");
    counts.into_iter().filter(|(_, count)| *count > 0).collect()
}

fn digest(data_dir: &Path) -> String {
    String::from_utf8(abiscope(data_dir, &["digest"]).stdout).expect("text")
}

fn fetched(index: &FakeIndex) -> usize {
    index.requests().iter().filter(|request| request.contains(".tar.gz") || request.contains(".zip")).count()
}

#[test]
fn every_sdist_of_an_index_ends_in_a_state_and_a_second_crawl_fetches_nothing_again() {
    let (data_dir, index) = (tempfile::tempdir().expect("a folder"), FakeIndex::start_in_thread());
    index.generate(3, PROJECTS);
    crawl(data_dir.path(), &index);
    let first = (sdists(data_dir.path()), digest(data_dir.path()));
    for open in ["queued", "fetched", "deferred"] {
        assert!(!first.0.contains_key(open), "{:?}", first.0);
    }
    assert!(first.0["analysed"] > 10, "{:?}", first.0);

    let (before, pages) = (fetched(&index), index.total());
    crawl(data_dir.path(), &index);
    assert_eq!((sdists(data_dir.path()), digest(data_dir.path())), first);
    // What the files host does not have is asked for again; everything else is known.
    assert!(fetched(&index) - before <= 8, "{} fetched again", fetched(&index) - before);
    assert!(index.total() - pages < u64::from(PROJECTS), "{} requests", index.total() - pages);
}

#[test]
fn what_is_found_out_does_not_depend_on_passing_faults() {
    let calm = tempfile::tempdir().expect("a folder");
    let stormy = tempfile::tempdir().expect("a folder");
    let index = FakeIndex::start_in_thread();
    index.generate(5, PROJECTS);
    crawl(calm.path(), &index);
    let asked = index.total();
    index.begin_phase(Some(FaultPlan::transient(5)));
    crawl(stormy.path(), &index);
    assert!(index.total() - asked > asked, "there were faults: {} requests, then {}", asked, index.total() - asked);
    index.begin_phase(None);
    crawl(stormy.path(), &index);
    assert_eq!(sdists(stormy.path()), sdists(calm.path()));
    assert_eq!(digest(stormy.path()), digest(calm.path()));
}

/// The next look at the index may be a day away.
#[test]
fn a_list_of_projects_that_broke_off_is_read_again() {
    let (data_dir, index) = (tempfile::tempdir().expect("a folder"), FakeIndex::start_in_thread());
    index.add("demo").version("1.0");
    index.fault("/simple/", Fault::CutBody, 1);
    let said = crawl(data_dir.path(), &index).stderr;
    let said = String::from_utf8_lossy(&said);
    assert!(said.contains("reading it again in 2 s") && said.contains("lists 1 projects: 1 new"), "{said}");
    assert_eq!((index.times("/simple/"), index.times("/simple/demo/")), (2, 1));
}

#[test]
fn a_crawl_has_to_say_who_it_is() {
    let data_dir = tempfile::tempdir().expect("a folder");
    let mut command = Command::new(env!("CARGO_BIN_EXE_abiscope"));
    command.env_remove("ABISCOPE_CONTACT").env("ABISCOPE_DATA_DIR", data_dir.path());
    let refused = command.args(["crawl", "--once"]).output().expect("it runs");
    assert_eq!(refused.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&refused.stderr).contains("--contact"));
}

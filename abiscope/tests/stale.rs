//! A page that a cache serves too old: taken, and read again by the next crawl.
#![cfg(feature = "service")]

use std::path::Path;
use std::process::{Command, Output};

use fake_index::{FakeIndex, Fault, SdistBuilder};

fn abiscope(data_dir: &Path, args: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_abiscope"));
    command.env_remove("DATABASE_URL").env("NO_COLOR", "1").env("ABISCOPE_DATA_DIR", data_dir);
    let done = command.args(args).output().expect("it runs");
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    done
}

fn crawl(data_dir: &Path, index: &FakeIndex) {
    let once = ["crawl", "--once", "--contact", "tests@example.org", "--requests-per-second", "0", "--index-url"];
    abiscope(data_dir, &[&once[..], &[&index.url()]].concat());
}

/// Sdists that were analysed.
fn analysed(data_dir: &Path) -> i64 {
    let status = abiscope(data_dir, &["status", "--format", "json"]);
    let status: serde_json::Value = serde_json::from_slice(&status.stdout).expect("JSON");
    status["files"]["analysed"].as_i64().unwrap_or(0)
}

#[test]
fn a_page_that_was_older_than_the_listing_said_is_read_again_by_the_next_crawl_and_then_no_more() {
    let (data_dir, index) = (tempfile::tempdir().expect("a folder"), FakeIndex::start_in_thread());
    index.add("demo").sdist("1.0", &SdistBuilder::new("demo-1.0").file("demo.c", "#include <Python.h>\n"));
    index.fault("/simple/demo/", Fault::Stale, 4);
    crawl(data_dir.path(), &index);
    // Asked for three times more, and then taken: the one from before the sdist.
    assert_eq!((index.times("/simple/demo/"), analysed(data_dir.path())), (4, 0));
    crawl(data_dir.path(), &index);
    assert_eq!((index.times("/simple/demo/"), analysed(data_dir.path())), (5, 1));
    crawl(data_dir.path(), &index);
    assert_eq!(index.times("/simple/demo/"), 5);
}

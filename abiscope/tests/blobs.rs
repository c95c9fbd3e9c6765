//! `--blobs`: archives and sources in S3, through the whole program.
#![cfg(feature = "service")]

use std::path::Path;
use std::process::Command;

use fake_index::{FakeIndex, SdistBuilder};

const SOURCE: &str = "#include <Python.h>\nPyMODINIT_FUNC PyInit_demo(void) { return PyTuple_GET_ITEM(NULL, 0); }\n";

fn survey(data_dir: &Path, index: &FakeIndex, endpoint: &str) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_abiscope"));
    command.env_remove("DATABASE_URL").env("NO_COLOR", "1").env("ABISCOPE_DATA_DIR", data_dir);
    command.env("ABISCOPE_BLOBS", format!("s3://{}/some/prefix", fake_s3::BUCKET));
    command.env("AWS_ENDPOINT_URL", endpoint);
    command.env("AWS_ACCESS_KEY_ID", fake_s3::ID).env("AWS_SECRET_ACCESS_KEY", fake_s3::SECRET);
    command.args(["survey", "--index-url", &index.url(), "demo"]);
    command
}

fn files(folder: &Path) -> usize {
    let Ok(entries) = std::fs::read_dir(folder) else { return 0 };
    let paths = entries.map(|entry| entry.expect("an entry").path());
    paths.map(|path| if path.is_dir() { files(&path) } else { 1 }).sum()
}

#[test]
fn a_survey_keeps_its_blobs_in_s3() {
    let (data_dir, buckets) = (tempfile::tempdir().expect("a folder"), tempfile::tempdir().expect("a folder"));
    let endpoint = format!("http://{}", fake_s3::start_in_thread(buckets.path()).expect("a server"));
    let index = FakeIndex::start_in_thread();
    index.add("demo").sdist("1.0", &SdistBuilder::new("demo-1.0").file("demo.c", SOURCE));

    let open = survey(data_dir.path(), &index, "http://s3.example:9000").output().expect("it runs");
    let complaint = String::from_utf8_lossy(&open.stderr);
    assert_eq!(open.status.code(), Some(1));
    assert!(complaint.contains("use https"), "{complaint}");
    assert!(index.requests().is_empty(), "nothing is asked for that could not be kept");

    let done = survey(data_dir.path(), &index, &endpoint).output().expect("it runs");
    let table = String::from_utf8_lossy(&done.stdout);
    assert!(
        table.contains("analysed") || table.contains("blocked"),
        "{table}{}",
        String::from_utf8_lossy(&done.stderr)
    );
    assert_eq!(done.status.code(), Some(0));
    assert_eq!(
        files(&buckets.path().join(fake_s3::BUCKET).join("some/prefix")),
        4,
        "archive, sources, sites, index of sources"
    );
    assert!(!data_dir.path().join("blobs").exists());
}

//! The dashboard's pages in a real browser, from a package index to a link that is clicked. What is done on the pages
//! is in `browser/tests/`.
#![cfg(feature = "service")]

#[path = "../dashboard/mod.rs"]
mod dashboard;
mod world;

use std::fs::{self, File};
use std::path::Path;

use browser::{Missing, Programs};
use dashboard::{Dashboard, abiscope};
use fake_index::FakeIndex;

#[test]
fn the_pages_work_in_a_real_browser() {
    let programs = match Programs::find() {
        Ok(programs) => programs,
        Err(missing) => return skip(&missing),
    };
    programs.install().expect("the packages of browser/package-lock.json");
    let (data_dir, index) = (tempfile::tempdir().expect("a folder"), world::index());
    for projects in world::SURVEYS {
        survey(data_dir.path(), &index, projects);
    }
    let saved = saved(data_dir.path());
    let tables = exported(data_dir.path());
    let dashboard = Dashboard::start(data_dir.path(), &index, &["--metrics", "off", "--exports", &tables]);

    let log = data_dir.path().join("browser.log");
    let passed = programs.run(&format!("http://{}", dashboard.address), &saved, &File::create(&log).expect("a file"));
    println!("{}", fs::read_to_string(&log).expect("text"));
    assert!(passed.expect("they end"), "what is above failed");
}

/// Saves an answer; returns its ID.
fn saved(data_dir: &Path) -> String {
    let output =
        abiscope(data_dir).args(["whatif", "--rule", "opaque=PyTypeObject", "--save"]).output().expect("it runs");
    let told = String::from_utf8_lossy(&output.stderr).into_owned();
    let id = told.split("Saved as ").nth(1).and_then(|rest| rest.split(' ').next());
    id.unwrap_or_else(|| panic!("no ID: {told}")).to_owned()
}

/// Writes the survey as tables; returns the folder.
fn exported(data_dir: &Path) -> String {
    let folder = data_dir.join("tables");
    let status = abiscope(data_dir).arg("export").arg("--out").arg(&folder).status().expect("it runs");
    assert!(status.success(), "no tables: {status}");
    folder.to_str().expect("text").to_owned()
}

/// Says that nothing was tested, where that is allowed.
fn skip(missing: &Missing) {
    assert!(!browser::is_ci(), "{missing}");
    println!("1 test skipped: {missing}");
}

fn survey(data_dir: &Path, index: &FakeIndex, projects: &[&str]) {
    let mut command = abiscope(data_dir);
    let output = command.args(["survey", "--index-url", &index.url()]).args(projects).output().expect("it runs");
    let (told, complained) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    println!("{told}\n{complained}");
    // One of them is damaged on purpose, which is no failure: what it ended in is recorded.
    assert_eq!(output.status.code(), Some(0), "{told}\n{complained}");
}

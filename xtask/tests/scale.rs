//! The command that measures the crawl still runs. What it measures is not looked at.

use std::path::{Path, PathBuf};
use std::process::Command;

const PROJECTS: &str = "60,300";

/// The program beside this one: where all tests run it is there, made for others of them.
fn program() -> PathBuf {
    let program = Path::new(env!("CARGO_BIN_EXE_xtask")).with_file_name("abiscope");
    if !program.exists() {
        let made = Command::new(env!("CARGO")).args(["build", "--quiet", "-p", "abiscope"]).status();
        assert!(made.expect("cargo runs").success());
    }
    program
}

#[test]
fn a_crawl_of_some_hundred_projects_is_measured_and_its_plans_are_shown() {
    let mut command = Command::new(env!("CARGO_BIN_EXE_xtask"));
    command.args(["scale", "--projects", PROJECTS, "--program"]).arg(program());
    let done = command.output().expect("it runs");
    let (said, complaints) = (String::from_utf8_lossy(&done.stdout), String::from_utf8_lossy(&done.stderr));
    assert!(done.status.success(), "{said}\n{complaints}");
    let rows: Vec<f64> = said.lines().filter_map(|line| line.split_whitespace().next()?.parse().ok()).collect();
    assert_eq!(rows, [60.0, 300.0], "{said}");
    assert!(said.contains("a project of 300 costs "), "{said}");
    for plan in ["The next job", "Which projects are due", "The depth of the queue", "What a listing changed"] {
        assert!(said.contains(plan), "{plan}: {said}");
    }
    assert!(said.matches("Execution Time: ").count() >= 7, "{said}");
}

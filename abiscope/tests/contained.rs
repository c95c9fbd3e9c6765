//! A survey in which some files are too much for the analyzer, and one that is killed: through the whole program.
#![cfg(feature = "service")]

use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

use fake_index::{FakeIndex, SdistBuilder};

const SOURCE: &str = "#include <Python.h>\nPyMODINIT_FUNC PyInit_demo(void) { return PyTuple_GET_ITEM(NULL, 0); }\n";

fn index(names: &[&str]) -> FakeIndex {
    let index = FakeIndex::start_in_thread();
    for name in names {
        index.add(name).sdist("1.0", &SdistBuilder::new(&format!("{name}-1.0")).file("demo.c", SOURCE));
    }
    index
}

/// `survey` of these projects, in which a file may take this many seconds.
fn survey(data_dir: &Path, index: &FakeIndex, seconds: u32, names: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_abiscope"));
    command.env_remove("DATABASE_URL").env("NO_COLOR", "1").env("ABISCOPE_DATA_DIR", data_dir);
    command.env("ABISCOPE_ANALYSIS_FAULTS", seconds.to_string());
    command.args(["survey", "--index-url", &index.url()]).args(names);
    command
}

#[test]
fn files_that_are_too_much_for_the_analyzer_end_so_and_all_others_are_analysed() {
    let data_dir = tempfile::tempdir().expect("a folder");
    let names = ["one", "panics", "two", "hogs", "three", "hangs", "four", "babbles", "five"];
    let index = index(&names);
    let done = survey(data_dir.path(), &index, 8, &names).output().expect("it runs");
    let table = String::from_utf8_lossy(&done.stdout);
    let row = |name: &str| table.lines().find(|line| line.split_whitespace().next() == Some(name)).unwrap_or_default();
    for name in ["one", "two", "three", "four", "five"] {
        assert!(row(name).contains("analysed"), "{name}:\n{table}{}", String::from_utf8_lossy(&done.stderr));
    }
    for name in ["panics", "hogs", "hangs", "babbles"] {
        assert!(row(name).contains("analyzer-failed"), "{name}:\n{table}{}", String::from_utf8_lossy(&done.stderr));
    }
}

/// The child hangs: it does not see its input end. Only the system ends it.
#[cfg(target_os = "linux")]
#[test]
fn a_child_dies_with_a_survey_that_is_killed() {
    let data_dir = tempfile::tempdir().expect("a folder");
    let index = index(&["hangs"]);
    let mut command = survey(data_dir.path(), &index, 600, &["hangs"]);
    let mut survey = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().expect("it runs");
    let child = wait_for("a child", || child_of(survey.id()));
    survey.kill().expect("killed");
    survey.wait().expect("reaped");
    wait_for("the end of the child", || (!is_running(child)).then_some(()));
}

fn child_of(parent: u32) -> Option<u32> {
    let processes = std::fs::read_dir("/proc").expect("processes").filter_map(Result::ok);
    let numbers = processes.filter_map(|entry| entry.file_name().to_str()?.parse().ok());
    numbers.into_iter().find(|pid| {
        let arguments = std::fs::read(format!("/proc/{pid}/cmdline")).unwrap_or_default();
        stat(*pid).is_some_and(|(_, of)| of == parent)
            && arguments.split(|byte| *byte == 0).any(|a| a == b"analyse-child")
    })
}

fn is_running(pid: u32) -> bool {
    stat(pid).is_some_and(|(state, _)| state != "Z")
}

/// State and parent of a process.
fn stat(pid: u32) -> Option<(String, u32)> {
    let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    let mut fields = stat.rsplit(") ").next()?.split(' ').map(str::to_owned);
    Some((fields.next()?, fields.next()?.parse().ok()?))
}

fn wait_for<T>(what: &str, found: impl Fn() -> Option<T>) -> T {
    for _ in 0..1200 {
        if let Some(found) = found() {
            return found;
        }
        std::thread::sleep(Duration::from_millis(50));
    }
    panic!("{what} did not come");
}

//! `abiscope scan` as a user meets it.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use assert_cmd::assert::OutputAssertExt;
use fake_index::SdistBuilder;
use tempfile::TempDir;

const SOURCE: &str = "\
#include <Python.h>
static PyObject *first(PyObject *self, PyObject *args) {
    return PyTuple_GET_ITEM(args, 0);
}
";

/// A folder with one good sdist, and the command that scans in it.
struct World {
    folder: TempDir,
}

impl World {
    fn new() -> Self {
        let world = Self { folder: tempfile::tempdir().expect("a folder") };
        let sdist = SdistBuilder::new("demo-1.0").file("demo.c", SOURCE).file("PKG-INFO", "Name: demo\n");
        world.write("demo-1.0.tar.gz", &sdist.tar_gz());
        world
    }

    fn write(&self, name: &str, content: &[u8]) -> PathBuf {
        let path = self.folder.path().join(name);
        std::fs::create_dir_all(path.parent().expect("a parent")).expect("a folder");
        std::fs::write(&path, content).expect("written");
        path
    }

    fn scan(&self, args: &[&str]) -> Command {
        let mut command = abiscope(self.folder.path());
        command.arg("scan").args(args);
        command
    }
}

fn abiscope(folder: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_abiscope"));
    command.current_dir(folder).env_remove("DATABASE_URL").env("NO_COLOR", "1");
    command
}

fn stdout_of(command: &mut Command) -> String {
    String::from_utf8(command.output().expect("it runs").stdout).expect("UTF-8")
}

fn stderr_of(command: &mut Command) -> String {
    String::from_utf8(command.output().expect("it runs").stderr).expect("UTF-8")
}

#[test]
fn the_report_for_people_names_the_blocker_its_replacement_and_the_line() {
    let world = World::new();
    let text = stdout_of(&mut world.scan(&["demo-1.0.tar.gz"]));
    for wanted in ["demo-1.0.tar.gz", "blocked", "PyTuple_GET_ITEM", "PyTuple_GetItem", "demo.c:3:12", "^^^"] {
        assert!(text.contains(wanted), "{wanted:?} is not in:\n{text}");
    }
    world.scan(&["demo-1.0.tar.gz"]).assert().code(0);
}

#[test]
fn json_is_one_report_per_path() {
    let world = World::new();
    world.write("tree/demo.c", SOURCE.as_bytes());
    let text = stdout_of(&mut world.scan(&["--format", "json", "demo-1.0.tar.gz", "tree"]));
    let reports: Vec<serde_json::Value> = text.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
    let names: Vec<&str> = reports.iter().filter_map(|report| report["sdist"].as_str()).collect();
    assert_eq!(names, ["demo-1.0.tar.gz", "tree"]);
    assert_eq!(reports[0]["uses"], reports[1]["uses"], "an sdist and its folder have the same uses");
}

#[test]
fn json_lines_have_a_record_for_each_site_and_each_verdict() {
    let world = World::new();
    let text = stdout_of(&mut world.scan(&["--format", "jsonl", "demo-1.0.tar.gz"]));
    let records: Vec<serde_json::Value> = text.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
    let site = records.iter().find(|record| record["name"] == "PyTuple_GET_ITEM").expect("the site");
    assert_eq!((&site["kind"], &site["path"], &site["line"]), (&"api".into(), &"demo.c".into(), &3.into()));
    assert_eq!(site["origin"], "own");
    assert!(site.get("active").is_none(), "no environment was asked about");
    let verdicts: Vec<&serde_json::Value> = records.iter().filter(|record| record["kind"] == "verdict").collect();
    assert_eq!(verdicts.len(), capi::Target::all().count());
    assert!(verdicts.iter().all(|verdict| verdict["blocking"] == serde_json::json!(["PyTuple_GET_ITEM"])));
    assert_eq!(records.last().expect("a record")["kind"], "summary");
}

#[test]
fn a_bad_input_gets_one_line_and_the_others_are_still_analysed() {
    let world = World::new();
    let good = std::fs::read(world.folder.path().join("demo-1.0.tar.gz")).expect("read");
    world.write("cut-1.0.tar.gz", &good[..good.len() / 2]);
    world.write("page-1.0.tar.gz", b"<!DOCTYPE html><title>404</title>");
    world.write("demo-1.0-cp311-cp311-linux_x86_64.whl", b"PK\x05\x06");
    for bad in ["missing-1.0.tar.gz", "cut-1.0.tar.gz", "page-1.0.tar.gz", "demo-1.0-cp311-cp311-linux_x86_64.whl"] {
        let mut command = world.scan(&[bad, "demo-1.0.tar.gz"]);
        command.assert().code(1);
        let complaint = stderr_of(&mut command);
        assert_eq!(complaint.lines().count(), 1, "{complaint}");
        assert!(complaint.starts_with("error:") && complaint.contains(bad), "{complaint}");
        assert!(stdout_of(&mut command).contains("PyTuple_GET_ITEM"), "the good one after {bad}");
    }
}

#[test]
fn an_unreadable_input_is_a_problem_record_too() {
    let world = World::new();
    let text = stdout_of(&mut world.scan(&["--format", "jsonl", "missing-1.0.tar.gz"]));
    let record: serde_json::Value = serde_json::from_str(text.trim()).expect("one record");
    assert_eq!((&record["kind"], &record["sdist"]), (&"problem".into(), &"missing-1.0.tar.gz".into()));
}

#[test]
fn a_wheel_is_told_what_is_accepted() {
    let world = World::new();
    world.write("demo-1.0-py3-none-any.whl", b"PK\x05\x06");
    let complaint = stderr_of(&mut world.scan(&["demo-1.0-py3-none-any.whl"]));
    assert!(complaint.contains(".tar.gz") && complaint.contains("folders"), "{complaint}");
}

#[test]
fn a_project_name_is_pointed_to_survey() {
    let world = World::new();
    let complaint = stderr_of(&mut world.scan(&["numpy"]));
    assert!(complaint.contains("abiscope survey"), "{complaint}");
}

#[test]
fn wrong_usage_is_status_2() {
    let world = World::new();
    world.scan(&[]).assert().code(2);
    world.scan(&["--colour", "demo-1.0.tar.gz"]).assert().code(2);
    world.scan(&["--on", "python=3.99", "demo-1.0.tar.gz"]).assert().code(2);
}

#[test]
fn the_environment_asked_about_sets_active() {
    let world = World::new();
    let source = "#include <Python.h>\n#if PY_VERSION_HEX < 0x03090000\nint a(PyFrameObject *f) { return f->f_lineno; }\n#endif\n";
    world.write("guarded/guarded.c", source.as_bytes());
    for (environment, active) in [("python=3.8", true), ("python=3.13", false)] {
        let text = stdout_of(&mut world.scan(&["--on", environment, "--format", "jsonl", "guarded"]));
        let records = text.lines().map(|line| serde_json::from_str::<serde_json::Value>(line).expect("JSON"));
        let member = records.into_iter().find(|record| record["kind"] == "member").expect("the member");
        assert_eq!(member["active"], active, "{environment}");
        assert_eq!(member["condition"], "python < 3.9");
    }
}

#[test]
fn a_closed_pipe_ends_silently() {
    let world = World::new();
    let many = "PyObject *f(void) { return PyList_New(0); }\n".repeat(20_000);
    world.write("big/big.c", many.as_bytes());
    let mut child = world
        .scan(&["--format", "jsonl", "big"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("it runs");
    drop(child.stdout.take());
    let output = child.wait_with_output().expect("it ends");
    assert_eq!(String::from_utf8_lossy(&output.stderr), "");
    assert_eq!(output.status.code(), Some(0));
}

#[test]
fn a_target_gets_its_own_verdict_and_its_own_blockers() {
    let world = World::new();
    world.write("new/new.c", b"#include <Python.h>\nPyObject *f(PyObject *o) { return Py_NewRef(o); }\n");
    let text = stdout_of(&mut world.scan(&["new", "--target", "abi3-3.8", "--target", "abi3-3.12"]));
    assert!(text.contains("1 blocker for abi3-3.8"), "{text}");
    assert!(text.contains("a floor of abi3-3.10"), "{text}");
    assert!(!text.contains("blocker for abi3-3.12"), "{text}");
    world.scan(&["new", "--target", "abi3-3.99"]).assert().code(2);
}

#[test]
fn fail_on_is_status_3_for_the_targets_asked_about_and_nothing_else() {
    let world = World::new();
    world.write("new/new.c", b"#include <Python.h>\nPyObject *f(PyObject *o) { return Py_NewRef(o); }\n");
    let status = |args: &[&str]| world.scan(args).output().expect("it runs").status.code();
    assert_eq!(status(&["new", "--target", "abi3-3.8", "--fail-on", "blocked"]), Some(3));
    assert_eq!(status(&["new", "--target", "abi3-3.12", "--fail-on", "blocked,undecided"]), Some(0));
    assert_eq!(status(&["new", "--target", "abi3-3.8", "--fail-on", "undecided"]), Some(0));
    assert_eq!(status(&["missing-1.0.tar.gz", "demo-1.0.tar.gz", "--fail-on", "blocked"]), Some(1));
    assert_eq!(status(&["new", "--fail-on", "everything"]), Some(2));
}

#[test]
fn markdown_is_a_table_of_verdicts_and_one_of_blockers() {
    let world = World::new();
    let text = stdout_of(&mut world.scan(&["--format", "markdown", "demo-1.0.tar.gz"]));
    assert!(text.contains("| `abi3-3.15` | ▲ blocked | 1 |"), "{text}");
    assert!(text.contains("| `PyTuple_GET_ITEM` | 1 | `PyTuple_GetItem` | 3.2 | `demo.c:3` |"), "{text}");
}

#[test]
fn an_item_is_explained_and_an_unknown_one_gets_suggestions() {
    let world = World::new();
    let explain = |args: &[&str]| abiscope(world.folder.path()).arg("explain").args(args).output().expect("it runs");
    let known = explain(&["PyTypeObject.tp_name", "abi3t"]);
    let text = String::from_utf8(known.stdout).expect("UTF-8");
    assert_eq!(known.status.code(), Some(0));
    for word in ["member of PyTypeObject", "PyType_GetName", "limited since 3.11", "PEP 803"] {
        assert!(text.contains(word), "{word}: {text}");
    }
    let json = explain(&["Py_SIZE", "--format", "json"]).stdout;
    let value: serde_json::Value = serde_json::from_slice(&json).expect("JSON");
    assert_eq!((&value["name"], &value["tiers"]["3.15"]), (&"Py_SIZE".into(), &"limited".into()));
    let unknown = explain(&["PyTuple_GetItm"]);
    assert_eq!(unknown.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&unknown.stderr).contains("Did you mean PyTuple_GetItem"));
}

#[test]
fn a_tool_that_cannot_is_named_with_what_solves_it() {
    let world = World::new();
    world.write("bound/pyproject.toml", b"[build-system]\nrequires = [\"pybind11>=2.13\"]\n");
    world.write("bound/a.cpp", b"#include <pybind11/pybind11.h>\nPYBIND11_MODULE(a, m) {}\n");
    let text = stdout_of(&mut world.scan(&["bound"]));
    assert!(
        text.contains("◆ pybind11 >=2.13 blocks abi3-3.15\n    no version can (pybind/pybind11 issue 5652)"),
        "{text}"
    );
    let markdown = stdout_of(&mut world.scan(&["bound", "--format", "markdown", "--target", "abi3-3.12"]));
    assert!(markdown.contains("`pybind11 >=2.13` blocks `abi3-3.12`: no version can"), "{markdown}");
    assert!(!stdout_of(&mut world.scan(&["demo-1.0.tar.gz"])).contains("◆"));
}

#[test]
fn the_structures_that_are_touched_are_told_in_one_line() {
    let world = World::new();
    let text = stdout_of(&mut world.scan(&["demo-1.0.tar.gz"]));
    assert!(text.contains("\ntouches     PyTupleObject (macros 1)"), "{text}");
}

//! The journey: a package index, `survey`, Postgres, the dashboard. With the program's own private Postgres, as a new
//! user has it.
#![cfg(feature = "service")]

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};
use std::time::Duration;

use fake_index::{FakeIndex, SdistBuilder};
use tempfile::TempDir;

const SOURCE: &str = "\
#include <Python.h>
int line_of(PyFrameObject *frame) { return frame->f_lineno; }
PyMODINIT_FUNC PyInit_demo(void) { return PyTuple_GET_ITEM(NULL, 0); }
";

fn index() -> FakeIndex {
    let index = FakeIndex::start_in_thread();
    index.add("demo").sdist("1.0", &SdistBuilder::new("demo-1.0").file("demo.c", SOURCE));
    index
        .add("tidy")
        .sdist("2.0", &SdistBuilder::new("tidy-2.0").file("tidy.py", "x = 1\n"))
        .file("tidy-2.0-py3-none-any.whl", b"PK\x05\x06");
    index.add("broken").file("broken-1.0.tar.gz", b"<html>not an archive</html>");
    index
}

fn abiscope(data_dir: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_abiscope"));
    command.env_remove("DATABASE_URL").env("NO_COLOR", "1").env("ABISCOPE_DATA_DIR", data_dir);
    command
}

fn survey(data_dir: &TempDir, index: &FakeIndex, projects: &[&str]) -> Output {
    let mut command = abiscope(data_dir.path());
    command.arg("survey").args(["--index-url", &index.url()]).args(projects).output().expect("it runs")
}

fn text(bytes: &[u8]) -> &str {
    std::str::from_utf8(bytes).expect("UTF-8")
}

fn row<'a>(output: &'a Output, name: &str) -> &'a str {
    let table = text(&output.stdout);
    let found = table.lines().find(|line| line.split_whitespace().next() == Some(name));
    found.unwrap_or_else(|| panic!("no row for {name} in:\n{table}\n{}", text(&output.stderr)))
}

#[test]
fn every_project_ends_in_a_state_that_says_why_and_a_second_run_fetches_nothing() {
    let (data_dir, index) = (tempfile::tempdir().expect("a folder"), index());

    let first = survey(&data_dir, &index, &["demo", "tidy", "broken==1.0", "ghost", "demo==9.9"]);
    assert_eq!(first.status.code(), Some(1), "two were not found:\n{}", text(&first.stderr));
    assert!(row(&first, "demo").contains("blocked"), "{}", row(&first, "demo"));
    assert!(row(&first, "tidy").contains("pure-by-tags"));
    assert!(row(&first, "broken").contains("unreadable"));
    assert!(row(&first, "ghost").contains("not-found"));
    assert!(text(&first.stdout).contains("1.0"), "the release that does exist is named");

    let fetched = index.requests().iter().filter(|request| request.contains("tar.gz")).count();
    let second = survey(&data_dir, &index, &["demo", "tidy", "broken==1.0"]);
    assert_eq!(second.status.code(), Some(0), "{}", text(&second.stderr));
    assert!(text(&second.stderr).contains("nothing was fetched"), "{}", text(&second.stderr));
    assert_eq!(index.requests().iter().filter(|request| request.contains("tar.gz")).count(), fetched);
    let words = |output| row(output, "demo").split_whitespace().collect::<Vec<_>>().join(" ");
    assert_eq!(words(&first), words(&second));

    let all = abiscope(data_dir.path())
        .args(["survey", "--all", "--index-url", &index.url(), "tidy"])
        .output()
        .expect("runs");
    assert!(row(&all, "tidy").contains("analysed"), "--all fetches regardless: {}", text(&all.stdout));

    let status = abiscope(data_dir.path()).args(["status", "--format", "json"]).output().expect("it runs");
    let counts: serde_json::Value = serde_json::from_slice(&status.stdout).expect("JSON");
    assert_eq!(counts["projects"]["listed"], 3);
    assert_eq!(counts["projects"]["not-found"], 1);
    assert_eq!(counts["files"]["analysed"], 2);
    assert_eq!(counts["files"]["unreadable"], 1);

    let (moved, dump) = (tempfile::tempdir().expect("a folder"), data_dir.path().join("survey.dump"));
    let dump = dump.to_str().expect("UTF-8");
    for (place, direction) in [(&data_dir, "export"), (&moved, "import")] {
        let done = abiscope(place.path()).args(["db", direction, dump]).output().expect("it runs");
        assert_eq!(done.status.code(), Some(0), "{direction}: {}", text(&done.stderr));
    }
    let status = abiscope(moved.path()).args(["status", "--format", "json"]).output().expect("it runs");
    let moved_counts: serde_json::Value = serde_json::from_slice(&status.stdout).expect("JSON");
    assert_eq!(moved_counts["files"], counts["files"], "what was exported is what was imported");
    let again = abiscope(moved.path()).args(["db", "import", dump]).output().expect("it runs");
    assert_eq!(again.status.code(), Some(1), "a survey is not overwritten");

    let mut dashboard = Dashboard::start(data_dir.path());
    let page = dashboard.get("/projects/demo");
    assert!(page.starts_with("HTTP/1.1 200"), "{page}");
    for wanted in ["PyTuple_GET_ITEM", "PyFrameObject.f_lineno", "blocked"] {
        assert!(page.contains(wanted), "{wanted} is not on the page");
    }
    assert!(dashboard.get("/items/PyFrameObject.f_lineno").contains("demo"));
    assert!(dashboard.get("/healthz").starts_with("HTTP/1.1 200"));
    assert_eq!(dashboard.interrupt(), Some(0), "the first signal stops a server cleanly");
}

#[test]
fn an_interrupted_survey_exits_130_and_the_next_one_goes_on() {
    let (data_dir, index) = (tempfile::tempdir().expect("a folder"), index());
    index.fault("/simple/demo/", fake_index::Fault::SlowDrip(Duration::from_secs(1)), 1);
    let mut child = abiscope(data_dir.path())
        .args(["survey", "--index-url", &index.url(), "demo"])
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .expect("it runs");
    wait_for("the first request", || !index.requests().is_empty());
    interrupt(&child);
    assert_eq!(child.wait().expect("it ends").code(), Some(130));
    let next = survey(&data_dir, &index, &["demo"]);
    assert!(row(&next, "demo").contains("analysed"), "{}", text(&next.stderr));
}

#[test]
fn wrong_names_and_a_port_in_use_say_what_to_do() {
    let (data_dir, index) = (tempfile::tempdir().expect("a folder"), index());
    let ranged = survey(&data_dir, &index, &["numpy>=2"]);
    assert_eq!(ranged.status.code(), Some(2));
    assert!(text(&ranged.stderr).contains("NAME==VERSION"), "{}", text(&ranged.stderr));
    let taken = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = taken.local_addr().expect("an address").to_string();
    let serve = abiscope(data_dir.path()).args(["serve", "--listen", &address]).output().expect("it runs");
    assert_eq!(serve.status.code(), Some(1));
    assert!(text(&serve.stderr).contains("--listen"), "{}", text(&serve.stderr));
}

/// A running `abiscope serve`.
struct Dashboard {
    child: Child,
    address: String,
}

impl Dashboard {
    fn start(data_dir: &Path) -> Self {
        let mut command = abiscope(data_dir);
        command.args(["serve", "--listen", "127.0.0.1:0"]).stderr(Stdio::piped());
        let mut child = command.spawn().expect("it runs");
        let lines = BufReader::new(child.stderr.take().expect("piped")).lines();
        let line = lines.map_while(Result::ok).find(|line| line.contains("http://")).expect("an address is printed");
        let address =
            line.split("http://").nth(1).and_then(|rest| rest.split('/').next()).expect("an address").to_owned();
        Self { child, address }
    }

    fn get(&self, path: &str) -> String {
        let mut stream = TcpStream::connect(&self.address).expect("it listens");
        let request = format!("GET {path} HTTP/1.1\r\nHost: {}\r\nConnection: close\r\n\r\n", self.address);
        stream.write_all(request.as_bytes()).expect("sent");
        let mut reply = String::new();
        stream.read_to_string(&mut reply).expect("UTF-8");
        reply
    }

    fn interrupt(&mut self) -> Option<i32> {
        interrupt(&self.child);
        self.child.wait().expect("it ends").code()
    }
}

impl Drop for Dashboard {
    fn drop(&mut self) {
        let _ = self.child.kill();
    }
}

fn interrupt(child: &Child) {
    let pid = nix::unistd::Pid::from_raw(i32::try_from(child.id()).expect("a pid"));
    nix::sys::signal::kill(pid, nix::sys::signal::Signal::SIGINT).expect("sent");
}

fn wait_for(what: &str, done: impl Fn() -> bool) {
    for _ in 0..600 {
        if done() {
            return;
        }
        std::thread::sleep(Duration::from_millis(50));
    }
    panic!("{what} did not come");
}

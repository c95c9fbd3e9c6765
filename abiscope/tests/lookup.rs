//! Looking a project up on the pages, through the whole program: `serve` on a private Postgres reads it.
#![cfg(feature = "service")]

mod dashboard;

use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::Duration;

use dashboard::Dashboard;
use fake_index::{FakeIndex, Fault, SdistBuilder};

const SOURCE: &str = "\
#include <Python.h>
PyMODINIT_FUNC PyInit_demo(void) { return PyTuple_GET_ITEM(NULL, 0); }
";

fn index() -> FakeIndex {
    let index = FakeIndex::start_in_thread();
    index.add("demo").sdist("1.0", &SdistBuilder::new("demo-1.0").file("demo.c", SOURCE));
    index
}

impl Dashboard {
    fn ask(&self, request: &str) -> String {
        let mut stream = TcpStream::connect(&self.address).expect("it listens");
        stream.write_all(request.as_bytes()).expect("sent");
        let mut reply = String::new();
        stream.read_to_string(&mut reply).expect("UTF-8");
        reply
    }

    fn get(&self, path: &str) -> String {
        self.ask(&format!("GET {path} HTTP/1.1\r\nHost: {}\r\nConnection: close\r\n\r\n", self.address))
    }

    /// Posts the form that the pages have.
    fn look_up(&self, name: &str) -> String {
        let (host, form) = (&self.address, format!("name={name}"));
        self.ask(&format!(
            "POST /lookup HTTP/1.1\r\nHost: {host}\r\nOrigin: http://{host}\r\nConnection: close\r\n\
             Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {}\r\n\r\n{form}",
            form.len()
        ))
    }

    /// The page once it is `right`.
    fn until(&self, path: &str, right: impl Fn(&str) -> bool) -> String {
        for _ in 0..600 {
            let page = self.get(path);
            if right(&page) {
                return page;
            }
            std::thread::sleep(Duration::from_millis(100));
        }
        panic!("{path} never was as it should be, but:\n{}", self.get(path));
    }

    fn interrupt(&mut self) -> Option<i32> {
        let pid = nix::unistd::Pid::from_raw(i32::try_from(self.child.id()).expect("a pid"));
        nix::sys::signal::kill(pid, nix::sys::signal::Signal::SIGINT).expect("sent");
        self.child.wait().expect("it ends").code()
    }
}

#[test]
fn a_project_that_is_looked_up_is_read_and_its_page_fills_in() {
    let (data_dir, index) = (tempfile::tempdir().expect("a folder"), index());
    index.fault("/files/demo/demo-1.0.tar.gz", Fault::Stall(Duration::from_secs(4)), 1);
    let mut dashboard = Dashboard::start(data_dir.path(), &index, &[]);
    assert!(dashboard.get("/projects/demo").starts_with("HTTP/1.1 404"));

    let posted = dashboard.look_up("Demo");
    assert!(posted.starts_with("HTTP/1.1 303") && posted.contains("location: /projects/demo\r\n"), "{posted}");
    // Fetching it is as urgent as reading its page was: else its page would not look again.
    let fetching = dashboard.until("/projects/demo", |page| page.contains("Its sdist is being fetched."));
    assert!(fetching.contains("http-equiv") && fetching.contains("no-store"), "{fetching}");
    // The report is written a moment before its job is done; then nothing is looked at again.
    let is_done = |page: &str| page.contains("PyTuple_GET_ITEM") && !page.contains("http-equiv");
    let page = dashboard.until("/projects/demo", is_done);
    assert!(page.starts_with("HTTP/1.1 200") && page.contains("blocked"), "{page}");
    assert!(page.contains("etag:"), "and it is kept");

    // It was read just now: nothing is asked of the index again.
    let asked = index.total();
    assert!(dashboard.look_up("demo").starts_with("HTTP/1.1 303"));
    assert!(!dashboard.get("/projects/demo").contains("http-equiv"));

    // What the index does not know is remembered.
    dashboard.look_up("ghost");
    let ghost = dashboard
        .until("/projects/ghost", |page| page.contains("does not know this name") && !page.contains("http-equiv"));
    assert!(ghost.contains("it is asked again when somebody looks the name up after"), "{ghost}");
    let after_ghost = index.total();
    assert!(after_ghost > asked);
    dashboard.look_up("ghost");
    assert!(!dashboard.get("/projects/ghost").contains("http-equiv"), "no job waits for it");
    assert_eq!(index.total(), after_ghost);

    let status = dashboard.get("/status");
    assert!(status.contains("<code>serve</code>") && !status.contains("No worker"), "{status}");
    assert_eq!(dashboard.interrupt(), Some(0), "the first signal stops a server and its worker cleanly");
}

#[test]
fn without_jobs_a_look_up_waits_and_its_page_says_so() {
    let (data_dir, index) = (tempfile::tempdir().expect("a folder"), index());
    {
        let idle = Dashboard::start(data_dir.path(), &index, &["--jobs", "0"]);
        idle.look_up("demo");
        let page = idle.get("/projects/demo");
        assert!(page.contains("It is first in the queue") && page.contains("No worker has been seen"), "{page}");
        assert_eq!(index.total(), 0);
    }
    let dashboard = Dashboard::start(data_dir.path(), &index, &[]);
    dashboard.until("/projects/demo", |page| page.contains("PyTuple_GET_ITEM"));
}

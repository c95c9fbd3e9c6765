//! Retries that run out: what always fails ends in a recorded state, is shown, and gets new tries when somebody says so.

use std::time::{Duration, Instant};

use fake_index::{FakeIndex, Fault, SdistBuilder};

use crate::deployment::{Deployment, wait_until_idle};
use crate::server::{self, Server};

/// Tries of a job, each with as many requests as one that fails is sent.
const REQUESTS: u64 = 12 * 6;

/// What a worker waits for between two tries, up to six hours, is over.
const TIME_PASSES: &str = "UPDATE graphile_worker._private_jobs SET run_at = now()
    WHERE locked_at IS NULL AND attempts < max_attempts AND run_at > now()";

const SOURCE: &str = "#include <Python.h>\nint f(void) { return PyTuple_GET_SIZE(0); }\n";

#[test]
fn what_always_fails_is_parked_and_shown_and_done_after_a_requeue() {
    let index = FakeIndex::start_in_thread();
    for name in ["fine", "unwell", "garbled", "cut"] {
        index.add(name).sdist("1.0", &SdistBuilder::new(&format!("{name}-1.0")).file("a.c", SOURCE));
    }
    let server = Server::start();
    let calm = Deployment::new(&server, "calm", &index);
    calm.crawl_to_the_end(&[]);
    index.forget_requests();

    let failing = ["/simple/unwell/", "/simple/garbled/", "/files/cut/cut-1.0.tar.gz"];
    let faults = [Fault::Status(503), Fault::HtmlInsteadOfJson, Fault::CutBody];
    for (path, fault) in failing.iter().zip(faults) {
        index.fault(path, fault, Fault::ALWAYS);
    }
    let deployment = Deployment::new(&server, "parked", &index);
    let crew = [
        deployment.start(&["crawl", "--jobs", "0", "--requests-per-second", "0"]),
        deployment.start(&["work", "--jobs", "1", "--no-waits"]),
    ];
    let parked = "SELECT count(*) FROM graphile_worker.jobs WHERE attempts >= max_attempts AND locked_at IS NULL";
    let give_up = Instant::now() + Duration::from_mins(3);
    while server::number(&deployment.url, parked) < 3 {
        assert!(Instant::now() < give_up, "{}", crew[1].said());
        server::execute(&deployment.url, TIME_PASSES);
        std::thread::sleep(Duration::from_millis(100));
    }
    for path in failing {
        assert_eq!(index.times(path), REQUESTS, "{path}");
    }
    let status = deployment.status();
    assert_eq!((&status["projects"]["deferred"], &status["projects"]["listed"]), (&2.into(), &2.into()), "{status}");
    assert_eq!((&status["files"]["deferred"], &status["files"]["analysed"]), (&1.into(), &1.into()), "{status}");
    let queue = &status["crawl"]["queue"];
    assert_eq!((&queue["read-project"]["parked"], &queue["fetch"]["parked"]), (&2.into(), &1.into()), "{queue}");
    let listed = String::from_utf8(deployment.done(&["requeue", "--list"]).stdout).expect("text");
    for (job, why) in [("read-project:unwell", "503"), ("read-project:garbled", "text/html"), ("fetch:", "connection")]
    {
        let line = listed.lines().find(|line| line.starts_with(job)).unwrap_or_else(|| panic!("no {job}:\n{listed}"));
        assert!(line.contains("tried 12 times") && line.contains(why), "{line}");
    }

    index.heal();
    let said = deployment.done(&["requeue"]).stderr;
    assert!(String::from_utf8_lossy(&said).contains("3 parked jobs"), "{}", String::from_utf8_lossy(&said));
    wait_until_idle(&deployment, &crew, || server::number(&deployment.url, parked) == 0);
    assert_eq!(deployment.found(), calm.found());
}

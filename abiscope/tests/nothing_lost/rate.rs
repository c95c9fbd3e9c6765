//! Manners of a whole deployment: the rate, the connections, and the quiet that the index asked for.

use std::time::{Duration, SystemTime};

use fake_index::{FakeIndex, Fault};

use crate::deployment::{Deployment, Running, wait_until_idle};
use crate::server::{self, Server};

/// Time between two requests, in microseconds.
const SPACING: u64 = 40_000;

/// Connections at a time.
const CONNECTIONS: usize = 3;

/// A crawl that works, and two that only work: three processes.
fn crew(deployment: &Deployment) -> Vec<Running> {
    let (rate, connections) = ((1_000_000 / SPACING).to_string(), CONNECTIONS.to_string());
    let crawl = ["crawl", "--jobs", "1", "--requests-per-second", &rate, "--connections", &connections];
    let work = ["work", "--jobs", "1"];
    [&crawl[..], &work, &work].iter().map(|args| deployment.start(args)).collect()
}

/// Sets the budget of the index, with the first turn in a few seconds, when everybody is there; gives its time in
/// microseconds since 1970.
fn first_turn(deployment: &Deployment, index: &FakeIndex) -> u64 {
    let row = format!(
        "INSERT INTO request_budgets (index, spacing, connections, next_at)
         VALUES ('{}', '{SPACING} us', {CONNECTIONS}, clock_timestamp() + interval '4 s')",
        index.url()
    );
    server::execute(&deployment.url, &row);
    moment(deployment, "next_at")
}

/// A time of the budget, in microseconds since 1970.
fn moment(deployment: &Deployment, column: &str) -> u64 {
    let sql = format!("SELECT (extract(epoch FROM {column}) * 1000000)::bigint FROM request_budgets");
    u64::try_from(server::number(&deployment.url, &sql)).unwrap_or(0)
}

fn micros(time: SystemTime) -> u64 {
    let since = time.duration_since(SystemTime::UNIX_EPOCH).expect("after 1970");
    u64::try_from(since.as_micros()).expect("before the year 500,000")
}

/// When the requests came, in order.
fn arrivals(index: &FakeIndex) -> Vec<u64> {
    let mut arrivals: Vec<u64> = index.arrivals().into_iter().map(micros).collect();
    arrivals.sort_unstable();
    arrivals
}

#[test]
fn three_processes_together_keep_the_rate_and_the_connections() {
    let index = FakeIndex::start_in_thread();
    index.generate(7, 64);
    // So slow now and then that the connections are used up.
    for (name, _) in index.generated().iter().step_by(3) {
        index.fault(&format!("/simple/{name}/"), Fault::Stall(Duration::from_millis(250)), 1);
    }
    let server = Server::start();
    let deployment = Deployment::new(&server, "rate", &index);
    let first = first_turn(&deployment, &index);
    let crew = crew(&deployment);
    wait_until_idle(&deployment, &crew, || index.total() > 64);
    assert_eq!(server::number(&deployment.url, "SELECT count(*) FROM request_budgets"), 1, "all share one budget");

    let came = arrivals(&index);
    assert!(came.len() > 100, "{}", came.len());
    for (at, time) in (0..).zip(&came) {
        assert!(*time >= first + at * SPACING, "request {at} came {} us early", first + at * SPACING - time);
    }
    // A request may be on its way for a while after its turn, but not without a connection.
    for (at, from) in came.iter().enumerate() {
        for (until, more) in came[at..].iter().zip(1..) {
            let turns = usize::try_from((until - from) / SPACING).expect("few") + 1;
            assert!(more <= turns + CONNECTIONS, "{more} requests within {} us", until - from);
        }
    }
    assert_eq!(index.most_at_once(), CONNECTIONS);
}

#[test]
fn nobody_asks_before_the_quiet_that_the_index_asked_for_is_over() {
    let server = Server::start();
    for status in [429, 503] {
        let index = FakeIndex::start_in_thread();
        index.generate(8, 64);
        let (asks_for_quiet, _) = &index.generated()[20];
        index.fault(&format!("/simple/{asks_for_quiet}/"), Fault::RetryAfter(status, "4".to_owned()), 1);
        let deployment = Deployment::new(&server, &format!("quiet_{status}"), &index);
        first_turn(&deployment, &index);
        let crew = crew(&deployment);
        wait_until_idle(&deployment, &crew, || index.total() > 64);

        let over = moment(&deployment, "blocked_until");
        let noted = over - 4_000_000;
        let came = arrivals(&index);
        let within = came.iter().filter(|time| (noted..over).contains(*time)).count();
        // On their way already, each on a connection of its own; one more is that of the answer which asked for quiet.
        assert!(within < CONNECTIONS, "{status}: {within} requests in a time of quiet");
        assert!(came.iter().any(|time| *time < noted) && came.iter().any(|time| *time >= over), "it was in the middle");
        assert_eq!(index.times(&format!("/simple/{asks_for_quiet}/")), 2, "{status}: asked once more afterwards");
    }
}

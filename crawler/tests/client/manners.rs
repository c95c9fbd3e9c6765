//! Manners: the rate, the connections, and the budget that a whole deployment shares.

use std::sync::Arc;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use crate::common::{PAGE, client_of, index, read};
use crawler::{Budget, ClientConfig, IndexClient, IndexUrl, NoSlot, ReadFailure, Slot, Soon};
use fake_index::{FakeIndex, Fault};
use tokio::task::JoinSet;

/// Counts what is asked of it; out of reach a number of times first.
#[derive(Debug, Default)]
struct Counting {
    given: AtomicUsize,
    held: Arc<AtomicUsize>,
    out_of_reach: AtomicUsize,
    blocked: Mutex<Vec<Duration>>,
}

struct Held(Arc<AtomicUsize>);

impl Drop for Held {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::SeqCst);
    }
}

impl Budget for Counting {
    fn slot(&self) -> Soon<'_, Result<Slot, NoSlot>> {
        Box::pin(async {
            let reached =
                self.out_of_reach.fetch_update(Ordering::SeqCst, Ordering::SeqCst, |left| left.checked_sub(1));
            if reached.is_ok() {
                return Err(NoSlot::OutOfReach("the database restarts".to_owned()));
            }
            if let Some(pause) = self.blocked.lock().expect("no panic while it is held").last()
                && *pause > crawler::LONGEST_WAIT
            {
                return Err(NoSlot::Blocked(*pause));
            }
            self.given.fetch_add(1, Ordering::SeqCst);
            self.held.fetch_add(1, Ordering::SeqCst);
            Ok(Slot::new(Held(Arc::clone(&self.held))))
        })
    }

    fn block_for(&self, pause: Duration) -> Soon<'_, ()> {
        Box::pin(async move { self.blocked.lock().expect("no panic while it is held").push(pause) })
    }
}

fn shared(index: &FakeIndex, budget: &Arc<Counting>) -> IndexClient {
    let config = ClientConfig { wait_between_tries: false, ..ClientConfig::default() };
    let budget: Arc<dyn Budget> = Arc::clone(budget) as _;
    IndexClient::with_budget(IndexUrl::parse(&index.url()).expect("loopback"), config, budget).expect("a client")
}

#[tokio::test]
async fn every_request_has_a_slot_redirects_and_failed_tries_included_and_gives_it_back() {
    let index = index().await;
    index.add("other").page_key("name", serde_json::json!("demo"));
    index.fault(PAGE, Fault::Status(500), 2);
    index.fault(PAGE, Fault::Redirect("/simple/other/".to_owned()), 1);
    let budget = Arc::new(Counting::default());
    read(&shared(&index, &budget)).await.unwrap();
    assert_eq!(budget.given.load(Ordering::SeqCst), 4);
    assert_eq!(budget.held.load(Ordering::SeqCst), 0);
    assert_eq!(index.total(), 4);
}

#[tokio::test]
async fn what_was_sent_and_how_it_ended_is_counted_clones_included() {
    let index = index().await;
    index.fault(PAGE, Fault::Status(500), 2);
    index.fault(PAGE, Fault::RetryAfter(429, "0".to_owned()), 1);
    index.fault(crate::common::FILE, Fault::WrongBytes, 1);
    let client = client_of(&index.url(), |_| ());
    crate::common::fetch(&client.clone()).await.unwrap();
    let gone = "nobody".parse().unwrap();
    client.read_project(&gone, &crawler::Wanted::Latest, crawler::Policy::default()).await.unwrap_err();
    let counts = client.counts();
    assert_eq!((counts.requests, counts.good, counts.failed, counts.pauses), (7, 2, 2, 1));
    assert_eq!((counts.wrong_bodies, counts.not_there, counts.refused), (1, 1, 0));
    assert_eq!(counts.requests, index.total());
}

#[tokio::test]
async fn a_pause_is_told_to_the_budget_and_stops_every_client_of_it() {
    let index = index().await;
    index.fault(PAGE, Fault::RetryAfter(503, "86400".to_owned()), 1);
    let budget = Arc::new(Counting::default());
    let hour = Some(Duration::from_hours(1));
    for client in [shared(&index, &budget), shared(&index, &budget)] {
        let failure = read(&client).await.unwrap_err();
        assert!(matches!(failure, ReadFailure::Deferred { retry_after, .. } if retry_after == hour), "{failure:?}");
    }
    assert_eq!(*budget.blocked.lock().unwrap(), [Duration::from_hours(1)]);
    assert_eq!(index.total(), 1);
}

#[tokio::test]
async fn a_failure_without_a_pause_is_a_matter_between_client_and_index() {
    let index = index().await;
    index.fault(PAGE, Fault::Status(503), 2);
    let budget = Arc::new(Counting::default());
    read(&shared(&index, &budget)).await.unwrap();
    assert!(budget.blocked.lock().unwrap().is_empty());
}

#[tokio::test]
async fn a_budget_out_of_reach_is_asked_again_and_no_request_is_sent_without_it() {
    let index = index().await;
    let budget = Arc::new(Counting { out_of_reach: AtomicUsize::new(5), ..Counting::default() });
    assert!(read(&shared(&index, &budget)).await.is_ok());
    budget.out_of_reach.store(6, Ordering::SeqCst);
    let failure = read(&shared(&index, &budget)).await.unwrap_err();
    assert!(failure.to_string().contains("out of reach: the database restarts"), "{failure}");
    assert_eq!(index.total(), 1);
}

#[tokio::test]
async fn no_more_connections_and_requests_a_second_than_allowed() {
    let index = FakeIndex::start().await;
    index.generate(1, 40);
    let client = client_of(&index.url(), |config| (config.requests_per_second, config.connections) = (50, 3));
    let mut reading = JoinSet::new();
    for (name, _) in index.generated() {
        index.fault(&format!("/simple/{name}/"), Fault::Stall(Duration::from_millis(100)), 1);
        let client = client.clone();
        reading.spawn(async move {
            let name = name.parse().expect("a name");
            client.read_project(&name, &crawler::Wanted::Latest, crawler::Policy::default()).await
        });
    }
    while reading.join_next().await.is_some() {}
    assert!(index.total() >= 40);
    assert!((2..=3).contains(&index.most_at_once()), "{}", index.most_at_once());
    let within = index.most_within(Duration::from_millis(200));
    // 11 begin within 200 ms at 50 a second, and 3 that began before may have been on their way.
    assert!(within <= 14, "{within} in 200 ms at 50 a second");
}

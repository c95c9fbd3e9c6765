//! How the crawl stands.

use std::time::Duration;

use sqlx::PgPool;
use store::{Budget, Job, NewJob, Presence, Priority, QueueDepth};

use crate::queue::read;
use crate::world::World;

#[sqlx::test(migrations = "../migrations")]
async fn a_new_database_has_nothing_to_say(pool: PgPool) {
    let world = World::new(pool).await;
    assert_eq!(world.store.status().await.unwrap().crawl, store::CrawlStatus::default());
}

#[sqlx::test(migrations = "../migrations")]
async fn jobs_are_counted_by_kind_and_by_what_they_wait_for(pool: PgPool) {
    let world = World::new(pool).await;
    let file = world.listed("spam").await;
    let names = ["ready", "delayed", "failing", "running", "parked"];
    let mut jobs: Vec<NewJob> = names.map(|name| NewJob::new(read(name), Priority::Crawl)).to_vec();
    jobs.push(NewJob::new(Job::Fetch { file }, Priority::Crawl));
    world.store.enqueue(&jobs).await.unwrap();
    world
        .change("UPDATE graphile_worker._private_jobs SET run_at = now() + interval '1 h' WHERE key LIKE '%:delayed'")
        .await;
    world.change("UPDATE graphile_worker._private_jobs SET attempts = 2, run_at = now() + interval '1 h' WHERE key LIKE '%:failing'").await;
    world.change("UPDATE graphile_worker._private_jobs SET attempts = 1, locked_at = now(), locked_by = 'x' WHERE key LIKE '%:running'").await;
    world.change("UPDATE graphile_worker._private_jobs SET attempts = 12 WHERE key LIKE '%:parked'").await;
    world
        .change("UPDATE graphile_worker._private_jobs SET run_at = '2026-01-02T03:04:05Z' WHERE key LIKE 'fetch:%'")
        .await;
    let status = world.store.crawl_status().await.unwrap();
    let reading = QueueDepth { ready: 1, delayed: 2, failing: 1, running: 1, parked: 1 };
    assert_eq!(status.queue["read-project"], reading);
    assert_eq!(status.queue["fetch"], QueueDepth { ready: 1, ..QueueDepth::default() });
    assert_eq!(status.oldest_ready, Some("2026-01-02T03:04:05Z".parse().unwrap()));
}

#[sqlx::test(migrations = "../migrations")]
async fn the_queue_is_at_rest_when_nothing_runs_and_nothing_is_due_soon(pool: PgPool) {
    let world = World::new(pool).await;
    let at_rest = async || world.store.is_at_rest(Duration::from_mins(2)).await.unwrap();
    assert!(at_rest().await);
    world.store.enqueue(&[NewJob::new(read("spam"), Priority::Crawl)]).await.unwrap();
    assert!(!at_rest().await, "it waits");
    world.change("UPDATE graphile_worker._private_jobs SET run_at = now() + interval '1 minute'").await;
    assert!(!at_rest().await, "it is due soon");
    world.change("UPDATE graphile_worker._private_jobs SET run_at = now() + interval '1 h'").await;
    assert!(at_rest().await, "it is due another time");
    world.change("UPDATE graphile_worker._private_jobs SET locked_at = now(), locked_by = 'x', attempts = 12").await;
    assert!(!at_rest().await, "it runs, for the last time");
    world.change("UPDATE graphile_worker._private_jobs SET locked_at = NULL, run_at = now()").await;
    assert!(at_rest().await, "it is parked");
    let (progress, status) = (world.store.crawl_progress().await.unwrap(), world.store.crawl_status().await.unwrap());
    assert_eq!((progress.queue["read-project"].parked, &progress.queue), (1, &status.queue));
}

#[sqlx::test(migrations = "../migrations")]
async fn budgets_and_rates_and_workers_are_told(pool: PgPool) {
    let world = World::new(pool).await;
    let index = "https://index.example";
    world.store.budget_set(index, Budget::default()).await.unwrap();
    for _ in 0..10 {
        world.store.reserve_request(index).await.unwrap();
    }
    world.store.block_requests(index, Duration::from_secs(90)).await.unwrap();
    world.store.take_connection(index, Duration::from_mins(1)).await.unwrap().unwrap();
    world.analysed("spam", Vec::new()).await;
    world.listed("eggs").await;
    world.listed("old").await;
    world.change("UPDATE projects SET read_at = now() - interval '2 h' WHERE name = 'old'").await;
    let one =
        Presence { id: "1".to_owned(), role: "work".to_owned(), host: "box".to_owned(), version: "0.1.0".to_owned() };
    world.store.present(&one).await.unwrap();

    let status = world.store.crawl_status().await.unwrap();
    let budget = &status.budgets[0];
    assert_eq!((budget.spacing_ms, budget.requests, budget.connections, budget.connections_taken), (200, 10, 8, 1));
    assert!(budget.ahead_ms > 0 && (80..=90).contains(&budget.quiet_seconds), "{budget:?}");
    let hour = status.last_hour;
    assert_eq!((hour.read, hour.fetched, hour.analysed), (2, 1, 1));
    assert_eq!((status.workers.len(), status.workers[0].role.as_str()), (1, "work"));
    // Who was silent for a day is forgotten.
    world.change("UPDATE presences SET seen_at = now() - interval '25 h'").await;
    assert_eq!(world.store.presences().await.unwrap(), []);
    world.store.present(&Presence { id: "2".to_owned(), ..one }).await.unwrap();
    assert_eq!(world.number("SELECT count(*) FROM presences").await, 1);
}

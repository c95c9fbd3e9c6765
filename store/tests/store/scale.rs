//! How the crawl's statements do on an index of 600,000 names. Prints times and plans, asserts none:
//! `cargo xtask test -- -p store --run-ignored only scale --no-capture`.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use sqlx::{AssertSqlSafe, PgPool};
use store::{
    BoxFuture, Completeness, DueRules, Job, JobFailure, JobHandler, ListedName, ListingRules, NewJob, Presence,
    Priority, WorkOptions,
};

use crate::queue::read;
use crate::world::World;

const NAMES: i64 = 600_000;
const INDEX: &str = "https://index.example";

fn told<T>(what: &str, began: Instant, result: T) -> T {
    println!("{what}: {:.2} s", began.elapsed().as_secs_f64());
    result
}

async fn listing(world: &World, serial: impl Fn(i64) -> i64) {
    let began = Instant::now();
    let mut listing = world.store.listing_begun(INDEX).await.unwrap();
    for first in (0..NAMES).step_by(10_000) {
        let name = |n: i64| ListedName {
            name: format!("project-{n}").parse().unwrap(),
            display_name: format!("Project-{n}"),
            serial: Some(serial(n)),
        };
        listing.add(&(first..first + 10_000).map(name).collect::<Vec<_>>()).await.unwrap();
    }
    let outcome = listing.finish(Completeness::Whole, None, ListingRules::default()).await.unwrap();
    told(&format!("listing, {outcome:?}"), began, ());
}

/// The plan of the one query of the store's that has this in it, as `.sqlx/` knows it.
async fn plan(world: &World, marker: &str, arguments: &str) {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../.sqlx");
    let query = std::fs::read_dir(folder).unwrap().find_map(|entry| {
        let text = std::fs::read_to_string(entry.unwrap().path()).unwrap();
        let described: serde_json::Value = serde_json::from_str(&text).unwrap();
        described["query"].as_str().filter(|query| query.contains(marker)).map(str::to_owned)
    });
    explain(world, &query.expect(marker), arguments).await;
}

async fn explain(world: &World, query: &str, arguments: &str) {
    let mut connection = world.pool.acquire().await.unwrap();
    let prepared = format!("PREPARE shown AS {query}");
    sqlx::raw_sql(AssertSqlSafe(prepared)).execute(&mut *connection).await.unwrap();
    let explained = format!("EXPLAIN (ANALYZE, BUFFERS, COSTS OFF) EXECUTE shown{arguments}");
    let lines: Vec<String> = sqlx::query_scalar(AssertSqlSafe(explained)).fetch_all(&mut *connection).await.unwrap();
    sqlx::raw_sql("DEALLOCATE shown").execute(&mut *connection).await.unwrap();
    println!("\n{query}\n--\n{}\n", lines.join("\n"));
}

struct Nothing(AtomicUsize);

impl JobHandler for Nothing {
    fn run(&self, _: Job, _: Priority) -> BoxFuture<'_, Result<(), JobFailure>> {
        self.0.fetch_add(1, Ordering::SeqCst);
        Box::pin(async { Ok(()) })
    }
}

/// The library's, as it takes a job.
const TAKE: &str = "with j as (
    select jobs.job_queue_id, jobs.priority, jobs.run_at, jobs.id from graphile_worker._private_jobs as jobs
    where jobs.is_available = true and run_at <= now() and task_id = any($2::int[])
      and (jobs.job_queue_id is null or jobs.job_queue_id in (select id from graphile_worker._private_job_queues as job_queues
          where job_queues.is_available = true for update skip locked))
    order by priority asc, run_at asc limit 1 for update skip locked)
update graphile_worker._private_jobs as jobs set attempts = jobs.attempts + 1, locked_by = $1::text, locked_at = now()
from j where jobs.id = j.id returning *";

#[sqlx::test(migrations = "../migrations")]
#[ignore = "a measurement of minutes"]
async fn a_listing_of_600_000_names_and_its_jobs(pool: PgPool) {
    let world = World::new(pool).await;
    listing(&world, |_| 1).await;
    listing(&world, |_| 1).await;
    world
        .change("INSERT INTO projects (name, display_name, state, serial) SELECT name, name, 'listed', serial FROM index_names")
        .await;
    listing(&world, |n| if n % 100 == 0 { 2 } else { 1 }).await;
    world.change("VACUUM ANALYZE").await;
    let began = Instant::now();
    told("due, 1 % of the names changed", began, world.store.enqueue_due(&DueRules::default()).await.unwrap());
    world.change("UPDATE projects SET serial = 0").await;
    let began = Instant::now();
    let due = told("due, all names changed", began, world.store.enqueue_due(&DueRules::default()).await.unwrap());
    println!("{due:?}");
    let began = Instant::now();
    told("due, all waiting already", began, world.store.enqueue_due(&DueRules::default()).await.unwrap());
    world.change("VACUUM ANALYZE").await;
    let began = Instant::now();
    told("status", began, world.store.crawl_status().await.unwrap());
    explain(&world, TAKE, "('nobody', '{1,2,3,4,5}')").await;
    plan(&world, "AS \"ready!\"", "").await;
    plan(&world, "FULL JOIN index_names", "(NULL, NULL, 30)").await;
    plan(&world, "count(*) FILTER (WHERE n.listed)", "").await;
    let one = "(ARRAY['read-project'], ARRAY['read-project:x'], ARRAY['{}'], ARRAY[103], ARRAY[12], ARRAY[true])";
    plan(&world, "graphile_worker.add_jobs", one).await;
    world.store.budget_set(INDEX, store::Budget::default()).await.unwrap();
    plan(&world, "SET next_at = greatest", "('https://index.example')").await;
    plan(&world, "nextval('connection_leases')", "('https://index.example', 60)").await;
}

#[sqlx::test(migrations = "../migrations")]
#[ignore = "a measurement of minutes"]
async fn jobs_a_second_do_not_depend_on_how_many_wait(pool: PgPool) {
    let world = World::new(pool).await;
    for count in [5_000, 20_000, 50_000] {
        let jobs: Vec<NewJob> = (0..count).map(|n| NewJob::new(read(&format!("p{n}")), Priority::Crawl)).collect();
        let began = Instant::now();
        world.store.enqueue(&jobs).await.unwrap();
        let enqueued = began.elapsed();
        let presence = Presence { id: "1".into(), role: "work".into(), host: "box".into(), version: "0".into() };
        let handler = Arc::new(Nothing(AtomicUsize::new(0)));
        let watched = Arc::clone(&handler);
        let all = async move {
            while watched.0.load(Ordering::SeqCst) < count {
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
        };
        let began = Instant::now();
        world.store.work(&WorkOptions::new(4, presence), handler, all).await.unwrap();
        let worked = began.elapsed();
        let each = |time: Duration| time.as_secs_f64() * 1e6 / f64::from(u32::try_from(count).unwrap());
        println!("{count} jobs: {:.0} µs each to enqueue, {:.0} µs each to run", each(enqueued), each(worked));
    }
}

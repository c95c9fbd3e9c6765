//! Workers: what they run, in which order, how often, and what is left when they die.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use sqlx::PgPool;
use store::{BoxFuture, Job, JobFailure, JobHandler, NewJob, Presence, Priority, RequeueFilter, Store, WorkOptions};
use tokio::sync::{Notify, mpsc};

use crate::queue::read;
use crate::world::World;

/// Does what the test says and tells which jobs were run.
struct Doing<F> {
    ran: mpsc::UnboundedSender<Job>,
    how: F,
}

impl<F, R> JobHandler for Doing<F>
where
    F: Fn(Job) -> R + Send + Sync + 'static,
    R: Future<Output = Result<(), JobFailure>> + Send + 'static,
{
    fn run(&self, job: Job, _: Priority) -> BoxFuture<'_, Result<(), JobFailure>> {
        let done = (self.how)(job.clone());
        Box::pin(async move {
            let result = done.await;
            self.ran.send(job).unwrap();
            result
        })
    }
}

fn options() -> WorkOptions {
    let presence = Presence {
        id: "one".to_owned(),
        role: "work".to_owned(),
        host: "box (12)".to_owned(),
        version: "0.1.0".to_owned(),
    };
    WorkOptions {
        heartbeat: Duration::from_millis(50),
        // Longer than any machine is busy: who is taken for dead has his jobs run twice.
        silence: Duration::from_secs(20),
        sweep: Duration::from_millis(50),
        poll: Duration::from_millis(20),
        grace: Duration::from_secs(5),
        ..WorkOptions::new(2, presence)
    }
}

/// A worker with what it ran.
struct Working {
    ran: mpsc::UnboundedReceiver<Job>,
    stop: Arc<Notify>,
    task: tokio::task::JoinHandle<Result<(), store::Error>>,
}

impl Working {
    fn start<F, R>(store: Store, options: WorkOptions, how: F) -> Self
    where
        F: Fn(Job) -> R + Send + Sync + 'static,
        R: Future<Output = Result<(), JobFailure>> + Send + 'static,
    {
        let (tell, ran) = mpsc::unbounded_channel();
        let stop = Arc::new(Notify::new());
        let stopped = Arc::clone(&stop);
        let handler = Arc::new(Doing { ran: tell, how });
        let task =
            tokio::spawn(async move { store.work(&options, handler, async move { stopped.notified().await }).await });
        Self { ran, stop, task }
    }

    async fn next(&mut self) -> Job {
        tokio::time::timeout(Duration::from_secs(30), self.ran.recv()).await.expect("no job was run").unwrap()
    }

    async fn stop(self) -> Vec<Job> {
        self.stop.notify_one();
        tokio::time::timeout(Duration::from_secs(30), self.task).await.expect("it did not stop").unwrap().unwrap();
        let mut ran = self.ran;
        let mut more = Vec::new();
        while let Some(job) = ran.recv().await {
            more.push(job);
        }
        more
    }
}

async fn well(_: Job) -> Result<(), JobFailure> {
    Ok(())
}

async fn until(world: &World, sql: &'static str, expected: i64) {
    for _ in 0..600 {
        if world.number(sql).await == expected {
            return;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    panic!("{sql} never gave {expected}");
}

const ALL: &str = "SELECT count(*) FROM graphile_worker.jobs";

#[sqlx::test(migrations = "../migrations")]
async fn every_job_is_run_once_and_then_gone(pool: PgPool) {
    let world = World::new(pool).await;
    let file = world.listed("spam").await;
    let mut jobs = vec![read("spam"), Job::Fetch { file }, Job::Analyse { file }, Job::Refresh, read("eggs")];
    world
        .store
        .enqueue(&jobs.iter().cloned().map(|job| NewJob::new(job, Priority::Crawl)).collect::<Vec<_>>())
        .await
        .unwrap();
    let mut one = Working::start(world.store.clone(), options(), well);
    let mut ran = Vec::new();
    for _ in 0..jobs.len() {
        ran.push(one.next().await);
    }
    until(&world, ALL, 0).await;
    assert_eq!(one.stop().await, []);
    jobs.sort();
    ran.sort();
    assert_eq!(ran, jobs);
}

/// Nobody is told of what was enqueued before; it must not be worked off at the pace of the polling.
#[sqlx::test(migrations = "../migrations")]
async fn a_queue_that_was_filled_before_is_worked_off_without_waiting_for_notices(pool: PgPool) {
    let world = World::new(pool).await;
    let jobs: Vec<NewJob> = (0..50).map(|n| NewJob::new(read(&format!("p{n}")), Priority::Crawl)).collect();
    world.store.enqueue(&jobs).await.unwrap();
    let mut one = Working::start(world.store.clone(), WorkOptions { poll: Duration::from_mins(10), ..options() }, well);
    for _ in 0..50 {
        one.next().await;
    }
    // And who is idle hears of a new one.
    world.store.enqueue(&jobs[..1]).await.unwrap();
    one.next().await;
    one.stop().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn look_ups_go_before_the_crawl_and_reanalysis_goes_last(pool: PgPool) {
    let world = World::new(pool).await;
    let order = [Priority::Reanalysis, Priority::Low, Priority::Crawl, Priority::Interactive];
    for (n, priority) in order.into_iter().enumerate() {
        world.store.enqueue(&[NewJob::new(read(&format!("p{n}")), priority)]).await.unwrap();
    }
    let mut one = Working::start(world.store.clone(), WorkOptions { jobs: 1, ..options() }, well);
    for n in [3, 2, 1, 0] {
        assert_eq!(one.next().await, read(&format!("p{n}")));
    }
    one.stop().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn a_job_that_fails_comes_back_later_and_is_parked_after_its_last_try(pool: PgPool) {
    let world = World::new(pool).await;
    world.store.enqueue(&[NewJob { tries: 2, ..NewJob::new(read("spam"), Priority::Crawl) }]).await.unwrap();
    let mut one = Working::start(world.store.clone(), options(), async |_| {
        Err(JobFailure::counted("the index said\n\u{202e}nothing"))
    });
    one.next().await;
    until(&world, "SELECT count(*) FROM graphile_worker.jobs WHERE attempts = 1 AND run_at > now()", 1).await;
    world.change("UPDATE graphile_worker._private_jobs SET run_at = now()").await;
    one.next().await;
    until(&world, "SELECT count(*) FROM graphile_worker.jobs WHERE attempts = 2 AND locked_at IS NULL", 1).await;
    world.change("UPDATE graphile_worker._private_jobs SET run_at = now()").await;
    assert_eq!(one.stop().await, []);
    let parked = world.store.parked(&RequeueFilter::default(), 10).await.unwrap();
    assert_eq!((parked.len(), &parked[0].job, parked[0].tries), (1, &read("spam"), 2));
    assert_eq!(parked[0].last_error, "the index said \\u{202e}nothing");
}

#[sqlx::test(migrations = "../migrations")]
async fn a_panic_is_a_failure_that_counts_and_the_worker_goes_on(pool: PgPool) {
    let world = World::new(pool).await;
    world.store.enqueue(&[NewJob { tries: 1, ..NewJob::new(read("spam"), Priority::Interactive) }]).await.unwrap();
    world.store.enqueue(&[NewJob::new(read("eggs"), Priority::Crawl)]).await.unwrap();
    let mut one = Working::start(world.store.clone(), WorkOptions { jobs: 1, ..options() }, async |job| {
        assert!(job != read("spam"), "boom");
        Ok(())
    });
    assert_eq!(one.next().await, read("eggs"));
    one.stop().await;
    let parked = world.store.parked(&RequeueFilter::default(), 10).await.unwrap();
    assert!(parked[0].last_error.contains("boom"), "{parked:?}");
}

#[sqlx::test(migrations = "../migrations")]
async fn a_job_that_is_put_back_loses_no_try_however_often(pool: PgPool) {
    let world = World::new(pool).await;
    world.store.enqueue(&[NewJob { tries: 1, ..NewJob::new(read("spam"), Priority::Crawl) }]).await.unwrap();
    let count = Arc::new(Mutex::new(0));
    let tried = Arc::clone(&count);
    let mut one = Working::start(world.store.clone(), options(), move |_| {
        let mut tried = tried.lock().unwrap();
        *tried += 1;
        let enough = *tried > 2;
        async move { if enough { Ok(()) } else { Err(JobFailure::put_back("asked for quiet", Duration::from_mins(10))) } }
    });
    for _ in 0..2 {
        one.next().await;
        let rests = "SELECT count(*) FROM graphile_worker.jobs WHERE attempts = 0 AND locked_at IS NULL
            AND last_error = 'asked for quiet' AND run_at BETWEEN now() + interval '500 s' AND now() + interval '600 s'";
        until(&world, rests, 1).await;
        // No job rests for less. Until then the library has noticed that this one is not ours any more: taken again
        // before that by the same worker, it would be counted.
        tokio::time::sleep(Duration::from_secs(1)).await;
        world.change("UPDATE graphile_worker._private_jobs SET run_at = now()").await;
    }
    one.next().await;
    until(&world, ALL, 0).await;
    one.stop().await;
    assert_eq!(*count.lock().unwrap(), 3);
}

#[sqlx::test(migrations = "../migrations")]
async fn a_worker_that_is_told_to_stop_ends_what_it_began_and_begins_nothing_more(pool: PgPool) {
    let world = World::new(pool).await;
    let jobs: Vec<NewJob> = (0..20).map(|n| NewJob::new(read(&format!("p{n}")), Priority::Crawl)).collect();
    world.store.enqueue(&jobs).await.unwrap();
    let (began, mut has_begun) = mpsc::unbounded_channel();
    let one = Working::start(world.store.clone(), WorkOptions { jobs: 1, ..options() }, move |job| {
        began.send(job).unwrap();
        async {
            tokio::time::sleep(Duration::from_millis(300)).await;
            Ok(())
        }
    });
    let first = has_begun.recv().await.unwrap();
    assert_eq!(one.stop().await, [first]);
    assert_eq!(world.number(ALL).await, 19);
    assert_eq!(world.number("SELECT count(*) FROM graphile_worker.jobs WHERE locked_at IS NOT NULL").await, 0);
}

#[sqlx::test(migrations = "../migrations")]
async fn what_does_not_end_in_time_goes_back_and_costs_no_try(pool: PgPool) {
    let world = World::new(pool).await;
    world.store.enqueue(&[NewJob { tries: 1, ..NewJob::new(read("spam"), Priority::Crawl) }]).await.unwrap();
    let hurry = WorkOptions { grace: Duration::from_millis(100), ..options() };
    let one = Working::start(world.store.clone(), hurry, async |_| std::future::pending().await);
    until(&world, "SELECT count(*) FROM graphile_worker.jobs WHERE locked_at IS NOT NULL", 1).await;
    assert_eq!(one.stop().await, []);
    assert_eq!(
        world.number("SELECT count(*) FROM graphile_worker.jobs WHERE locked_at IS NULL AND attempts = 0").await,
        1
    );
}

/// A runtime that is torn down in the middle is, for the database, a process that was killed.
#[sqlx::test(migrations = "../migrations")]
async fn the_job_of_a_worker_that_was_killed_is_run_by_another_after_the_sweep(pool: PgPool) {
    let world = World::new(pool).await;
    world.store.enqueue(&[NewJob { tries: 1, ..NewJob::new(read("spam"), Priority::Crawl) }]).await.unwrap();
    let (url, blobs) = (crate::world::url(&world.pool), world.blobs.path().to_owned());
    let victim = std::thread::spawn(move || {
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
        runtime.block_on(async {
            let store = Store::connect(&url, store::Blobs::folder(&blobs).unwrap()).await.unwrap();
            let mut began = {
                let (tell, began) = mpsc::unbounded_channel();
                let working = Working::start(store, options(), move |job| {
                    tell.send(job).unwrap();
                    std::future::pending()
                });
                std::mem::forget(working.stop);
                began
            };
            began.recv().await.unwrap();
        });
        runtime.shutdown_background();
    });
    tokio::task::spawn_blocking(move || victim.join().unwrap()).await.unwrap();
    assert_eq!(world.number("SELECT count(*) FROM graphile_worker.jobs WHERE locked_at IS NOT NULL").await, 1);
    let soon = WorkOptions { silence: Duration::from_secs(2), ..options() };
    let mut two = Working::start(world.store.clone(), soon, well);
    assert_eq!(two.next().await, read("spam"));
    until(&world, ALL, 0).await;
    two.stop().await;
}

/// As when the server is restarted: every connection of the worker dies in the middle of a job.
#[sqlx::test(migrations = "../migrations")]
async fn a_worker_outlives_the_loss_of_its_connections_and_no_job_is_lost(pool: PgPool) {
    let world = World::new(pool).await;
    let jobs: Vec<NewJob> = (0..40).map(|n| NewJob::new(read(&format!("p{n}")), Priority::Crawl)).collect();
    world.store.enqueue(&jobs).await.unwrap();
    let other = world.another().await;
    // What is silent for long is not at play here: what the worker held it takes back itself.
    let patient = WorkOptions { silence: Duration::from_mins(10), ..options() };
    let mut one = Working::start(other, patient, async |_| {
        tokio::time::sleep(Duration::from_millis(20)).await;
        Ok(())
    });
    for _ in 0..5 {
        one.next().await;
        world
            .change(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity
                 WHERE datname = current_database() AND pid <> pg_backend_pid()",
            )
            .await;
    }
    until(&world, ALL, 0).await;
    one.stop().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn a_worker_is_seen_while_it_works_and_not_after_it_left(pool: PgPool) {
    let world = World::new(pool).await;
    let one = Working::start(world.store.clone(), options(), well);
    until(&world, "SELECT count(*) FROM presences WHERE role = 'work' AND seen_at > started_at", 1).await;
    let seen = world.store.presences().await.unwrap();
    assert_eq!((seen[0].host.as_str(), seen[0].version.as_str()), ("box (12)", "0.1.0"));
    one.stop().await;
    assert_eq!(world.store.presences().await.unwrap(), []);
}

/// One that ran while it was enqueued once more, and then failed: the other one stands for it.
#[sqlx::test(migrations = "../migrations")]
async fn a_job_that_was_replaced_while_it_ran_leaves_nothing_behind(pool: PgPool) {
    let world = World::new(pool).await;
    let job = NewJob::new(read("spam"), Priority::Crawl);
    world.store.enqueue(std::slice::from_ref(&job)).await.unwrap();
    let (began, mut has_begun) = mpsc::unbounded_channel();
    let go = Arc::new(Notify::new());
    let goes = Arc::clone(&go);
    let mut one = Working::start(world.store.clone(), WorkOptions { jobs: 1, ..options() }, move |job| {
        began.send(job).unwrap();
        let goes = Arc::clone(&goes);
        async move {
            goes.notified().await;
            Err(JobFailure::counted("no"))
        }
    });
    has_begun.recv().await.unwrap();
    assert_eq!(world.store.enqueue(&[job]).await.unwrap(), 1);
    go.notify_one();
    one.next().await;
    has_begun.recv().await.unwrap();
    go.notify_one();
    one.next().await;
    one.stop().await;
    let two = Working::start(world.store.clone(), options(), well);
    until(&world, ALL, 1).await;
    two.stop().await;
    assert_eq!(world.store.parked(&RequeueFilter::default(), 10).await.unwrap(), []);
}

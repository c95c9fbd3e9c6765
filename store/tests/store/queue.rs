//! What enqueueing does, and what becomes of jobs that fail for good.

use sqlx::PgPool;
use store::{Job, JobKind, NewJob, Priority, RequeueFilter};

use crate::world::World;

pub(crate) fn read(name: &str) -> Job {
    Job::ReadProject { name: name.parse().unwrap() }
}

fn crawl(job: Job) -> NewJob {
    NewJob::new(job, Priority::Crawl)
}

impl World {
    /// As after its last try.
    async fn all_parked(&self) {
        self.change(
            "UPDATE graphile_worker._private_jobs SET attempts = max_attempts, last_error = 'TaskError(\"it \\\"broke\\\"\")'",
        )
        .await;
    }

    /// As while somebody does them.
    async fn all_running(&self) {
        self.change("UPDATE graphile_worker._private_jobs SET locked_by = 'somebody', locked_at = now(), attempts = 1")
            .await;
    }

    async fn jobs(&self) -> i64 {
        self.number("SELECT count(*) FROM graphile_worker.jobs WHERE key IS NOT NULL").await
    }
}

#[sqlx::test(migrations = "../migrations")]
async fn the_same_job_waits_only_once(pool: PgPool) {
    let world = World::new(pool).await;
    let jobs = [crawl(read("spam")), crawl(read("eggs")), crawl(read("spam"))];
    assert_eq!(world.store.enqueue(&jobs).await.unwrap(), 2);
    assert_eq!(world.store.enqueue(&jobs).await.unwrap(), 0);
    assert_eq!(world.store.enqueue(&[]).await.unwrap(), 0);
    assert_eq!(world.jobs().await, 2);
}

#[sqlx::test(migrations = "../migrations")]
async fn jobs_of_one_priority_are_taken_in_the_order_in_which_they_were_given(pool: PgPool) {
    let world = World::new(pool).await;
    let names: Vec<String> = (0..2500).map(|n| format!("project-{}", n * 7919 % 2500)).collect();
    let jobs: Vec<NewJob> = names.iter().map(|name| crawl(read(name))).collect();
    world.store.enqueue(&jobs).await.unwrap();
    world.store.enqueue(&[NewJob::new(read("soon"), Priority::Interactive)]).await.unwrap();
    let taken = "SELECT substr(key, 14) FROM graphile_worker.jobs WHERE run_at <= now() ORDER BY priority, run_at";
    let taken: Vec<String> = sqlx::query_scalar(taken).fetch_all(&world.pool).await.unwrap();
    assert_eq!(taken[0], "soon");
    assert_eq!(taken[1..], names);
}

#[sqlx::test(migrations = "../migrations")]
async fn ten_thousand_jobs_are_enqueued_at_once_by_several(pool: PgPool) {
    let world = World::new(pool).await;
    let jobs: Vec<NewJob> = (0..10_000).map(|n| crawl(read(&format!("project-{n}")))).collect();
    let backwards: Vec<NewJob> = jobs.iter().rev().cloned().collect();
    let other = world.another().await;
    let (a, b) = tokio::join!(world.store.enqueue(&jobs), other.enqueue(&backwards));
    assert!(a.unwrap() + b.unwrap() >= 10_000);
    assert_eq!(world.jobs().await, 10_000);
}

#[sqlx::test(migrations = "../migrations")]
async fn a_job_that_waits_keeps_its_delay_and_tries_unless_it_is_wanted_sooner(pool: PgPool) {
    let world = World::new(pool).await;
    world.store.enqueue(&[crawl(read("spam"))]).await.unwrap();
    world.change("UPDATE graphile_worker._private_jobs SET attempts = 3, run_at = now() + interval '1 hour'").await;
    let later = NewJob::new(read("spam"), Priority::Reanalysis);
    assert_eq!(world.store.enqueue(&[crawl(read("spam")), later]).await.unwrap(), 0);
    let waits = "SELECT count(*) FROM graphile_worker.jobs WHERE attempts = 3 AND run_at > now()";
    assert_eq!(world.number(waits).await, 1);
    assert_eq!(world.store.enqueue(&[NewJob::new(read("spam"), Priority::Interactive)]).await.unwrap(), 1);
    let at_once = "SELECT count(*) FROM graphile_worker.jobs WHERE attempts = 0 AND run_at <= now() AND priority < 100";
    assert_eq!((world.number(at_once).await, world.jobs().await), (1, 1));
    // And the crawl does not make it wait again.
    assert_eq!(world.store.enqueue(&[crawl(read("spam"))]).await.unwrap(), 0);
    assert_eq!(world.number(at_once).await, 1);
}

#[sqlx::test(migrations = "../migrations")]
async fn while_a_page_is_read_it_may_change_but_a_file_may_not(pool: PgPool) {
    let world = World::new(pool).await;
    let file = world.listed("spam").await;
    let jobs = [crawl(read("spam")), crawl(Job::Fetch { file }), crawl(Job::Analyse { file })];
    world.store.enqueue(&jobs).await.unwrap();
    world.all_running().await;
    assert_eq!(world.store.enqueue(&jobs).await.unwrap(), 1);
    let waiting =
        "SELECT count(*) FROM graphile_worker.jobs WHERE locked_at IS NULL AND task_identifier = 'read-project'";
    assert_eq!(world.number(waiting).await, 1);
}

#[sqlx::test(migrations = "../migrations")]
async fn news_of_a_project_revives_its_job_but_a_file_stays_parked_until_it_is_requeued(pool: PgPool) {
    let world = World::new(pool).await;
    let file = world.listed("spam").await;
    let jobs = [crawl(read("spam")), crawl(Job::Fetch { file }), crawl(Job::Analyse { file })];
    world.store.enqueue(&jobs).await.unwrap();
    world.all_parked().await;
    let parked = world.store.parked(&RequeueFilter::default(), 10).await.unwrap();
    assert_eq!(parked.len(), 3);
    assert!(parked.iter().all(|job| job.tries == 12 && job.last_error == "it \"broke\""), "{parked:?}");
    assert_eq!(world.store.enqueue(&jobs).await.unwrap(), 1);

    let only = |job| RequeueFilter { job: Some(job), ..RequeueFilter::default() };
    let of = |error: &str| RequeueFilter { error_contains: Some(error.to_owned()), ..RequeueFilter::default() };
    assert_eq!(world.store.requeue(&of("flooded")).await.unwrap(), 0);
    assert_eq!(world.store.requeue(&only(Job::Fetch { file })).await.unwrap(), 1);
    let analyses = RequeueFilter { kind: Some(JobKind::Analyse), ..of("broke") };
    assert_eq!(world.store.parked(&analyses, 10).await.unwrap()[0].job, Job::Analyse { file });
    assert_eq!(world.store.requeue(&analyses).await.unwrap(), 1);
    assert_eq!(world.store.parked(&RequeueFilter::default(), 10).await.unwrap(), []);
    assert_eq!(world.number("SELECT count(*) FROM graphile_worker.jobs WHERE attempts = 0").await, 3);
}

#[sqlx::test(migrations = "../migrations")]
async fn what_the_tables_say_is_to_be_done_is_enqueued(pool: PgPool) {
    let world = World::new(pool).await;
    let (listed, fetched, analysed) =
        (world.listed("listed").await, world.fetched("fetched").await, world.analysed("analysed", Vec::new()).await);
    for name in ["listed", "fetched", "analysed", "unknown"] {
        world.store.enqueue_project_files(&name.parse().unwrap(), Priority::Crawl).await.unwrap();
    }
    let keys = async || -> Vec<String> {
        sqlx::query_scalar("SELECT key FROM graphile_worker.jobs ORDER BY key").fetch_all(&world.pool).await.unwrap()
    };
    let mut expected = vec![Job::Fetch { file: listed }.key(), Job::Analyse { file: fetched }.key()];
    expected.sort();
    assert_eq!(keys().await, expected);
    // Lost jobs are found again.
    world.change("DELETE FROM graphile_worker._private_jobs").await;
    assert_eq!(world.store.enqueue_waiting_files().await.unwrap(), 2);
    assert_eq!(keys().await, expected);
    // A report of another analyzer is not enough.
    assert_eq!(world.store.enqueue_reanalysis().await.unwrap(), 0);
    world.change("UPDATE report_versions SET analyzer_version = 'old'").await;
    assert_eq!(world.store.enqueue_reanalysis().await.unwrap(), 1);
    assert!(keys().await.contains(&Job::Analyse { file: analysed }.key()));
}

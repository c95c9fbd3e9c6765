//! A handler hears how each run ended.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use sqlx::PgPool;
use store::{BoxFuture, Job, JobEnd, JobFailure, JobHandler, NewJob, Presence, Priority, WorkOptions};
use tokio::sync::Notify;

use crate::queue::read;
use crate::world::World;

/// Ends each kind of job in another way, and keeps what it hears.
#[derive(Default)]
struct Listening {
    heard: Mutex<Vec<String>>,
    all: Arc<Notify>,
}

impl JobHandler for Listening {
    fn run(&self, job: Job, _priority: Priority) -> BoxFuture<'_, Result<(), JobFailure>> {
        Box::pin(async move {
            match job {
                Job::ReadProject { name } if name.as_str() == "eggs" => Ok(()),
                Job::ReadProject { .. } => Err(JobFailure::counted("no")),
                Job::Fetch { .. } => Err(JobFailure::put_back("later", Duration::from_hours(1))),
                Job::Analyse { .. } => Err(JobFailure::counted("never")),
                Job::Refresh => panic!("for a test"),
            }
        })
    }

    fn ended(&self, job: &Job, end: JobEnd<'_>, _took: Duration) {
        let mut heard = self.heard.lock().unwrap();
        let why = end.failure().map_or("", JobFailure::message);
        heard.push(format!("{} {} {why}", job.kind(), end.as_str()));
        if heard.len() == 5 {
            self.all.notify_one();
        }
    }
}

#[sqlx::test(migrations = "../migrations")]
async fn a_handler_hears_how_each_run_ended(pool: PgPool) {
    let world = World::new(pool).await;
    let file = world.listed("spam").await;
    let job = |job, tries| NewJob { tries, ..NewJob::new(job, Priority::Crawl) };
    let jobs = [
        job(read("eggs"), 12),
        job(read("spam"), 12),
        job(Job::Fetch { file }, 12),
        job(Job::Analyse { file }, 1),
        job(Job::Refresh, 1),
    ];
    world.store.enqueue(&jobs).await.unwrap();
    let handler = Arc::new(Listening::default());
    let presence = Presence { id: "one".into(), role: "work".into(), host: "box".into(), version: "1".into() };
    let options = WorkOptions { poll: Duration::from_millis(20), ..WorkOptions::new(2, presence) };
    let all = Arc::clone(&handler.all);
    let working = world.store.work(&options, handler.clone(), async move { all.notified().await });
    tokio::time::timeout(Duration::from_secs(30), working).await.expect("it stops").unwrap();
    let mut heard = std::mem::take(&mut *handler.heard.lock().unwrap());
    heard.sort();
    let expected = [
        "analyse parked never",
        "fetch put-back later",
        "read-project done ",
        "read-project failed no",
        "refresh broken ",
    ];
    assert_eq!(heard, expected);
}

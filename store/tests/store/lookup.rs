//! Look-ups: what is enqueued for somebody who waits, and what is not.

use std::sync::Arc;

use sqlx::PgPool;
use store::{
    BoxFuture, Job, JobFailure, JobHandler, JobKind, LookedUp, NewJob, Presence, Priority, ProjectState, Underway,
    WorkOptions,
};
use tokio::sync::{mpsc, oneshot};

use crate::queue::read;
use crate::world::{World, page};

impl World {
    async fn look_up(&self, name: &str) -> LookedUp {
        self.store.look_up(&name.parse().unwrap()).await.unwrap()
    }

    async fn underway(&self, name: &str) -> Option<Underway> {
        self.store.lookup_state(&name.parse().unwrap()).await.unwrap().underway
    }
}

#[sqlx::test(migrations = "../migrations")]
async fn a_new_name_is_read_before_everything_else_and_once(pool: PgPool) {
    let world = World::new(pool).await;
    world.store.enqueue(&[NewJob::new(read("spam"), Priority::Crawl)]).await.unwrap();
    assert!(!world.underway("spam").await.unwrap().in_a_hurry);
    let before = world.store.data_version().await.unwrap();
    assert_eq!(world.look_up("spam").await, LookedUp::Queued);
    assert_ne!(world.store.data_version().await.unwrap(), before, "pages made before say nothing of it");
    assert_eq!(world.look_up("spam").await, LookedUp::Queued);
    assert_eq!(world.number("SELECT count(*) FROM graphile_worker.jobs").await, 1);
    let underway = world.underway("spam").await.unwrap();
    assert_eq!((underway.kind, underway.in_a_hurry, underway.running), (JobKind::ReadProject, true, false));
    assert_eq!(world.underway("eggs").await, None);
}

#[sqlx::test(migrations = "../migrations")]
async fn what_was_read_within_the_hour_is_not_read_again(pool: PgPool) {
    let world = World::new(pool).await;
    world.analysed("spam", Vec::new()).await;
    assert_eq!(world.look_up("spam").await, LookedUp::ReadLately);
    assert_eq!(world.number("SELECT count(*) FROM graphile_worker.jobs").await, 0);
    world.change("UPDATE projects SET read_at = now() - interval '61 min'").await;
    assert_eq!(world.look_up("spam").await, LookedUp::Queued);
}

#[sqlx::test(migrations = "../migrations")]
async fn an_sdist_that_waits_behind_the_crawl_goes_first(pool: PgPool) {
    let world = World::new(pool).await;
    let file = world.listed("spam").await;
    world.store.enqueue(&[NewJob::new(Job::Fetch { file }, Priority::Crawl)]).await.unwrap();
    assert_eq!(world.look_up("spam").await, LookedUp::Queued);
    let underway = world.underway("spam").await.unwrap();
    assert_eq!((underway.kind, underway.in_a_hurry), (JobKind::Fetch, true));
    assert_eq!(world.number("SELECT count(*) FROM graphile_worker.jobs").await, 1, "its page is fresh");
}

#[sqlx::test(migrations = "../migrations")]
async fn a_name_the_index_does_not_know_is_remembered_for_a_day(pool: PgPool) {
    let world = World::new(pool).await;
    let name = "ghost".parse().unwrap();
    world.store.project_ended(&name, ProjectState::NotFound, "404").await.unwrap();
    world.change("UPDATE projects SET read_at = now() - interval '23 h'").await;
    assert_eq!(world.look_up("ghost").await, LookedUp::NotFoundLately);
    world.change("UPDATE projects SET read_at = now() - interval '25 h'").await;
    assert_eq!(world.look_up("ghost").await, LookedUp::Queued);
}

#[sqlx::test(migrations = "../migrations")]
async fn only_so_many_look_ups_wait(pool: PgPool) {
    let world = World::new(pool).await;
    let jobs: Vec<NewJob> =
        (0..200).map(|number| NewJob::new(read(&format!("p{number}")), Priority::Interactive)).collect();
    world.store.enqueue(&jobs).await.unwrap();
    world.store.enqueue(&[NewJob::new(read("crawled"), Priority::Crawl)]).await.unwrap();
    assert_eq!(world.look_up("one-more").await, LookedUp::Full);
    assert_eq!(world.look_up("p7").await, LookedUp::Queued, "it waits already");
    world
        .change("UPDATE graphile_worker._private_jobs SET locked_at = now(), locked_by = 'x' WHERE key LIKE '%:p7'")
        .await;
    assert!(world.underway("p7").await.unwrap().running);
    assert_eq!(world.look_up("one-more").await, LookedUp::Queued);
}

#[sqlx::test(migrations = "../migrations")]
async fn it_is_told_when_anybody_was_last_at_work(pool: PgPool) {
    let world = World::new(pool).await;
    let silent = async || world.store.lookup_state(&"spam".parse().unwrap()).await.unwrap().workers_silent_seconds;
    assert_eq!(silent().await, None);
    for id in ["old", "new"] {
        let one = Presence { id: id.into(), role: "work".into(), host: "box".into(), version: "0".into() };
        world.store.present(&one).await.unwrap();
    }
    world.change("UPDATE presences SET seen_at = now() - interval '10 min' WHERE id = 'old'").await;
    world.change("UPDATE presences SET seen_at = now() - interval '90 s' WHERE id = 'new'").await;
    assert!((90..120).contains(&silent().await.unwrap()), "the one who was seen last");
}

#[sqlx::test(migrations = "../migrations")]
async fn how_old_pages_are_is_told_with_what_is_due(pool: PgPool) {
    let world = World::new(pool).await;
    for name in ["a", "b", "c"] {
        world.store.project_recorded(&page(name)).await.unwrap();
    }
    world.change("UPDATE projects SET read_at = '2026-01-02T00:00:00Z' WHERE name = 'a'").await;
    world.change("UPDATE projects SET read_at = now() - interval '1 d' WHERE name = 'b'").await;
    let status = world.store.status().await.unwrap();
    assert_eq!((status.pages.read, status.pages.due), (3, 1));
    assert_eq!(status.pages.oldest, Some("2026-01-02T00:00:00Z".parse().unwrap()));
    assert!(status.pages.median.unwrap() > status.pages.oldest.unwrap());
    let hosts = ["files.example".to_owned()].into();
    world.store.file_hosts_learned("https://index.example", &hosts).await.unwrap();
    assert_eq!(world.store.status().await.unwrap().file_hosts["https://index.example"], ["files.example"]);
}

/// Tells the priority of each job it is given.
struct Telling(mpsc::UnboundedSender<(Job, Priority)>);

impl JobHandler for Telling {
    fn run(&self, job: Job, priority: Priority) -> BoxFuture<'_, Result<(), JobFailure>> {
        self.0.send((job, priority)).unwrap();
        Box::pin(async { Ok(()) })
    }
}

#[sqlx::test(migrations = "../migrations")]
async fn whoever_does_a_job_knows_how_urgent_it_is(pool: PgPool) {
    let world = World::new(pool).await;
    let file = world.listed("spam").await;
    let jobs = [
        (read("eggs"), Priority::Interactive),
        (Job::Fetch { file }, Priority::Low),
        (Job::Analyse { file }, Priority::Reanalysis),
        (Job::Refresh, Priority::Crawl),
    ];
    world.store.enqueue(&jobs.clone().map(|(job, priority)| NewJob::new(job, priority))).await.unwrap();
    let (tell, mut told) = mpsc::unbounded_channel();
    let (stop, stopped) = oneshot::channel::<()>();
    let one = Presence { id: "1".into(), role: "work".into(), host: "box".into(), version: "0".into() };
    let (store, options) = (world.store.clone(), WorkOptions::new(1, one));
    let stopping = async move {
        let _ = stopped.await;
    };
    let working = tokio::spawn(async move { store.work(&options, Arc::new(Telling(tell)), stopping).await });
    let mut heard = Vec::new();
    for _ in &jobs {
        heard.push(tokio::time::timeout(std::time::Duration::from_secs(30), told.recv()).await.unwrap().unwrap());
    }
    stop.send(()).unwrap();
    working.await.unwrap().unwrap();
    let urgency = |(_, priority): &(Job, Priority)| *priority;
    heard.sort_by_key(urgency);
    let mut expected = jobs.to_vec();
    expected.sort_by_key(urgency);
    assert_eq!(heard, expected);
}

//! A dump of the database holds the queue too, and what is restored from it goes on.

use std::process::Command;
use std::sync::Arc;
use std::time::Duration;

use sqlx::PgPool;
use store::{
    Blobs, BoxFuture, Budget, Job, JobFailure, JobHandler, NewJob, Presence, Priority, RequeueFilter, Store,
    WorkOptions,
};
use tokio::sync::{mpsc, oneshot};

use crate::queue::read;
use crate::world::{World, url};

/// A program of the server's: in its folder, or where a link there leads to.
fn tool(name: &str, arguments: &[&str]) {
    let folder = private_postgres::installed_binaries().expect("no Postgres on this machine");
    let server = folder.join("postgres").canonicalize().unwrap();
    let program = [folder.join(name), server.with_file_name(name)].into_iter().find(|path| path.exists()).expect(name);
    let done = Command::new(program).args(arguments).output().unwrap();
    assert!(done.status.success(), "{name}: {}", String::from_utf8_lossy(&done.stderr));
}

struct Telling(mpsc::UnboundedSender<Job>);

impl JobHandler for Telling {
    fn run(&self, job: Job, _: Priority) -> BoxFuture<'_, Result<(), JobFailure>> {
        self.0.send(job).unwrap();
        Box::pin(async { Ok(()) })
    }
}

#[sqlx::test(migrations = "../migrations")]
async fn a_dump_keeps_the_queue_and_the_restored_one_works(pool: PgPool) {
    let world = World::new(pool).await;
    world.analysed("spam", Vec::new()).await;
    world.store.budget_set("https://index.example", Budget::default()).await.unwrap();
    world.store.enqueue(&[NewJob::new(read("parked"), Priority::Crawl)]).await.unwrap();
    world.change("UPDATE graphile_worker._private_jobs SET attempts = max_attempts").await;
    world.store.enqueue(&[NewJob::new(read("waits"), Priority::Crawl)]).await.unwrap();

    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("dump").to_str().unwrap().to_owned();
    // Without the parameters that only sqlx knows.
    let here = url(&world.pool).split('?').next().unwrap().to_owned();
    tool("pg_dump", &["--format=custom", "--no-owner", "--dbname", &here, "--file", &file]);
    let copy = format!("copy_of_{}", world.pool.connect_options().get_database().unwrap());
    sqlx::raw_sql(sqlx::AssertSqlSafe(format!("CREATE DATABASE \"{copy}\""))).execute(&world.pool).await.unwrap();
    let there = here.replace(world.pool.connect_options().get_database().unwrap(), &copy);
    // As `db import` does it: over a database that was migrated.
    Store::migrate(&there).await.unwrap();
    tool("pg_restore", &["--clean", "--if-exists", "--no-owner", "--single-transaction", "--dbname", &there, &file]);
    assert_eq!(Store::migrate(&there).await.unwrap(), 0);

    let restored = Store::connect(&there, Blobs::folder(folder.path()).unwrap()).await.unwrap();
    assert_eq!(restored.digest().await.unwrap(), world.store.digest().await.unwrap());
    let status = restored.crawl_status().await.unwrap();
    assert_eq!((status.queue["read-project"].ready, status.queue["read-project"].parked), (1, 1));
    assert_eq!(status.budgets.len(), 1);
    assert_eq!(restored.requeue(&RequeueFilter::default()).await.unwrap(), 1);
    assert_eq!(restored.enqueue(&[NewJob::new(read("new"), Priority::Crawl)]).await.unwrap(), 1);

    let (tell, mut ran) = mpsc::unbounded_channel();
    let presence = Presence { id: "1".into(), role: "work".into(), host: "box".into(), version: "0".into() };
    let (tell_all, all) = oneshot::channel();
    let three = async move {
        let mut jobs = Vec::new();
        while jobs.len() < 3 {
            jobs.push(ran.recv().await.unwrap());
        }
        tell_all.send(jobs).unwrap();
    };
    let options = WorkOptions::new(2, presence);
    let work = restored.work(&options, Arc::new(Telling(tell)), three);
    tokio::time::timeout(Duration::from_mins(1), work).await.expect("the jobs were not run").unwrap();
    let mut jobs = all.await.unwrap();
    jobs.sort();
    assert_eq!(jobs, [read("new"), read("parked"), read("waits")]);
    restored.close().await;
    sqlx::raw_sql(sqlx::AssertSqlSafe(format!("DROP DATABASE \"{copy}\" WITH (FORCE)")))
        .execute(&world.pool)
        .await
        .unwrap();
}

//! Databases that a dump goes into.

use sqlx::PgPool;
use store::{Budget, Contents, Error, Job, NewJob, Priority, Store};

use crate::world::{World, url};

#[sqlx::test(migrations = false)]
async fn only_a_database_that_nobody_uses_is_emptied(pool: PgPool) {
    let at = url(&pool);
    assert_eq!(Store::contents(&at).await.unwrap(), Contents::Nothing);
    assert_eq!(Store::schema_of(&at).await.unwrap(), 0);
    Store::migrate(&at).await.unwrap();
    assert_eq!(Store::contents(&at).await.unwrap(), Contents::NoSurvey);
    assert_eq!(Store::schema_of(&at).await.unwrap(), Store::schema_known());
    Store::emptied(&at).await.unwrap();
    assert_eq!(Store::contents(&at).await.unwrap(), Contents::Nothing);
    let left: Vec<String> = sqlx::query_scalar(
        "SELECT relname::text FROM pg_class WHERE relnamespace = 'public'::regnamespace
         UNION ALL SELECT proname::text FROM pg_proc WHERE pronamespace = 'public'::regnamespace",
    )
    .fetch_all(&pool)
    .await
    .unwrap();
    assert_eq!(left, [""; 0], "every object of the migrations is known to be theirs");
    Store::migrate(&at).await.unwrap();
}

#[sqlx::test(migrations = "../migrations")]
async fn a_database_in_use_is_left_alone(pool: PgPool) {
    let at = url(&pool);
    for used in [
        "CREATE TABLE somebody_elses ()",
        "CREATE SCHEMA theirs CREATE TABLE projects ()",
        "INSERT INTO index_names (name, display_name) VALUES ('spam', 'spam')",
        "INSERT INTO hidden_projects (name, reason) VALUES ('spam', 'why')",
        "INSERT INTO projects (name, display_name, state) VALUES ('spam', 'spam', 'listed')",
    ] {
        sqlx::query(used).execute(&pool).await.unwrap();
        assert_eq!(Store::contents(&at).await.unwrap(), Contents::InUse, "{used}");
        assert!(matches!(Store::emptied(&at).await, Err(Error::InUse)), "{used}");
        sqlx::raw_sql(
            "DROP TABLE IF EXISTS somebody_elses; DROP SCHEMA IF EXISTS theirs CASCADE;
             TRUNCATE index_names, hidden_projects, projects CASCADE",
        )
        .execute(&pool)
        .await
        .unwrap();
        assert_eq!(Store::contents(&at).await.unwrap(), Contents::NoSurvey);
    }
}

#[sqlx::test(migrations = "../migrations")]
async fn what_the_dumped_deployment_held_is_free_after_a_restore(pool: PgPool) {
    let world = World::new(pool).await;
    let index = "https://index.example";
    world.store.budget_set(index, Budget::default()).await.unwrap();
    world.store.take_connection(index, std::time::Duration::from_hours(1)).await.unwrap().unwrap();
    let jobs = ["a", "b"].map(|name| NewJob::new(crate::queue::read(name), Priority::Crawl));
    world.store.enqueue(&jobs).await.unwrap();
    world.store.enqueue(&[NewJob::new(Job::Refresh, Priority::Crawl)]).await.unwrap();
    world
        .change("UPDATE graphile_worker._private_jobs SET attempts = 3, locked_at = now(), locked_by = 'w' || id WHERE key LIKE 'read%'")
        .await;
    let one = store::Presence { id: "1".into(), role: "work".into(), host: "box".into(), version: "0".into() };
    world.store.present(&one).await.unwrap();
    Store::restored(&url(&world.pool)).await.unwrap();
    let crawl = world.store.crawl_status().await.unwrap();
    assert_eq!((crawl.queue["read-project"].ready, crawl.queue["read-project"].running), (2, 0));
    assert_eq!((crawl.budgets[0].connections_taken, crawl.workers.len()), (0, 0));
    let tries = "SELECT max(attempts)::bigint FROM graphile_worker.jobs";
    assert_eq!(world.number(tries).await, 2, "the try that was under way does not count");
}

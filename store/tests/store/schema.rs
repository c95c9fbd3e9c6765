//! Migrating, and refusing what this binary does not know.

use std::time::Duration;

use sqlx::PgPool;
use store::{Blobs, Error, Store};

use crate::world::World;

/// The numbers of all migrations.
fn migrations() -> Vec<i64> {
    let folder = std::fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/../migrations")).unwrap();
    let number = |name: std::ffi::OsString| name.to_str().unwrap().split_once('_').unwrap().0.parse().unwrap();
    folder.map(|entry| number(entry.unwrap().file_name())).collect()
}

/// How many a new database needs, the queue's included.
fn all() -> usize {
    migrations().len() + usize::try_from(QUEUE).unwrap()
}

fn newest() -> i64 {
    migrations().into_iter().max().unwrap()
}
/// The newest step of the queue's library.
const QUEUE: i32 = 22;

async fn connect(pool: &PgPool) -> Result<Store, Error> {
    let dir = tempfile::tempdir().unwrap();
    Store::connect(&crate::world::url(pool), Blobs::folder(dir.path()).unwrap()).await
}

#[sqlx::test(migrations = false)]
async fn an_empty_database_is_refused_until_it_is_migrated(pool: PgPool) {
    let refused = connect(&pool).await.unwrap_err();
    assert!(matches!(refused, Error::OlderSchema { found: 0, known } if known == newest()), "{refused}");
    assert!(refused.to_string().contains("abiscope migrate"));
    assert_eq!(Store::migrate(&crate::world::url(&pool)).await.unwrap(), all());
    assert_eq!(Store::migrate(&crate::world::url(&pool)).await.unwrap(), 0);
    assert_eq!(connect(&pool).await.unwrap().status().await.unwrap().schema, newest());
}

#[sqlx::test(migrations = "../migrations")]
async fn a_database_without_the_queue_is_refused_until_it_is_migrated(pool: PgPool) {
    let refused = connect(&pool).await.unwrap_err();
    assert!(matches!(refused, Error::OlderQueue { found: 0, known: QUEUE }), "{refused}");
    assert!(refused.to_string().contains("abiscope migrate"));
    assert_eq!(Store::migrate(&crate::world::url(&pool)).await.unwrap(), usize::try_from(QUEUE).unwrap());
    connect(&pool).await.unwrap();
}

/// The library marks the steps that break older programs: between others, replicas of two versions run side by side.
#[sqlx::test(migrations = "../migrations")]
async fn a_queue_of_a_newer_program_is_refused_only_if_a_step_breaks_this_one(pool: PgPool) {
    Store::migrate(&crate::world::url(&pool)).await.unwrap();
    sqlx::query("INSERT INTO graphile_worker.migrations (id, breaking) VALUES (90, false)")
        .execute(&pool)
        .await
        .unwrap();
    connect(&pool).await.unwrap();
    sqlx::query("INSERT INTO graphile_worker.migrations (id, breaking) VALUES (91, true)")
        .execute(&pool)
        .await
        .unwrap();
    for refused in [connect(&pool).await.map(|_| 0), Store::migrate(&crate::world::url(&pool)).await] {
        let refused = refused.unwrap_err();
        assert!(matches!(refused, Error::NewerQueue { found: 91, known: QUEUE }), "{refused}");
    }
}

#[sqlx::test(migrations = false)]
async fn several_that_migrate_at_once_apply_each_migration_once(pool: PgPool) {
    let url = crate::world::url(&pool);
    let (a, b, c) = tokio::join!(Store::migrate(&url), Store::migrate(&url), Store::migrate(&url));
    assert_eq!(a.unwrap() + b.unwrap() + c.unwrap(), all());
}

#[sqlx::test(migrations = "../migrations")]
async fn a_newer_schema_is_refused_naming_the_version_that_knows_it(pool: PgPool) {
    sqlx::query("INSERT INTO schema_versions VALUES (9999, '0.9.0')").execute(&pool).await.unwrap();
    for refused in [connect(&pool).await.map(|_| 0), Store::migrate(&crate::world::url(&pool)).await] {
        let refused = refused.unwrap_err();
        assert!(
            matches!(&refused, Error::NewerSchema { found: 9999, known, needed } if *known == newest() && needed == "0.9.0")
        );
        assert!(refused.to_string().contains("use abiscope 0.9.0 or later"));
    }
}

#[tokio::test]
async fn a_server_that_is_not_there_is_told_from_other_trouble() {
    // Port 1 of the loopback: nothing listens there.
    let refused = Store::migrate("postgres://nobody@127.0.0.1:1/none").await.unwrap_err();
    assert!(matches!(refused, Error::DatabaseGone(_)), "{refused}");
}

#[sqlx::test(migrations = "../migrations")]
async fn every_table_and_column_says_what_it_is(pool: PgPool) {
    let silent: Vec<String> = sqlx::query_scalar(
        "SELECT c.relname || coalesce('.' || a.attname, '') FROM pg_class c
         LEFT JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0
         WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p') AND c.relname <> '_sqlx_migrations'
           AND (col_description(c.oid, a.attnum) IS NULL OR obj_description(c.oid) IS NULL)",
    )
    .fetch_all(&pool)
    .await
    .unwrap();
    assert_eq!(silent, Vec::<String>::new());
}

/// The checks of the tables and the states of the code are the same words.
#[sqlx::test(migrations = "../migrations")]
async fn every_state_of_the_code_is_in_a_check_of_its_table(pool: PgPool) {
    let checks: Vec<(String, String)> = sqlx::query_as(
        "SELECT conrelid::regclass::text, pg_get_constraintdef(oid) FROM pg_constraint WHERE contype = 'c' AND conname LIKE '%state_check'",
    )
    .fetch_all(&pool)
    .await
    .unwrap();
    let check = |table: &str| checks.iter().find(|(of, _)| of == table).unwrap().1.clone();
    let words = |check: &str| check.matches("::text").count();
    let projects = store::ProjectState::ALL.iter().map(|state| state.as_str());
    let releases = store::ReleaseState::ALL.iter().map(|state| state.as_str());
    let files = store::FileState::ALL.iter().map(|state| state.as_str());
    let tables: [(&str, Vec<&str>); 3] =
        [("projects", projects.collect()), ("releases", releases.collect()), ("files", files.collect())];
    for (table, states) in tables {
        let check = check(table);
        assert!(states.iter().all(|state| check.contains(&format!("'{state}'"))), "{check}");
        assert_eq!(words(&check), states.len(), "{check}");
    }
}

#[sqlx::test(migrations = "../migrations")]
async fn a_close_does_not_wait_for_ever_for_a_call_under_way(pool: PgPool) {
    let world = World::new(pool).await;
    let mut held = world.pool.begin().await.unwrap();
    sqlx::query("LOCK TABLE projects IN ACCESS EXCLUSIVE MODE").execute(&mut *held).await.unwrap();
    let other = world.another().await;
    let asking = tokio::spawn({
        let other = other.clone();
        async move { other.status().await.map(drop) }
    });
    tokio::time::sleep(Duration::from_millis(200)).await;
    assert!(!asking.is_finished(), "it waits for the table");
    let closing = tokio::time::timeout(Duration::from_secs(20), other.close_within(Duration::from_millis(200)));
    closing.await.expect("the call is given up");
    held.rollback().await.unwrap();
    // Whether it was the last thing that it asked is another matter; it ends.
    drop(tokio::time::timeout(Duration::from_secs(20), asking).await.expect("nothing is left behind"));
}

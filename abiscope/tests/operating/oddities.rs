//! Things that happen to projects and files on an index, in the words of the database.

use fake_index::FakeIndex;
use sqlx::PgPool;

use crate::deployment::{Background, Deployment, comes, fetched, sdist};

type Row = (String, Option<String>);

async fn row(pool: &PgPool, sql: &'static str) -> Row {
    sqlx::query_as(sql).fetch_one(pool).await.expect("a row")
}

/// Only the old name is asked for.
#[sqlx::test(migrations = false)]
async fn a_renamed_project_says_so_under_its_old_name_and_is_read_under_its_new_one(pool: PgPool) {
    let here = Deployment::on(&pool);
    let index = FakeIndex::start_in_thread();
    index.add("new-name").sdist("1.0", &sdist("new_name"));
    index.add("old-name").moved_to("new-name");
    let names = here.dir().join("names.txt");
    std::fs::write(&names, "old-name\n").expect("written");
    here.done(&["migrate"]);
    here.crawl(&index, &["--names", names.to_str().expect("UTF-8")]);
    let (state, reason) = row(&pool, "SELECT state, reason FROM projects WHERE name = 'old-name'").await;
    assert_eq!(state, "not-found");
    assert!(reason.as_deref().unwrap_or_default().contains("new-name"), "{reason:?}");
    let (state, _) = row(&pool, "SELECT state, reason FROM projects WHERE name = 'new-name'").await;
    assert_eq!((state.as_str(), fetched(&index)), ("listed", 1));
    let (state, _) = row(&pool, "SELECT state, reason FROM files WHERE selected").await;
    assert_eq!(state, "analysed");
}

/// The files host has lost a file, and the fetch, asking the index about it, finds other bytes under its name.
#[sqlx::test(migrations = false)]
async fn a_fetch_that_finds_other_bytes_under_a_name_has_the_page_read_and_raises_the_alarm(pool: PgPool) {
    let here = Deployment::on(&pool);
    let index = FakeIndex::start_in_thread();
    index.add("swap").sdist("1.0", &sdist("swap")).missing();
    here.done(&["migrate"]);
    here.crawl(&index, &[]);
    let of_old = "SELECT state, reason FROM files ORDER BY id LIMIT 1";
    assert_eq!(row(&pool, of_old).await.0, "missing-upstream");

    index.add("swap").without_files().sdist("1.0", &sdist("other")).missing();
    sqlx::query("UPDATE graphile_worker._private_jobs SET run_at = now()").execute(&pool).await.expect("due");
    let mut worker = Background::start(&mut here.command(&["work", "--jobs", "1", "--index-url", &index.url()]));
    let alarm: Row = comes("the alarm", async || {
        let alarm = sqlx::query_as("SELECT kind, subject FROM alarms").fetch_optional(&pool).await.expect("asked");
        let new = sqlx::query("SELECT FROM files WHERE selected AND state = 'missing-upstream'");
        new.fetch_optional(&pool).await.expect("asked").and(alarm)
    })
    .await;
    worker.stops();
    assert_eq!(alarm, ("file-content-changed".to_owned(), Some("swap swap-1.0.tar.gz".to_owned())));
    let why = "the index lists other bytes under its name".to_owned();
    assert_eq!(row(&pool, of_old).await, ("withdrawn".to_owned(), Some(why)));
    let kept: i64 = sqlx::query_scalar("SELECT count(*) FROM files").fetch_one(&pool).await.expect("counted");
    assert_eq!(kept, 2, "both are kept");
}

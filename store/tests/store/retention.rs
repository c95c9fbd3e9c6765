//! What is let go of, and what never is.

use std::time::Duration;

use analyzer::Kind;
use bytes::Bytes;
use futures_util::TryStreamExt;
use sqlx::PgPool;
use store::{Archives, Blobs, Packed, Removed, Retained, Retention, Run};

use crate::world::{World, bytes, page, report, sdist, tree, used};

const WEEK: Duration = Duration::from_hours(7 * 24);

impl World {
    fn folder(&self) -> Blobs {
        Blobs::folder(self.blobs.path()).unwrap()
    }

    async fn blob_count(&self) -> usize {
        self.folder().list().try_collect::<Vec<_>>().await.unwrap().len()
    }

    /// Makes every blob look as if it was put eight days ago.
    async fn aged(&self) {
        for blob in self.folder().list().try_collect::<Vec<_>>().await.unwrap() {
            let key = blob.key.to_string();
            let file =
                std::fs::File::options().append(true).open(self.blobs.path().join(&key[..2]).join(&key)).unwrap();
            file.set_modified(std::time::SystemTime::now() - WEEK - Duration::from_hours(24)).unwrap();
        }
    }

    /// What a put leaves that was killed half-way, eight days ago.
    fn killed_put(&self) -> std::path::PathBuf {
        let key = store::Sha256::of(b"half a blob").to_string();
        let half = self.blobs.path().join(&key[..2]).join(format!("{key}#1"));
        std::fs::create_dir_all(half.parent().unwrap()).unwrap();
        std::fs::write(&half, "half").unwrap();
        let file = std::fs::File::options().append(true).open(&half).unwrap();
        file.set_modified(std::time::SystemTime::now() - WEEK - Duration::from_hours(24)).unwrap();
        half
    }

    /// A file that an older analyzer and this one answered for, differently.
    async fn answered_twice(&self, name: &str) {
        let file = self.fetched(name).await;
        let mut old = report(name, vec![used(Kind::Api, &format!("Py_{name}"), &[2])]);
        old.analyzer_version = String::from("0");
        self.store.file_analysed(file, &tree(), &old).await.unwrap();
        let new = report(name, vec![used(Kind::Api, "PyTuple_GET_SIZE", &[3])]);
        self.store.file_reanalysed(file, &new, &Packed::again(&tree(), &new).unwrap()).await.unwrap();
    }
}

#[sqlx::test(migrations = "../migrations")]
async fn a_policy_that_keeps_everything_removes_only_old_orphans(pool: PgPool) {
    let world = World::new(pool).await;
    world.answered_twice("spam").await;
    world.fetched("eggs").await;
    let named = world.blob_count().await;
    let digest = world.store.digest().await.unwrap();
    world.folder().put(Bytes::from_static(b"nobody names it")).await.unwrap();
    world.aged().await;
    let half = world.killed_put();
    world.folder().put(Bytes::from_static(b"a worker is about to name it")).await.unwrap();
    let expected = Retained { orphans: Removed { count: 2, bytes: 15 + 4 }, ..Retained::default() };
    let policy = Retention::default();
    assert_eq!(world.store.retained(&policy, Run::Dry).await.unwrap(), expected);
    assert_eq!(world.blob_count().await, named + 2, "a dry run touches nothing");
    assert!(half.is_file());
    assert_eq!(world.store.retained(&policy, Run::Real).await.unwrap(), expected);
    assert_eq!(world.store.retained(&policy, Run::Real).await.unwrap(), Retained::default());
    assert_eq!(world.blob_count().await, named + 1);
    assert!(!half.exists());
    assert_eq!(world.store.digest().await.unwrap(), digest);
}

#[sqlx::test(migrations = "../migrations")]
async fn archives_are_dropped_once_packed_and_can_come_back(pool: PgPool) {
    let world = World::new(pool).await;
    let analysed = world.analysed("spam", Vec::new()).await;
    let fetched = world.fetched("eggs").await;
    let digest = world.store.digest().await.unwrap();
    let policy = Retention { archives: Archives::DropAfterPack, ..Retention::default() };
    let expected = Removed { count: 1, bytes: 1000 };
    assert_eq!(world.store.retained(&policy, Run::Dry).await.unwrap().archives, expected);
    assert!(world.store.file_bytes(analysed).await.unwrap().is_some());
    assert_eq!(world.store.retained(&policy, Run::Real).await.unwrap().archives, expected);
    assert_eq!(world.store.retained(&policy, Run::Real).await.unwrap().archives, Removed::default());
    assert!(world.store.file_bytes(analysed).await.unwrap().is_none());
    assert!(world.store.file_bytes(fetched).await.unwrap().is_some(), "what is not packed stays");
    assert_eq!(world.store.source_tree(analysed).await.unwrap().unwrap().files, tree().files);
    assert_eq!(world.store.digest().await.unwrap(), digest, "nothing known is lost");
    world.store.file_fetched(analysed, bytes("spam")).await.unwrap();
    assert!(world.store.file_bytes(analysed).await.unwrap().is_some());
    world.aged().await;
    assert_eq!(world.store.orphans_swept(WEEK, Run::Real).await.unwrap(), Removed::default());
}

#[sqlx::test(migrations = "../migrations")]
async fn an_archive_whose_pack_cannot_be_read_is_never_dropped(pool: PgPool) {
    let world = World::new(pool).await;
    let file = world.analysed("spam", Vec::new()).await;
    let (_, pack) = world.store.source_pack(file).await.unwrap().unwrap();
    world.folder().delete(store::Sha256::of(&pack)).await.unwrap();
    assert_eq!(world.store.archives_dropped(Run::Real).await.unwrap(), Removed::default());
    assert!(world.store.file_bytes(file).await.unwrap().is_some());
}

#[sqlx::test(migrations = "../migrations")]
async fn an_archive_that_another_file_needs_stays(pool: PgPool) {
    let world = World::new(pool).await;
    world.analysed("spam", Vec::new()).await;
    // Another project with the very same archive, not analysed yet.
    let mut same = page("eggs");
    same.releases[0].files[0] = sdist("eggs", "1.0", &bytes("spam"));
    world.store.project_recorded(&same).await.unwrap();
    let eggs = world.file("eggs").await;
    world.store.file_fetched(eggs, bytes("spam")).await.unwrap();
    assert_eq!(world.store.archives_dropped(Run::Real).await.unwrap().count, 1);
    assert!(world.store.file_bytes(eggs).await.unwrap().is_some());
}

#[sqlx::test(migrations = "../migrations")]
async fn reports_of_older_analyzers_go_but_not_those_that_something_frozen_names(pool: PgPool) {
    let world = World::new(pool).await;
    for name in ["a", "b", "c"] {
        world.answered_twice(name).await;
    }
    // Only the older analyzer has answered for it.
    let waiting = world.fetched("waiting").await;
    let mut old = report("waiting", Vec::new());
    old.analyzer_version = String::from("0");
    world.store.file_analysed(waiting, &tree(), &old).await.unwrap();
    sqlx::query(
        "INSERT INTO kept_reports SELECT min(id), 'snapshot:2026-11' FROM reports WHERE analyzer_version = '0'",
    )
    .execute(&world.pool)
    .await
    .unwrap();
    let remove = async |age, run| world.store.old_reports_removed(age, run).await.unwrap().count;
    assert_eq!(remove(WEEK, Run::Real).await, 0, "an older program may still show them");
    assert_eq!(remove(Duration::ZERO, Run::Dry).await, 2);
    assert_eq!(remove(Duration::ZERO, Run::Real).await, 2);
    assert_eq!(remove(Duration::ZERO, Run::Real).await, 0);
    let left: Vec<(String, i64)> =
        sqlx::query_as("SELECT analyzer_version, count(*) FROM reports GROUP BY 1 ORDER BY 2")
            .fetch_all(&world.pool)
            .await
            .unwrap();
    assert_eq!(left, [("0".to_owned(), 2), (analyzer::ANALYZER_VERSION.to_owned(), 3)]);
    // Their sites are nobody's now.
    world.aged().await;
    let blobs = world.blob_count().await;
    assert_eq!(world.store.orphans_swept(WEEK, Run::Real).await.unwrap().count, 2);
    assert_eq!(world.blob_count().await, blobs - 2);
}

#[sqlx::test(migrations = "../migrations")]
async fn a_report_that_this_version_confirmed_is_not_old(pool: PgPool) {
    let world = World::new(pool).await;
    let file = world.fetched("spam").await;
    let mut old = report("spam", Vec::new());
    old.analyzer_version = String::from("0");
    world.store.file_analysed(file, &tree(), &old).await.unwrap();
    world.store.file_analysed(file, &tree(), &report("spam", Vec::new())).await.unwrap();
    assert_eq!(world.store.old_reports_removed(Duration::ZERO, Run::Real).await.unwrap(), Removed::default());
    assert!(world.store.is_analysed(file).await.unwrap());
}

#[sqlx::test(migrations = "../migrations")]
async fn the_policy_of_a_deployment_is_applied_once_a_day_and_at_once_when_it_changes(pool: PgPool) {
    let world = World::new(pool).await;
    world.analysed("spam", Vec::new()).await;
    let due = async || world.store.retained_if_due().await.unwrap().map(|retained| retained.archives.count);
    assert_eq!(due().await, None, "nobody has said what may go");
    world.store.retention_set(&Retention::default()).await.unwrap();
    assert_eq!(due().await, Some(0));
    assert_eq!(due().await, None);
    world.change("UPDATE retention_policy SET done_at = now() - interval '21 h'").await;
    assert_eq!(due().await, Some(0));
    // Said again, it is the same policy; another one is due at once.
    world.store.retention_set(&Retention::default()).await.unwrap();
    assert_eq!(due().await, None);
    let all =
        Retention { archives: Archives::DropAfterPack, old_reports: Some(WEEK), orphans: Duration::from_mins(90) };
    world.store.retention_set(&all).await.unwrap();
    assert_eq!(due().await, Some(1));
    world.store.retention_set(&all).await.unwrap();
    assert_eq!(due().await, None);
    let kept: (bool, f64, f64) = sqlx::query_as(
        "SELECT drop_archives, extract(epoch FROM old_reports)::float8, extract(epoch FROM orphans)::float8 FROM retention_policy",
    )
    .fetch_one(&world.pool)
    .await
    .unwrap();
    assert_eq!(kept, (true, WEEK.as_secs_f64(), 5400.0));
}

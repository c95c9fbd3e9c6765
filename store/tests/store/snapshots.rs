//! Snapshots: what stood on a day, frozen.

use sqlx::PgPool;
use store::{Error, NewSnapshot, SnapshotName, SnapshotWanted};
use trends::Scope;

use crate::trends::{blocked, free, listing, read, uploaded};
use crate::world::World;

fn name(text: &str) -> SnapshotName {
    text.parse().unwrap()
}

fn new(text: &str, day: &str) -> NewSnapshot {
    NewSnapshot { name: name(text), day: day.parse().unwrap(), corrects: None }
}

fn wanted() -> SnapshotWanted {
    let series = vec![("verdict:abi3-3.11:blocked".parse().unwrap(), Scope::All)];
    SnapshotWanted { series, sampled: |_| false }
}

/// `spam` with two releases, the first of them blocked, and `eggs`, which came later.
async fn world(pool: PgPool) -> World {
    let world = World::new(pool).await;
    let spam = || vec![uploaded("spam", "1.0", "2024-01-10"), uploaded("spam", "2.0", "2024-03-01")];
    read(&world, &listing("spam", 1, spam()), &[("1.0", blocked()), ("2.0", free())]).await;
    read(&world, &listing("eggs", 1, vec![uploaded("eggs", "1.0", "2024-02-20")]), &[("1.0", blocked())]).await;
    world
}

#[sqlx::test(migrations = "../migrations")]
async fn a_snapshot_holds_what_stood_on_its_day_and_its_figures(pool: PgPool) {
    let world = world(pool).await;
    let store = &world.store;
    let head = store.snapshot_created(&new("2024-02", "2024-02-19"), &wanted()).await.unwrap();
    assert_eq!((head.projects, head.read, head.day.to_string().as_str()), (1, 1, "2024-02-19"));
    let frozen = store.snapshot_figures(&name("2024-02")).await.unwrap().unwrap();
    let files: Vec<_> = frozen.files.iter().map(|file| (file.project.as_str(), file.version.as_str())).collect();
    assert_eq!(files, [("spam", "1.0")]);
    let points: Vec<_> = frozen.series[0].points.iter().map(|point| (point.on.to_string(), point.projects)).collect();
    assert_eq!(points, [("2024-01-31".to_owned(), 1), ("2024-02-19".to_owned(), 1)]);

    let later = store.snapshot_created(&new("2024-03", "2024-03-01"), &wanted()).await.unwrap();
    assert_eq!(later.projects, 2);
    assert_ne!(later.hash, head.hash);
    let names: Vec<String> = store.snapshots().await.unwrap().into_iter().map(|head| head.name).collect();
    assert_eq!(names, ["2024-03", "2024-02"]);
}

#[sqlx::test(migrations = "../migrations")]
async fn a_name_is_taken_once_and_a_correction_names_what_is_there(pool: PgPool) {
    let world = world(pool).await;
    let store = &world.store;
    let head = store.snapshot_created(&new("one", "2024-02-19"), &wanted()).await.unwrap();
    let again = store.snapshot_created(&new("one", "2024-03-01"), &wanted()).await;
    assert!(matches!(again, Err(Error::SnapshotTaken(taken)) if taken == "one"));
    assert_eq!(store.snapshot(&name("one")).await.unwrap(), Some(head));
    let corrects = |of: &str| NewSnapshot { corrects: Some(name(of)), ..new("two", "2024-02-19") };
    let none = store.snapshot_created(&corrects("three"), &wanted()).await;
    assert!(matches!(none, Err(Error::NoSuchSnapshot(missing)) if missing == "three"));
    let two = store.snapshot_created(&corrects("one"), &wanted()).await.unwrap();
    assert_eq!(two.corrects.as_deref(), Some("one"));
    assert_eq!(store.snapshot_figures(&name("three")).await.unwrap(), None);
    for wrong in ["", "A", "-a", "a b", "a/b", &"a".repeat(64)] {
        assert!(wrong.parse::<SnapshotName>().is_err(), "{wrong}");
    }
}

#[sqlx::test(migrations = "../migrations")]
async fn what_is_not_as_it_was_is_told_and_retention_keeps_what_is_cited(pool: PgPool) {
    let world = world(pool).await;
    let store = &world.store;
    store.snapshot_created(&new("one", "2024-03-01"), &wanted()).await.unwrap();
    let verified = store.snapshot_verified(&name("one")).await.unwrap().unwrap();
    assert_eq!((verified.projects, verified.reports, verified.sources), (2, 2, 2));
    assert_eq!(verified.differences, Vec::<String>::new());
    assert_eq!(world.number("SELECT count(*) FROM kept_reports WHERE kept_by = 'snapshot:one'").await, 2);

    world
        .change("UPDATE reports SET digest = sha256('other') WHERE id = (SELECT min(report_id) FROM snapshot_files)")
        .await;
    world.change("UPDATE releases SET version = '9.9' WHERE version = '2.0'").await;
    let verified = store.snapshot_verified(&name("one")).await.unwrap().unwrap();
    assert_eq!(verified.reports, 1);
    let said = verified.differences.join("; ");
    assert!(
        said.contains("is another one now") && said.contains("the list has the hash") && said.contains("another list"),
        "{said}"
    );
    assert_eq!(store.snapshot_verified(&name("none")).await.unwrap(), None);
}

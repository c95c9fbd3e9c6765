//! Lists and counts come from memory, and are as new as what was written.

use std::time::Duration;

use analyzer::Kind;
use packaging::ReleaseVersion;
use sqlx::PgPool;
use store::{ProjectQuery, ProjectSort, Start};

use crate::world::{World, bytes, page, release, report, tree, used};

const GET_SIZE: &str = "PyTuple_GET_SIZE";

async fn users(world: &World) -> Vec<(String, String)> {
    let found = world.store.item(GET_SIZE, None, &Start::Page(1)).await.unwrap();
    let rows = found.map(|found| found.users.rows).unwrap_or_default();
    rows.into_iter().map(|user| (user.name.to_string(), user.version)).collect()
}

async fn projects(world: &World) -> i64 {
    let query = ProjectQuery {
        search: None,
        verdict: None,
        target: "abi3-3.11".parse().unwrap(),
        sort: ProjectSort::Name,
        descending: false,
        start: Start::Page(1),
    };
    world.store.projects(&query).await.unwrap().total
}

fn pairs(of: &[(&str, &str)]) -> Vec<(String, String)> {
    of.iter().map(|(name, version)| ((*name).to_owned(), (*version).to_owned())).collect()
}

#[sqlx::test(migrations = "../migrations")]
async fn whatever_is_written_is_seen_by_the_next_list(pool: PgPool) {
    let world = World::new(pool).await;
    assert_eq!(users(&world).await, pairs(&[]));
    let file = world.analysed("spam", vec![used(Kind::Api, GET_SIZE, &[2, 3])]).await;
    assert_eq!(users(&world).await, pairs(&[("spam", "1.0")]));
    world.analysed("eggs", vec![used(Kind::Api, GET_SIZE, &[2])]).await;
    assert_eq!(users(&world).await, pairs(&[("eggs", "1.0"), ("spam", "1.0")]));
    // The same file says something else now: another report in the place of the one before.
    world.store.file_analysed(file, &tree(), &report("spam", vec![used(Kind::Api, "PyNone", &[2])])).await.unwrap();
    assert_eq!(users(&world).await, pairs(&[("eggs", "1.0")]));
    assert_eq!(world.store.items(None, None, &store::Start::Page(1)).await.unwrap().total, 2);
}

#[sqlx::test(migrations = "../migrations")]
async fn a_newer_release_takes_the_place_of_the_one_before(pool: PgPool) {
    let world = World::new(pool).await;
    world.analysed("spam", vec![used(Kind::Api, GET_SIZE, &[2, 3])]).await;
    assert_eq!(users(&world).await, pairs(&[("spam", "1.0")]));
    let mut newer = page("spam");
    newer.releases[0].latest = false;
    newer.releases.push(release("spam", "2.0"));
    newer.serial = Some(11);
    world.store.project_recorded(&newer).await.unwrap();
    let version = ReleaseVersion::new("2.0");
    let file = world.store.selected_file(&newer.name, &version).await.unwrap().unwrap();
    world.store.file_fetched(file, bytes("spam")).await.unwrap();
    let uses = vec![used(Kind::Api, GET_SIZE, &[2])];
    world.store.file_analysed(file, &tree(), &report("spam", uses)).await.unwrap();
    assert_eq!(users(&world).await, pairs(&[("spam", "2.0")]));
}

#[sqlx::test(migrations = "../migrations")]
async fn another_process_sees_what_this_one_writes(pool: PgPool) {
    let world = World::new(pool).await;
    let other = world.another().await;
    assert_eq!(other.items(None, None, &store::Start::Page(1)).await.unwrap().total, 0);
    world.analysed("spam", vec![used(Kind::Api, GET_SIZE, &[2, 3])]).await;
    assert_eq!(other.items(None, None, &store::Start::Page(1)).await.unwrap().total, 1);
}

#[sqlx::test(migrations = "../migrations")]
async fn a_large_survey_is_shown_as_it_was_until_the_newer_is_read(pool: PgPool) {
    let world = World::new(pool).await;
    world
        .change(
            "INSERT INTO projects (name, display_name, state) SELECT 'p' || n, 'P' || n, 'listed' FROM generate_series(1, 2001) n",
        )
        .await;
    assert_eq!(projects(&world).await, 2001);
    let before = world.store.shown_version().await.unwrap();
    world.analysed("spam", vec![used(Kind::Api, GET_SIZE, &[2, 3])]).await;
    assert_eq!(projects(&world).await, 2001);
    let written = world.store.data_version().await.unwrap();
    assert!(written > before && world.store.shown_version().await.unwrap() < written);
    let newer = async {
        while projects(&world).await == 2001 {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    tokio::time::timeout(Duration::from_mins(1), newer).await.expect("read within a minute");
    assert_eq!(world.store.shown_version().await.unwrap(), written);
    assert_eq!(users(&world).await, pairs(&[("spam", "1.0")]));
}

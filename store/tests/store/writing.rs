//! The steps of an sdist's way: once, twice, late, and at the same time.

use crate::world::{World, bytes, page, release, report, sdist, tree, used};
use analyzer::Kind;
use futures_util::future::join_all;
use sqlx::PgPool;
use store::{Error, FileState, ProjectState, ReleaseState};

fn uses() -> Vec<analyzer::Use> {
    vec![used(Kind::Api, "PyTuple_GET_SIZE", &[2]), used(Kind::Member, "PyFrameObject.f_code", &[3])]
}

#[sqlx::test(migrations = "../migrations")]
async fn every_step_done_twice_is_done_once(pool: PgPool) {
    let world = World::new(pool).await;
    let file = world.analysed("spam", uses()).await;
    let once = world.store.digest().await.unwrap();
    let version = world.store.data_version().await.unwrap();
    assert_eq!(world.analysed("spam", uses()).await, file);
    assert_eq!(world.store.digest().await.unwrap(), once);
    assert!(world.store.data_version().await.unwrap() > version);
    assert!(world.store.is_analysed(file).await.unwrap());
    assert_eq!(world.store.file_bytes(file).await.unwrap().unwrap(), bytes("spam"));
}

#[sqlx::test(migrations = "../migrations")]
async fn the_digest_sees_a_change(pool: PgPool) {
    let world = World::new(pool).await;
    let file = world.fetched("spam").await;
    let before = world.store.digest().await.unwrap();
    world.store.file_analysed(file, &tree(), &report("spam", uses())).await.unwrap();
    let analysed = world.store.digest().await.unwrap();
    assert_ne!(analysed, before);
    world
        .store
        .file_analysed(file, &tree(), &report("spam", vec![used(Kind::Api, "PyTuple_GET_SIZE", &[3])]))
        .await
        .unwrap();
    assert_ne!(world.store.digest().await.unwrap(), analysed);
}

#[sqlx::test(migrations = "../migrations")]
async fn an_older_page_never_overwrites_a_newer_one(pool: PgPool) {
    let world = World::new(pool).await;
    world.listed("spam").await;
    let newer = world.store.digest().await.unwrap();
    let mut older = page("spam");
    older.serial = Some(9);
    older.display_name = "old".to_owned();
    older.releases.clear();
    world.store.project_recorded(&older).await.unwrap();
    assert_eq!(world.store.digest().await.unwrap(), newer);
    older.serial = Some(11);
    world.store.project_recorded(&older).await.unwrap();
    assert_ne!(world.store.digest().await.unwrap(), newer);
}

#[sqlx::test(migrations = "../migrations")]
async fn a_page_read_again_leaves_the_states_of_files_alone(pool: PgPool) {
    let world = World::new(pool).await;
    let file = world.listed("spam").await;
    assert_eq!(world.store.file_state(file).await.unwrap(), FileState::Queued);
    for state in [FileState::Deferred, FileState::TooLarge, FileState::HashMismatch] {
        world.store.file_ended(file, state, "because").await.unwrap();
        assert_eq!(world.listed("spam").await, file);
        assert_eq!(world.store.file_state(file).await.unwrap(), state);
    }
}

#[sqlx::test(migrations = "../migrations")]
async fn the_same_name_with_another_hash_is_another_row(pool: PgPool) {
    let world = World::new(pool).await;
    let old = world.fetched("spam").await;
    let mut changed = page("spam");
    changed.releases[0].files[0] = sdist("spam", "1.0", b"other bytes");
    world.store.project_recorded(&changed).await.unwrap();
    let new = world.file("spam").await;
    assert_ne!(new, old);
    assert_eq!(world.store.file_state(new).await.unwrap(), FileState::Queued);
    assert_eq!(world.store.file_state(old).await.unwrap(), FileState::Fetched);
}

#[sqlx::test(migrations = "../migrations")]
async fn a_new_release_takes_over_and_the_old_one_keeps_its_report(pool: PgPool) {
    let world = World::new(pool).await;
    world.analysed("spam", uses()).await;
    let mut grown = page("spam");
    let mut old = release("spam", "1.0");
    (old.latest, old.state, old.selected) = (false, ReleaseState::NotSelected, None);
    grown.releases = vec![old, release("spam", "2.0")];
    grown.releases[1].files[0] = sdist("spam", "2.0", b"newer");
    world.store.project_recorded(&grown).await.unwrap();
    let target = "abi3-3.11".parse().unwrap();
    let project = world.store.project(&"spam".parse().unwrap(), target).await.unwrap().unwrap();
    let row = |version: &str| project.releases.iter().find(|row| row.version == version).unwrap();
    assert!(row("2.0").latest && !row("1.0").latest);
    assert_eq!(row("2.0").file_state, Some(FileState::Queued));
    assert_eq!(row("1.0").state, ReleaseState::Selected, "what was judged is not put back");
    assert_eq!(row("1.0").verdict, Some(analyzer::Outcome::Blocked));
    assert_eq!(world.store.overview(target).await.unwrap().chain.readable, 0);
}

#[sqlx::test(migrations = "../migrations")]
async fn a_release_asked_for_by_its_version_stands_until_the_latest_is_judged(pool: PgPool) {
    let world = World::new(pool).await;
    let standing = async || world.store.release(&"spam".parse().unwrap(), None).await.unwrap().unwrap().version;
    let mut pinned = page("spam");
    let mut newer = release("spam", "2.0");
    newer.files[0] = sdist("spam", "2.0", b"newer");
    let mut skipped = newer.clone();
    (skipped.state, skipped.selected) = (ReleaseState::NotSelected, None);
    pinned.releases = vec![release("spam", "1.0"), skipped];
    (pinned.releases[0].latest, pinned.releases[1].latest) = (false, true);
    world.store.project_recorded(&pinned).await.unwrap();
    assert_eq!(standing().await, "1.0");
    pinned.releases[1] = newer;
    pinned.releases[1].latest = true;
    world.store.project_recorded(&pinned).await.unwrap();
    assert_eq!(standing().await, "2.0");
}

#[sqlx::test(migrations = "../migrations")]
async fn what_a_page_no_longer_lists_is_kept_but_not_waited_for(pool: PgPool) {
    let world = World::new(pool).await;
    let queued = world.listed("spam").await;
    let analysed = world.analysed("eggs", uses()).await;
    for name in ["spam", "eggs"] {
        let mut empty = page(name);
        empty.releases.clear();
        world.store.project_recorded(&empty).await.unwrap();
    }
    assert_eq!(world.store.file_state(queued).await.unwrap(), FileState::Withdrawn);
    assert_eq!(world.store.file_state(analysed).await.unwrap(), FileState::Analysed);
    // Back on the page, it is waited for again.
    assert_eq!(world.listed("spam").await, queued);
    assert_eq!(world.store.file_state(queued).await.unwrap(), FileState::Queued);
}

#[sqlx::test(migrations = "../migrations")]
async fn a_quarantined_project_keeps_what_is_known_of_it(pool: PgPool) {
    let world = World::new(pool).await;
    world.analysed("spam", uses()).await;
    let mut quarantined = page("spam");
    (quarantined.state, quarantined.status_text) = (ProjectState::Quarantined, Some("quarantined".to_owned()));
    quarantined.releases.clear();
    world.store.project_recorded(&quarantined).await.unwrap();
    let name = "spam".parse().unwrap();
    let project = world.store.project(&name, "abi3-3.11".parse().unwrap()).await.unwrap().unwrap();
    assert_eq!((project.state, project.releases.len()), (ProjectState::Quarantined, 1));
    // Facts stay, source does not.
    let sites = world.store.sites(&name, "1.0", "PyTuple_GET_SIZE", 10).await.unwrap();
    assert_eq!((sites.total, sites.rows[0].text.as_str()), (1, ""));
    assert_eq!(world.store.snippet(&name, "1.0", crate::world::PATH, 1, 3).await.unwrap(), None);
}

#[sqlx::test(migrations = "../migrations")]
async fn a_project_without_a_page_is_recorded_with_the_reason(pool: PgPool) {
    let world = World::new(pool).await;
    let name = "no-such-thing".parse().unwrap();
    world.store.project_ended(&name, ProjectState::NotFound, "the index does not know it").await.unwrap();
    let project = world.store.project(&name, "abi3-3.11".parse().unwrap()).await.unwrap().unwrap();
    assert_eq!(project.state, ProjectState::NotFound);
    assert_eq!(project.reason.as_deref(), Some("the index does not know it"));
    let refused = world.store.project_ended(&name, ProjectState::Listed, "").await;
    assert!(matches!(refused, Err(Error::NotAnEnd("listed"))));
}

#[sqlx::test(migrations = "../migrations")]
async fn other_bytes_than_promised_are_refused_and_nothing_is_stored(pool: PgPool) {
    let world = World::new(pool).await;
    let file = world.listed("spam").await;
    let refused = world.store.file_fetched(file, "something else".into()).await.unwrap_err();
    assert!(matches!(refused, Error::OtherBytes { .. }), "{refused}");
    assert_eq!(world.store.file_state(file).await.unwrap(), FileState::Queued);
    assert!(world.store.file_bytes(file).await.unwrap().is_none());
    assert_eq!(std::fs::read_dir(world.blobs.path()).unwrap().count(), 0);
}

#[sqlx::test(migrations = "../migrations")]
async fn when_the_blob_store_is_gone_postgres_claims_nothing(pool: PgPool) {
    let world = World::new(pool).await;
    let file = world.listed("spam").await;
    // A file where the folder was: no blob can be put.
    let path = world.blobs.path().to_owned();
    std::fs::remove_dir(&path).unwrap();
    std::fs::write(&path, "").unwrap();
    let failed = world.store.file_fetched(file, bytes("spam")).await;
    std::fs::remove_file(&path).unwrap();
    assert!(matches!(&failed, Err(error @ Error::BlobsGone(_)) if error.is_passing()), "{failed:?}");
    assert_eq!(world.store.file_state(file).await.unwrap(), FileState::Queued);
    std::fs::create_dir(&path).unwrap();
}

#[sqlx::test(migrations = "../migrations")]
async fn a_file_that_was_never_stored_cannot_be_analysed(pool: PgPool) {
    let world = World::new(pool).await;
    let file = world.listed("spam").await;
    let refused = world.store.file_analysed(file, &tree(), &report("spam", uses())).await;
    assert!(matches!(refused, Err(Error::NotFetched(name)) if name == "spam-1.0.tar.gz"));
}

#[sqlx::test(migrations = "../migrations")]
async fn news_that_comes_late_changes_nothing(pool: PgPool) {
    let world = World::new(pool).await;
    let file = world.fetched("spam").await;
    world.store.file_ended(file, FileState::Deferred, "reset").await.unwrap();
    assert_eq!(world.store.file_state(file).await.unwrap(), FileState::Fetched);
    world.store.file_analysed(file, &tree(), &report("spam", uses())).await.unwrap();
    let analysed = world.store.digest().await.unwrap();
    world.store.file_ended(file, FileState::AnalyzerFailed, "killed").await.unwrap();
    world.store.file_fetched(file, bytes("spam")).await.unwrap();
    assert_eq!(world.store.digest().await.unwrap(), analysed);
    let refused = world.store.file_ended(file, FileState::Queued, "").await;
    assert!(matches!(refused, Err(Error::NotAnEnd("queued"))));
}

#[sqlx::test(migrations = "../migrations")]
async fn writers_of_one_file_at_the_same_time_are_as_one(pool: PgPool) {
    let world = World::new(pool).await;
    let file = world.fetched("spam").await;
    let (tree, report) = (tree(), report("spam", uses()));
    let writers = (0..6).map(|_| world.store.file_analysed(file, &tree, &report));
    join_all(writers).await.into_iter().for_each(Result::unwrap);
    let many = world.store.digest().await.unwrap();
    world.store.file_analysed(file, &tree, &report).await.unwrap();
    assert_eq!(world.store.digest().await.unwrap(), many);
    let rows: (i64, i64) = sqlx::query_as("SELECT (SELECT count(*) FROM reports), (SELECT count(*) FROM uses)")
        .fetch_one(&world.pool)
        .await
        .unwrap();
    assert_eq!(rows, (1, 2));
}

/// Many files bring the same new words at once, each in another order.
#[sqlx::test(migrations = "../migrations")]
async fn writers_of_many_files_share_their_words_without_deadlock(pool: PgPool) {
    let world = World::new(pool).await;
    let mut jobs = Vec::new();
    for n in 0..8_usize {
        let name = format!("project{n}");
        let mut uses: Vec<_> = (0..40).map(|item| used(Kind::Api, &format!("Py_Item{item}"), &[2])).collect();
        uses.rotate_left(n * 5);
        jobs.push((world.fetched(&name).await, report(&name, uses)));
    }
    let tree = tree();
    join_all(jobs.iter().map(|(file, report)| world.store.file_analysed(*file, &tree, report)))
        .await
        .into_iter()
        .for_each(Result::unwrap);
    let items = world.store.items(Some("py_item"), None, &store::Start::Page(1)).await.unwrap();
    assert_eq!(items.total, 40);
    assert!(items.rows.iter().all(|hit| hit.projects == 8));
}

#[sqlx::test(migrations = "../migrations")]
async fn hostile_text_is_stored_without_harm(pool: PgPool) {
    let world = World::new(pool).await;
    let mut hostile = page("spam");
    hostile.display_name = "sp\0am".to_owned();
    hostile.releases[0].requires_python = Some("\0".repeat(9));
    hostile.releases[0].files[1].filename = "x".repeat(9000);
    world.store.project_recorded(&hostile).await.unwrap();
    let file = world.file("spam").await;
    world.store.file_fetched(file, bytes("spam")).await.unwrap();
    let long = used(Kind::StaticType, &"y".repeat(9000), &[1]);
    let mut report = report("spam", vec![long, used(Kind::InternalHeader, "internal/\0.h", &[1])]);
    report.problems.push(analyzer::Problem { path: Some("a\0b".to_owned()), message: "\0".to_owned() });
    world.store.file_analysed(file, &tree(), &report).await.unwrap();
    world.store.file_analysed(file, &tree(), &report).await.unwrap();
    let release = world.store.release(&"spam".parse().unwrap(), Some("1.0")).await.unwrap().unwrap();
    let answer = release.file.unwrap();
    assert_eq!((answer.uses.len(), answer.problems.len()), (2, 1));
    assert!(world.store.release(&"spam".parse().unwrap(), Some("1\0")).await.unwrap().is_none());
    // As it was stored, so it is looked for.
    assert_eq!(world.store.search("\0", &store::SearchPlace::default(), 5).await.unwrap().hits.len(), 1);
}

/// As after a restart of the server: every connection of the pool is dead.
#[sqlx::test(migrations = "../migrations")]
async fn lost_connections_are_made_anew(pool: PgPool) {
    let world = World::new(pool).await;
    let file = world.listed("spam").await;
    let ended: Vec<bool> = sqlx::query_scalar(
        "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity
         WHERE datname = current_database() AND pid <> pg_backend_pid()",
    )
    .fetch_all(&world.pool)
    .await
    .unwrap();
    assert!(!ended.is_empty() && ended.iter().all(|ended| *ended));
    world.store.file_fetched(file, bytes("spam")).await.unwrap();
    assert_eq!(world.store.file_state(file).await.unwrap(), FileState::Fetched);
}

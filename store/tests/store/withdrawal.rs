//! Files that the index takes back, and archives that are lost.

use sqlx::PgPool;
use store::{FileId, FileState, Withdrawal};

use crate::world::{World, bytes, page, release, sdist};

impl World {
    async fn reason(&self, file: FileId) -> (FileState, Option<String>) {
        let sql = "SELECT reason FROM files WHERE format('FileId(%s)', id) = $1";
        let reason = sqlx::query_scalar(sql).bind(format!("{file:?}"));
        (self.store.file_state(file).await.unwrap(), reason.fetch_one(&self.pool).await.unwrap())
    }

    /// The page of `spam`, with other bytes under the name of its sdist.
    async fn content_changed(&self) {
        let mut changed = page("spam");
        changed.serial = Some(11);
        changed.releases[0].files[0] = sdist("spam", "1.0", b"other bytes");
        self.store.project_recorded(&changed).await.unwrap();
    }
}

fn withdrawn(why: Withdrawal) -> (FileState, Option<String>) {
    (FileState::Withdrawn, Some(why.as_str().to_owned()))
}

/// A page that is read and a fetch that asks where the file went come to the same, in whatever order.
#[sqlx::test(migrations = "../migrations")]
async fn other_bytes_under_a_name_are_one_alarm_and_two_rows_whoever_sees_it_first(pool: PgPool) {
    let world = World::new(pool).await;
    let mut digests = Vec::new();
    for fetch_first in [true, false] {
        let old = world.listed("spam").await;
        if fetch_first {
            world.store.file_withdrawn(old, Withdrawal::OtherContent).await.unwrap();
        }
        world.content_changed().await;
        if !fetch_first {
            world.store.file_withdrawn(old, Withdrawal::OtherContent).await.unwrap();
        }
        assert_eq!(world.reason(old).await, withdrawn(Withdrawal::OtherContent));
        let new = world.file("spam").await;
        assert_ne!(new, old);
        assert_eq!(world.reason(new).await, (FileState::Queued, None));
        world.content_changed().await;
        let alarms = world.store.alarms().await.unwrap();
        assert_eq!((alarms.len(), alarms[0].times), (1, 1));
        assert_eq!((&*alarms[0].kind, &*alarms[0].subject), ("file-content-changed", "spam spam-1.0.tar.gz"));
        digests.push(world.store.digest().await.unwrap());
        world.change("TRUNCATE projects, releases, files, alarms CASCADE").await;
    }
    assert_eq!(digests[0], digests[1]);
}

#[sqlx::test(migrations = "../migrations")]
async fn a_file_that_is_waited_for_and_not_listed_any_more_says_so_whatever_was_said_before(pool: PgPool) {
    let world = World::new(pool).await;
    let mut files = Vec::new();
    for (name, state) in [("a", None), ("b", Some(FileState::Deferred)), ("c", Some(FileState::MissingUpstream))] {
        let file = world.listed(name).await;
        if let Some(state) = state {
            world.store.file_ended(file, state, "503, six times").await.unwrap();
        }
        files.push((name, file));
    }
    let kept = world.fetched("d").await;
    let mismatch = world.listed("e").await;
    world.store.file_ended(mismatch, FileState::HashMismatch, "another hash").await.unwrap();
    for name in ["a", "b", "c", "d", "e"] {
        let mut other = page(name);
        other.releases = vec![release(name, "2.0")];
        other.releases[0].files[0] = sdist(name, "2.0", b"newer");
        world.store.project_recorded(&other).await.unwrap();
    }
    for (name, file) in files {
        assert_eq!(world.reason(file).await, withdrawn(Withdrawal::NotListed), "{name}");
    }
    assert_eq!(world.reason(kept).await.0, FileState::Fetched);
    assert_eq!(world.reason(mismatch).await, (FileState::HashMismatch, Some("another hash".to_owned())));
}

#[sqlx::test(migrations = "../migrations")]
async fn a_lost_archive_is_waited_for_again_and_nothing_that_was_analysed_is(pool: PgPool) {
    let world = World::new(pool).await;
    let fetched = world.fetched("spam").await;
    let analysed = world.analysed("eggs", Vec::new()).await;
    let digest = world.store.digest().await.unwrap();
    assert!(!world.store.file_lost(analysed).await.unwrap());
    assert!(world.store.file_lost(fetched).await.unwrap());
    assert_eq!(world.reason(fetched).await, (FileState::Queued, None));
    assert!(!world.store.file_lost(fetched).await.unwrap());
    world.store.file_fetched(fetched, bytes("spam")).await.unwrap();
    assert_eq!(world.store.digest().await.unwrap(), digest);
}

#[sqlx::test(migrations = "../migrations")]
async fn alarms_are_cleared_by_kind_and_subject_and_what_was_cleared_is_told(pool: PgPool) {
    let world = World::new(pool).await;
    world
        .change(
            "INSERT INTO alarms (kind, subject, detail, last_at) VALUES
             ('file-content-changed', 'spam spam-1.0.tar.gz', 'a', now() - interval '1 h'),
             ('file-content-changed', 'eggs eggs-1.0.tar.gz', 'b', now()),
             ('listing-refused', 'https://index.example', 'c', now())",
        )
        .await;
    let clear = async |kind, about| {
        let cleared = world.store.alarms_cleared(kind, about).await.unwrap();
        cleared.into_iter().map(|alarm| alarm.detail).collect::<Vec<_>>()
    };
    assert_eq!(clear(Some("listing-refused"), Some("eggs")).await, [""; 0]);
    assert_eq!(clear(Some("listing-refused"), None).await, ["c"]);
    assert_eq!(world.store.crawl_status().await.unwrap().alarms, 2);
    assert_eq!(clear(None, None).await, ["b", "a"], "the latest first");
    assert_eq!(world.store.alarms().await.unwrap(), []);
}

#[sqlx::test(migrations = "../migrations")]
async fn files_that_ended_before_they_were_stored_are_fetched_again_when_the_operator_says_so(pool: PgPool) {
    let world = World::new(pool).await;
    let ended = async |name: &str, state| {
        let file = world.listed(name).await;
        world.store.file_ended(file, state, "why").await.unwrap();
        file
    };
    let blocked = ended("a", FileState::BlockedUrl).await;
    let mismatch = ended("b", FileState::HashMismatch).await;
    let stored = world.fetched("c").await;
    world.store.file_ended(stored, FileState::TooLarge, "its sources").await.unwrap();
    assert_eq!(world.store.files_fetched_again(FileState::BlockedUrl).await.unwrap(), 1);
    assert_eq!(world.reason(blocked).await, (FileState::Queued, None));
    assert_eq!(world.store.file_state(mismatch).await.unwrap(), FileState::HashMismatch);
    assert_eq!(world.store.crawl_status().await.unwrap().queue["fetch"].ready, 1);
    for state in [FileState::TooLarge, FileState::Unreadable, FileState::Analysed, FileState::BlockedUrl] {
        assert_eq!(world.store.files_fetched_again(state).await.unwrap(), 0, "{state}");
    }
}

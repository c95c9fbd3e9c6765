//! Releases that leave their sources as they were: one report, and each its own answer.

use std::time::Duration;

use analyzer::{Fingerprint, Kind, TreeFacts};
use packaging::ReleaseVersion;
use sqlx::PgPool;
use store::{FileId, FileState, Run, Unchanged};

use crate::world::{World, bytes, page, release, report, sdist, tree, used};

/// What the archive of the later release held.
fn later() -> TreeFacts {
    TreeFacts { entries: 9, ..report("spam", Vec::new()).tree }
}

fn unchanged() -> Unchanged {
    let sources = store::sources_packed(&tree()).unwrap();
    Unchanged::from_parts(Fingerprint::of(&tree()), later(), Some(sources)).unwrap()
}

impl World {
    /// A project with 1.0, which is analysed, and 1.1, which is fetched.
    async fn two_releases(&self) -> [FileId; 2] {
        let mut both = page("spam");
        both.releases[0].latest = false;
        both.releases.push(release("spam", "1.1"));
        both.releases[1].files[0] = sdist("spam", "1.1", b"another archive");
        self.store.project_recorded(&both).await.unwrap();
        let fetched = async |version, bytes| {
            let version = ReleaseVersion::new(version);
            let file = self.store.selected_file(&"spam".parse().unwrap(), &version).await.unwrap().unwrap();
            self.store.file_fetched(file, bytes).await.unwrap();
            file
        };
        let files = [fetched("1.0", bytes("spam")).await, fetched("1.1", "another archive".into()).await];
        self.store.file_analysed(files[0], &tree(), &said("PyTuple_GET_SIZE")).await.unwrap();
        files
    }

    /// The items that a release uses, and the entries of its archive.
    async fn told(&self, version: &str) -> (Vec<String>, u64) {
        let release = self.store.release(&"spam".parse().unwrap(), Some(version)).await.unwrap().unwrap();
        let file = release.file.unwrap();
        (file.uses.into_iter().map(|found| found.item).collect(), file.tree.unwrap().entries)
    }
}

fn said(item: &str) -> analyzer::Report {
    report("spam", vec![used(Kind::Api, item, &[2])])
}

fn items(item: &str) -> Vec<String> {
    vec![item.to_owned()]
}

#[sqlx::test(migrations = "../migrations")]
async fn a_release_with_the_same_sources_has_the_same_report(pool: PgPool) {
    let world = World::new(pool).await;
    let [first, second] = world.two_releases().await;
    let other = world.fetched("eggs").await;
    assert_eq!(world.store.known_fingerprints(second).await.unwrap(), [Fingerprint::of(&tree())]);
    assert_eq!(world.store.known_fingerprints(first).await.unwrap(), [], "it asks about others");
    assert_eq!(world.store.known_fingerprints(other).await.unwrap(), [], "of its own project");
    assert!(!world.store.file_unchanged(other, &unchanged()).await.unwrap());
    assert_eq!(world.store.file_state(other).await.unwrap(), FileState::Fetched);

    assert!(world.store.file_unchanged(second, &unchanged()).await.unwrap());
    assert!(world.store.is_analysed(second).await.unwrap());
    assert!(world.store.file_unchanged(second, &unchanged()).await.unwrap(), "once more is no harm");
    assert_eq!(world.number("SELECT count(*) FROM reports").await, 1);
    assert_eq!(world.told("1.0").await, (items("PyTuple_GET_SIZE"), 3));
    assert_eq!(world.told("1.1").await, (items("PyTuple_GET_SIZE"), 9), "what its own archive held");
    let sites = world.store.sites(&"spam".parse().unwrap(), "1.1", "PyTuple_GET_SIZE", 10).await.unwrap();
    assert_eq!(sites.total, 1);

    // Whether it was analysed or not makes no difference to what is known.
    let digest = world.store.digest().await.unwrap();
    let alone = analyzer::Report { tree: later(), sdist: "spam-1.1.tar.gz".to_owned(), ..said("PyTuple_GET_SIZE") };
    world.store.file_analysed(second, &tree(), &alone).await.unwrap();
    assert_eq!(world.number("SELECT count(*) FROM reports").await, 2);
    assert_eq!(world.store.digest().await.unwrap(), digest);
}

#[sqlx::test(migrations = "../migrations")]
async fn whoever_shares_a_report_keeps_it_when_the_first_says_something_else(pool: PgPool) {
    let world = World::new(pool).await;
    let [first, second] = world.two_releases().await;
    world.store.file_unchanged(second, &unchanged()).await.unwrap();
    world.store.file_analysed(first, &tree(), &said("PyTuple_SIZE")).await.unwrap();
    assert_eq!(world.told("1.0").await, (items("PyTuple_SIZE"), 3));
    assert_eq!(world.told("1.1").await, (items("PyTuple_GET_SIZE"), 9));
    assert_eq!(world.number("SELECT count(*) FROM reports").await, 2);
    world.store.file_analysed(second, &tree(), &said("PyTuple_SIZE")).await.unwrap();
    assert_eq!(world.told("1.1").await.0, items("PyTuple_SIZE"));
    assert_eq!(world.number("SELECT count(*) FROM reports").await, 2, "what nobody names any more is gone");
}

#[sqlx::test(migrations = "../migrations")]
async fn an_old_report_stays_until_all_that_share_it_have_a_newer_one(pool: PgPool) {
    let world = World::new(pool).await;
    let [first, second] = world.two_releases().await;
    world.store.file_unchanged(second, &unchanged()).await.unwrap();
    // An older program had said all this.
    world.change("UPDATE reports SET analyzer_version = '0'").await;
    world.change("UPDATE report_versions SET analyzer_version = '0', said_at = now() - interval '2 days'").await;
    assert_eq!(world.store.known_fingerprints(second).await.unwrap(), [], "of this analyzer");
    assert!(!world.store.file_unchanged(second, &unchanged()).await.unwrap());
    world.store.file_analysed(first, &tree(), &said("PyTuple_SIZE")).await.unwrap();
    let removed = async || world.store.old_reports_removed(Duration::ZERO, Run::Real).await.unwrap().count;
    assert_eq!(removed().await, 0, "1.1 has no other answer");
    world.store.file_analysed(second, &tree(), &said("PyTuple_SIZE")).await.unwrap();
    assert_eq!(removed().await, 1);
    assert_eq!(world.number("SELECT count(*) FROM reports").await, 2);
}

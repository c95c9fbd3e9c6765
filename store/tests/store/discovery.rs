//! Listings and what follows from them.

use packaging::ProjectName;
use sqlx::PgPool;
use store::{
    Completeness, Due, DueRules, JobKind, ListedName, ListingOutcome, ListingRules, Month, ProjectState, Sha256, Store,
    TopRow,
};

use crate::world::{World, page, sdist};

const INDEX: &str = "https://index.example";

fn listed(name: &str, serial: i64) -> ListedName {
    ListedName { name: name.parse().unwrap(), display_name: name.to_uppercase(), serial: Some(serial) }
}

fn many(count: usize) -> Vec<ListedName> {
    (0..count).map(|n| listed(&format!("p{n}"), 10)).collect()
}

async fn apply(store: &Store, names: &[ListedName], last_serial: Option<i64>) -> ListingOutcome {
    let mut listing = store.listing_begun(INDEX).await.unwrap();
    listing.add(names).await.unwrap();
    listing.finish(Completeness::Whole, last_serial, ListingRules::default()).await.unwrap()
}

fn applied(names: u64, appeared: u64, changed: u64, gone: u64) -> ListingOutcome {
    ListingOutcome::Applied { names, appeared, changed, gone }
}

async fn due(store: &Store) -> u64 {
    store.enqueue_due(&DueRules::default()).await.unwrap().due
}

impl World {
    /// What waits to be read, in the order of its priority.
    async fn to_read(&self) -> Vec<String> {
        let sql = "SELECT substr(key, 14) FROM graphile_worker.jobs WHERE task_identifier = 'read-project' ORDER BY priority, run_at, id";
        sqlx::query_scalar(sql).fetch_all(&self.pool).await.unwrap()
    }

    async fn nothing_waits(&self) {
        self.change("DELETE FROM graphile_worker._private_jobs").await;
    }

    /// Reads a page that has the serial of the listing.
    async fn page_read(&self, name: &str, serial: Option<i64>) {
        let mut page = page(name);
        page.serial = serial;
        self.store.project_recorded(&page).await.unwrap();
    }
}

#[sqlx::test(migrations = "../migrations")]
async fn a_listing_is_compared_with_the_one_before(pool: PgPool) {
    let world = World::new(pool).await;
    let first = [listed("a", 1), listed("b", 2), listed("c", 3)];
    assert_eq!(apply(&world.store, &first, Some(10)).await, applied(3, 3, 0, 0));
    assert_eq!(apply(&world.store, &first, Some(10)).await, applied(3, 0, 0, 0));
    let second = [listed("a", 1), listed("b", 5), listed("d", 4)];
    assert_eq!(apply(&world.store, &second, Some(11)).await, applied(3, 1, 1, 1));
    // Back again is news.
    assert_eq!(apply(&world.store, &[listed("c", 3), listed("b", 5), listed("a", 1)], None).await, applied(3, 0, 1, 1));
    let status = world.store.crawl_status().await.unwrap();
    assert_eq!((status.names.listed, status.names.unread, status.names.gone), (3, 3, 1));
    assert_eq!((status.listings[0].names, status.listings[0].changed, status.listings[0].gone), (3, 1, 1));
}

#[sqlx::test(migrations = "../migrations")]
async fn a_name_given_twice_counts_once_and_no_serial_goes_back(pool: PgPool) {
    let world = World::new(pool).await;
    let mut listing = world.store.listing_begun(INDEX).await.unwrap();
    listing.add(&[listed("a", 5), listed("a", 7), listed("b", 1)]).await.unwrap();
    listing.add(&[listed("a", 6)]).await.unwrap();
    let done = listing.finish(Completeness::Whole, None, ListingRules::default()).await.unwrap();
    assert_eq!(done, applied(2, 2, 0, 0));
    assert_eq!(world.number("SELECT serial FROM index_names WHERE name = 'a'").await, 7);
    assert_eq!(apply(&world.store, &[listed("a", 6), listed("b", 1)], None).await, applied(2, 0, 0, 0));
    assert_eq!(world.number("SELECT serial FROM index_names WHERE name = 'a'").await, 7);
}

#[sqlx::test(migrations = "../migrations")]
async fn a_listing_that_cannot_be_true_changes_nothing_and_is_shown(pool: PgPool) {
    let world = World::new(pool).await;
    apply(&world.store, &many(2000), Some(100)).await;
    let before = world.store.digest().await.unwrap();
    let refused = |outcome| match outcome {
        ListingOutcome::Refused(reason) => reason,
        ListingOutcome::Applied { .. } => panic!("it was believed"),
    };
    assert_eq!(refused(apply(&world.store, &many(1989), Some(101)).await), "11 of 2000 names vanished at once");
    assert_eq!(refused(apply(&world.store, &[], Some(101)).await), "the listing is empty");
    let older = refused(apply(&world.store, &many(2000), Some(99)).await);
    assert_eq!(older, "the listing has serial 99, but one with 100 was read before");
    let mut cut = world.store.listing_begun(INDEX).await.unwrap();
    cut.add(&many(1999)).await.unwrap();
    let cut = cut.finish(Completeness::Cut, None, ListingRules::default()).await.unwrap();
    assert_eq!(refused(cut), "the listing was cut after 1999 names");
    assert_eq!(world.store.digest().await.unwrap(), before);

    let status = world.store.crawl_status().await.unwrap();
    assert_eq!(status.listings[0].refused.as_deref(), Some("the listing was cut after 1999 names"));
    assert_eq!((status.listings[1].refused.as_deref(), status.listings[1].names), (None, 2000));
    let alarms = world.store.alarms().await.unwrap();
    assert_eq!((alarms.len(), alarms[0].kind.as_str(), alarms[0].times), (1, "listing-refused", 4));

    // Half a percent is believed, and so is an operator who knows better.
    assert_eq!(apply(&world.store, &many(1990), Some(101)).await, applied(1990, 0, 0, 10));
    let mut shrunk = world.store.listing_begun(INDEX).await.unwrap();
    shrunk.add(&many(7)).await.unwrap();
    let shrunk = shrunk.finish(Completeness::Whole, None, ListingRules::BELIEVE_ALL).await.unwrap();
    assert_eq!(shrunk, applied(7, 0, 0, 1983));
}

#[sqlx::test(migrations = "../migrations")]
async fn a_listing_that_is_given_up_leaves_no_trace(pool: PgPool) {
    let world = World::new(pool).await;
    let mut listing = world.store.listing_begun(INDEX).await.unwrap();
    listing.add(&many(10)).await.unwrap();
    drop(listing);
    assert_eq!(apply(&world.store, &[listed("a", 1)], None).await, applied(1, 1, 0, 0));
}

#[sqlx::test(migrations = "../migrations")]
async fn two_that_read_the_listing_at_once_follow_each_other(pool: PgPool) {
    let world = World::new(pool).await;
    let other = world.another().await;
    let names = many(500);
    let (a, b) = tokio::join!(apply(&world.store, &names, Some(1)), apply(&other, &names, Some(1)));
    let mut outcomes = [a, b];
    outcomes.sort_by_key(|outcome| *outcome == applied(500, 0, 0, 0));
    assert_eq!(outcomes, [applied(500, 500, 0, 0), applied(500, 0, 0, 0)]);
}

#[sqlx::test(migrations = "../migrations")]
async fn what_is_new_or_changed_is_read_and_what_is_the_same_is_not(pool: PgPool) {
    let world = World::new(pool).await;
    apply(&world.store, &[listed("a", 1), listed("b", 2)], None).await;
    assert_eq!(world.store.enqueue_due(&DueRules::default()).await.unwrap(), Due { due: 2, enqueued: 2 });
    // Said again, nothing is enqueued twice.
    assert_eq!(world.store.enqueue_due(&DueRules::default()).await.unwrap(), Due { due: 2, enqueued: 0 });
    world.nothing_waits().await;
    world.page_read("a", Some(1)).await;
    world.page_read("b", Some(2)).await;
    assert_eq!(due(&world.store).await, 0);
    // b moved, c is new; a stays.
    apply(&world.store, &[listed("a", 1), listed("b", 3), listed("c", 3)], None).await;
    assert_eq!(due(&world.store).await, 2);
    assert_eq!(world.to_read().await, ["b", "c"]);
    // A page from a cache, older than the listing, is taken, and looked at again.
    world.page_read("b", Some(2)).await;
    world.page_read("c", Some(3)).await;
    assert_eq!(due(&world.store).await, 1);
}

#[sqlx::test(migrations = "../migrations")]
async fn pages_without_serials_are_read_once_for_each_news_of_the_listing(pool: PgPool) {
    let world = World::new(pool).await;
    apply(&world.store, &[listed("a", 1)], None).await;
    world.page_read("a", None).await;
    assert_eq!(due(&world.store).await, 0);
    apply(&world.store, &[listed("a", 2)], None).await;
    assert_eq!(due(&world.store).await, 1);
    world.page_read("a", None).await;
    assert_eq!(due(&world.store).await, 0);
}

#[sqlx::test(migrations = "../migrations")]
async fn a_project_that_is_gone_keeps_its_state_until_its_page_agrees(pool: PgPool) {
    let world = World::new(pool).await;
    apply(&world.store, &[listed("a", 1), listed("b", 1), listed("c", 1)], None).await;
    for name in ["a", "b", "c"] {
        world.page_read(name, Some(1)).await;
    }
    apply(&world.store, &[listed("c", 1)], None).await;
    let state = async |name: &str| {
        let project = world.store.project(&name.parse().unwrap(), "abi3-3.11".parse().unwrap()).await.unwrap().unwrap();
        project.state
    };
    assert_eq!((state("a").await, state("b").await), (ProjectState::Listed, ProjectState::Listed));
    assert_eq!(due(&world.store).await, 2);
    world
        .store
        .project_ended(&"a".parse().unwrap(), ProjectState::Withdrawn, "the index has no page of it")
        .await
        .unwrap();
    world.page_read("b", Some(1)).await;
    assert_eq!((state("a").await, state("b").await), (ProjectState::Withdrawn, ProjectState::Listed));
    assert_eq!(due(&world.store).await, 0);
    // It comes back.
    apply(&world.store, &[listed("a", 1), listed("b", 1), listed("c", 1)], None).await;
    world.nothing_waits().await;
    assert_eq!(due(&world.store).await, 1);
    assert_eq!(world.to_read().await, ["a"]);
}

#[sqlx::test(migrations = "../migrations")]
async fn every_project_is_read_again_after_30_days_and_one_put_off_at_once(pool: PgPool) {
    let world = World::new(pool).await;
    apply(&world.store, &[listed("a", 1), listed("b", 1), listed("c", 1)], None).await;
    for name in ["a", "b", "c"] {
        world.page_read(name, Some(1)).await;
    }
    world.store.project_ended(&"b".parse().unwrap(), ProjectState::Deferred, "timed out").await.unwrap();
    world.change("UPDATE projects SET read_at = now() - interval '31 days' WHERE name = 'c'").await;
    world.change("UPDATE index_names SET changed_at = now() - interval '40 days'").await;
    assert_eq!(due(&world.store).await, 2);
    assert_eq!(world.to_read().await, ["b", "c"]);
}

#[sqlx::test(migrations = "../migrations")]
async fn widely_used_projects_are_read_first(pool: PgPool) {
    let world = World::new(pool).await;
    let top = |names: &[&str]| -> Vec<TopRow> {
        let row = |(n, name): (usize, &&str)| TopRow { name: name.parse().unwrap(), downloads: 1000 - n as u64 };
        names.iter().enumerate().map(row).collect()
    };
    let month = |text: &str| Month::of(text.parse().unwrap());
    world.store.top_list_recorded(month("2026-10-01"), &top(&["c", "z", "a", "c"])).await.unwrap();
    world.store.top_list_recorded(month("2026-09-15"), &top(&["b"])).await.unwrap();
    // The same month again replaces, another one stays.
    world.store.top_list_recorded(month("2026-10-31"), &top(&["c", "z", "a", "c"])).await.unwrap();
    assert_eq!(world.number("SELECT count(*) FROM project_downloads").await, 4);
    assert_eq!(world.number("SELECT rank::bigint FROM project_downloads WHERE name = 'c'").await, 1);
    let mut names = many(1500);
    names.extend(["a", "b", "c"].map(|name| listed(name, 1)));
    apply(&world.store, &names, None).await;
    assert_eq!(due(&world.store).await, 1503);
    assert_eq!(world.to_read().await.len(), 1503);
    // `a` and `c` have ranks, the others only names.
    assert_eq!(world.to_read().await[..3], ["c", "a", "b"]);
}

#[sqlx::test(migrations = "../migrations")]
async fn a_crawl_of_some_names_reads_only_these_listed_or_not(pool: PgPool) {
    let world = World::new(pool).await;
    apply(&world.store, &many(100), None).await;
    let names: Vec<ProjectName> = ["p7", "no-such-thing"].map(|name| name.parse().unwrap()).to_vec();
    let rules = DueRules { names: Some(&names), ..DueRules::default() };
    assert_eq!(world.store.enqueue_due(&rules).await.unwrap().due, 2);
    assert_eq!(world.to_read().await.len(), 2);
    world.page_read("p7", Some(10)).await;
    world.store.project_ended(&names[1], ProjectState::NotFound, "the index does not know it").await.unwrap();
    assert_eq!(world.store.enqueue_due(&rules).await.unwrap().due, 0);
}

#[sqlx::test(migrations = "../migrations")]
async fn an_answer_to_an_older_question_never_overwrites_a_newer_one(pool: PgPool) {
    let world = World::new(pool).await;
    let (first, second) = (world.store.asked_now().await.unwrap(), world.store.asked_now().await.unwrap());
    let mut newer = page("spam");
    newer.serial = None;
    assert!(world.store.project_recorded_as_of(&newer, second).await.unwrap());
    let digest = world.store.digest().await.unwrap();
    let mut older = newer.clone();
    older.releases.clear();
    assert!(!world.store.project_recorded_as_of(&older, first).await.unwrap());
    let name = "spam".parse().unwrap();
    assert!(!world.store.project_ended_as_of(&name, ProjectState::NotFound, "", first).await.unwrap());
    assert_eq!(world.store.digest().await.unwrap(), digest);
    // A higher serial is newer whenever it was asked for.
    newer.serial = Some(10);
    assert!(world.store.project_recorded_as_of(&newer, second).await.unwrap());
    newer.serial = Some(11);
    assert!(world.store.project_recorded_as_of(&newer, first).await.unwrap());
    assert!(world.store.project_ended_as_of(&name, ProjectState::NotFound, "", second).await.unwrap());
}

#[sqlx::test(migrations = "../migrations")]
async fn the_digest_of_a_page_is_recorded_with_it_and_only_with_it(pool: PgPool) {
    let world = World::new(pool).await;
    let name: ProjectName = "spam".parse().unwrap();
    let (digest, other) = (Sha256::of(b"one"), Sha256::of(b"other"));
    let first = world.store.page_known(&name).await.unwrap();
    assert_eq!((first.digest, first.has_files), (None, false));
    assert!(world.store.page_recorded(&page("spam"), digest, first.now).await.unwrap());
    world.store.page_emptied(&name).await.unwrap();
    let known = world.store.page_known(&name).await.unwrap();
    assert!(
        known.digest == Some(digest) && known.has_files && known.without_files_since.is_some() && known.now > first.now
    );
    // What is refused leaves no trace.
    assert!(!world.store.page_recorded(&page("spam"), other, "2020-01-01T00:00:00Z".parse().unwrap()).await.unwrap());
    assert_eq!(world.store.page_known(&name).await.unwrap().digest, Some(digest));
    // A survey knows no digest, and takes none away.
    world.store.project_recorded(&page("spam")).await.unwrap();
    let known = world.store.page_known(&name).await.unwrap();
    assert!(known.digest == Some(digest) && known.without_files_since.is_some());
    assert!(world.store.page_recorded(&page("spam"), other, world.store.asked_now().await.unwrap()).await.unwrap());
    let known = world.store.page_known(&name).await.unwrap();
    assert_eq!((known.digest, known.without_files_since), (Some(other), None));
}

#[sqlx::test(migrations = "../migrations")]
async fn a_file_name_with_new_content_raises_an_alarm_once(pool: PgPool) {
    let world = World::new(pool).await;
    world.listed("spam").await;
    assert_eq!(world.store.alarms().await.unwrap(), []);
    let mut changed = page("spam");
    changed.releases[0].files[0] = sdist("spam", "1.0", b"other bytes");
    for _ in 0..2 {
        world.store.project_recorded(&changed).await.unwrap();
    }
    let alarms = world.store.alarms().await.unwrap();
    assert_eq!((alarms.len(), alarms[0].times), (1, 1));
    assert_eq!((alarms[0].kind.as_str(), alarms[0].subject.as_str()), ("file-content-changed", "spam spam-1.0.tar.gz"));
    assert_eq!(world.number("SELECT count(*) FROM files WHERE filename = 'spam-1.0.tar.gz'").await, 2);
}

#[sqlx::test(migrations = "../migrations")]
async fn the_digest_sees_the_listing_and_the_weights_but_not_the_queue(pool: PgPool) {
    let world = World::new(pool).await;
    let empty = world.store.digest().await.unwrap();
    apply(&world.store, &[listed("a", 1)], Some(1)).await;
    let listing = world.store.digest().await.unwrap();
    assert_ne!(listing, empty);
    assert_eq!(due(&world.store).await, 1);
    world.store.budget_set(INDEX, store::Budget::default()).await.unwrap();
    world.store.reserve_request(INDEX).await.unwrap();
    apply(&world.store, &[listed("a", 1)], Some(2)).await;
    apply(&world.store, &[], Some(3)).await;
    assert_eq!(world.store.digest().await.unwrap(), listing);
    let row = TopRow { name: "a".parse().unwrap(), downloads: 7 };
    world.store.top_list_recorded(Month::of("2026-10-01".parse().unwrap()), &[row]).await.unwrap();
    assert_ne!(world.store.digest().await.unwrap(), listing);
    assert_eq!(world.store.crawl_status().await.unwrap().queue[JobKind::ReadProject.as_str()].ready, 1);
}

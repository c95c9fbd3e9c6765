//! Wheel tags without a download, and the sample of pure releases.

use packaging::ReleaseVersion;
use sqlx::PgPool;
use store::{PureMisses, ReleaseState, WheelCounts};

use crate::world::{World, bytes, page, report, tagged_wheel, tree};

impl World {
    /// A project with one release that has an sdist and these wheels.
    async fn with_wheels(&self, name: &str, tags: &[&str], state: ReleaseState) {
        let mut page = page(name);
        let release = &mut page.releases[0];
        release.files.truncate(1);
        release.files.extend(tags.iter().map(|tags| tagged_wheel(name, "1.0", tags)));
        release.state = state;
        release.selected = (state == ReleaseState::Selected).then_some(0);
        self.store.project_recorded(&page).await.unwrap();
    }
}

#[sqlx::test(migrations = "../migrations")]
async fn the_wheels_of_a_release_say_what_they_are(pool: PgPool) {
    let world = World::new(pool).await;
    let tags = ["cp315-abi3.abi3t-win_amd64", "cp313-cp313t-manylinux2014_x86_64.manylinux_2_17_x86_64"];
    world.with_wheels("spam", &tags, ReleaseState::Selected).await;
    let wheels = world.store.wheels(&"spam".parse().unwrap(), &ReleaseVersion::new("1.0")).await.unwrap();
    let seen: Vec<_> = wheels.iter().map(|wheel| (&*wheel.python, &*wheel.abi, &*wheel.platform)).collect();
    assert_eq!(
        seen,
        [("cp313", "cp313t", "manylinux2014_x86_64.manylinux_2_17_x86_64"), ("cp315", "abi3.abi3t", "win_amd64")]
    );
    assert_eq!(wheels[1].tags, tags[0]);
    assert!(world.store.wheels(&"spam".parse().unwrap(), &ReleaseVersion::new("2.0")).await.unwrap().is_empty());
}

#[sqlx::test(migrations = "../migrations")]
async fn each_project_counts_once_for_each_kind_of_wheel_it_ships(pool: PgPool) {
    let world = World::new(pool).await;
    world.with_wheels("both", &["cp315-abi3.abi3t-win_amd64", "cp311-abi3-win_amd64"], ReleaseState::Selected).await;
    world
        .with_wheels("many", &["cp27-cp27mu-win32", "cp313-cp313t-win32", "py3-none-any"], ReleaseState::Selected)
        .await;
    world.with_wheels("binary", &["py3-none-win_amd64"], ReleaseState::Selected).await;
    world.with_wheels("none", &[], ReleaseState::Selected).await;
    let expected = WheelCounts {
        projects: 4,
        with_wheels: 3,
        abi3: 1,
        abi3t: 1,
        free_threaded: 1,
        one_version: 1,
        bundled: 1,
        pure: 1,
    };
    assert_eq!(world.store.wheel_counts().await.unwrap(), expected);
}

#[sqlx::test(migrations = "../migrations")]
async fn the_miss_rate_counts_what_was_drawn_and_not_what_somebody_asked_for(pool: PgPool) {
    let world = World::new(pool).await;
    let pure = ["py3-none-any", "py2.py3-none-any"];
    for name in ["drawn-native", "drawn-pure", "drawn-waiting", "asked-for"] {
        world.with_wheels(name, &pure, ReleaseState::Selected).await;
    }
    world.with_wheels("left-out", &pure, ReleaseState::PureByTags).await;
    world.with_wheels("drawn-but-not-pure", &["py3-none-any", "cp311-cp311-win32"], ReleaseState::Selected).await;
    world.with_wheels("drawn-without-wheels", &[], ReleaseState::Selected).await;
    for (name, native_files) in [("drawn-native", 1), ("drawn-pure", 0), ("asked-for", 1), ("drawn-but-not-pure", 1)] {
        let mut report = report(name, Vec::new());
        report.tree.native_files = native_files;
        let file = world.file(name).await;
        world.store.file_fetched(file, bytes(name)).await.unwrap();
        world.store.file_analysed(file, &tree(), &report).await.unwrap();
    }
    let found = world.store.pure_misses(|name| name.as_str().starts_with("drawn")).await.unwrap();
    let misses = vec![("drawn-native".parse().unwrap(), "1.0".to_owned())];
    assert_eq!(found, PureMisses { pure: 5, sampled: 3, decided: 2, with_native: 1, misses });
    // A report of another analyzer decides nothing.
    world.change("UPDATE report_versions SET analyzer_version = 'old'").await;
    let found = world.store.pure_misses(|name| name.as_str().starts_with("drawn")).await.unwrap();
    assert_eq!((found.sampled, found.decided, found.with_native), (3, 0, 0));
}

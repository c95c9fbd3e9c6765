//! Wheel tags without a download, and the sample of pure releases.

use packaging::ReleaseVersion;
use sqlx::PgPool;
use store::{ReleaseState, WheelCounts, in_pure_sample};

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

#[test]
fn one_in_a_hundred_is_in_the_sample_always_the_same() {
    let name = "spam".parse().unwrap();
    let sampled = (0..20_000).filter(|n| in_pure_sample(&name, &ReleaseVersion::new(&format!("1.{n}")))).count();
    assert!((130..=270).contains(&sampled), "{sampled}");
}

/// The sample as the program and as Postgres work it out is the same.
#[sqlx::test(migrations = "../migrations")]
async fn the_miss_rate_counts_what_was_drawn_and_not_what_somebody_asked_for(pool: PgPool) {
    let world = World::new(pool).await;
    let version = ReleaseVersion::new("1.0");
    let (drawn, others): (Vec<String>, Vec<String>) =
        (0..500).map(|n| format!("p{n}")).partition(|name| in_pure_sample(&name.parse().unwrap(), &version));
    assert!(drawn.len() >= 2, "{drawn:?}");
    let pure = ["py3-none-any"];
    for name in drawn.iter().chain(&others[..3]) {
        world.with_wheels(name, &pure, ReleaseState::Selected).await;
    }
    world.with_wheels(&others[4], &pure, ReleaseState::PureByTags).await;
    world.with_wheels(&others[5], &["py3-none-any", "cp311-cp311-win32"], ReleaseState::Selected).await;

    // One that was drawn has native source after all, and so has one that was asked for.
    for name in [&drawn[0], &others[0]] {
        let file = world.file(name).await;
        world.store.file_fetched(file, bytes(name)).await.unwrap();
        world.store.file_analysed(file, &tree(), &report(name, Vec::new())).await.unwrap();
    }
    let mut nothing = report(&drawn[1], Vec::new());
    nothing.tree.native_files = 0;
    let file = world.file(&drawn[1]).await;
    world.store.file_fetched(file, bytes(&drawn[1])).await.unwrap();
    world.store.file_analysed(file, &tree(), &nothing).await.unwrap();

    let sample = world.store.pure_sample().await.unwrap();
    let count = i64::try_from(drawn.len()).unwrap();
    assert_eq!((sample.pure, sample.sampled, sample.decided, sample.with_native), (count + 4, count, 2, 1));
    let misses = world.store.pure_sample_misses().await.unwrap();
    assert_eq!(misses, [(drawn[0].parse().unwrap(), "1.0".to_owned())]);
}

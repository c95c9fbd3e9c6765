//! The past of projects, as it was uploaded and seen: counted anew and by what changed, with the same result.

use analyzer::{Kind, Origin, OriginClass, Report, StructureCounts, Use};
use packaging::ReleaseVersion;
use sqlx::PgPool;
use store::{ProjectPage, ProjectState, ReleaseRecord, ReleaseState, Store};
use trends::{Month, Point, Scope};

use crate::world::{World, bytes, page, release, report, sdist, tagged_wheel, tree, used};

const SIZE: &str = "PyTuple_GET_SIZE";
const CODE: &str = "PyFrameObject.f_code";

/// A release with an sdist, all uploaded on a day.
pub(crate) fn uploaded(name: &str, version: &str, day: &str) -> ReleaseRecord {
    let at = Some(format!("{day}T12:00:00Z").parse().unwrap());
    let mut file = sdist(name, version, &bytes(&format!("{name} {version}")));
    file.uploaded_at = at;
    ReleaseRecord { latest: false, uploaded_at: at, files: vec![file], ..release(name, version) }
}

fn with_wheel(mut made: ReleaseRecord, name: &str, tags: &str, day: &str) -> ReleaseRecord {
    let mut wheel = tagged_wheel(name, made.version.as_str(), tags);
    wheel.uploaded_at = Some(format!("{day}T12:00:00Z").parse().unwrap());
    made.files.push(wheel);
    made
}

/// A page; the last release is the latest one.
pub(crate) fn listing(name: &str, serial: i64, mut releases: Vec<ReleaseRecord>) -> ProjectPage {
    if let Some(last) = releases.last_mut() {
        last.latest = true;
    }
    ProjectPage { serial: Some(serial), releases, ..page(name) }
}

/// Records the page and analyses each release with these uses.
pub(crate) async fn read(world: &World, listing: &ProjectPage, uses: &[(&str, Vec<Use>)]) {
    world.store.project_recorded(listing).await.unwrap();
    for (version, uses) in uses {
        let file = world.store.selected_file(&listing.name, &ReleaseVersion::new(version)).await.unwrap().unwrap();
        world.store.file_fetched(file, bytes(&format!("{} {version}", listing.name))).await.unwrap();
        world.store.file_analysed(file, &tree(), &report(listing.name.as_str(), uses.clone())).await.unwrap();
    }
}

pub(crate) fn blocked() -> Vec<Use> {
    vec![used(Kind::Member, CODE, &[3]), used(Kind::Api, SIZE, &[2])]
}

pub(crate) fn free() -> Vec<Use> {
    vec![used(Kind::Api, SIZE, &[2])]
}

async fn points(store: &Store, subject: &str) -> Vec<Point> {
    store.series(&subject.parse().unwrap(), Scope::All).await.unwrap().points
}

/// The figures of the months that end on these days.
async fn figures(world: &World, subject: &str, months: &[&str]) -> Vec<i64> {
    let points = points(&world.store, subject).await;
    // Another process counts everything anew.
    assert_eq!(points, self::points(&world.another().await, subject).await, "{subject}");
    let of = |month: &&str| {
        let point = points.iter().find(|point| point.on.to_string().starts_with(month));
        point.map(|point| point.projects).unwrap()
    };
    months.iter().map(of).collect()
}

/// The month of the test, in which everything is seen.
fn now() -> String {
    chrono::Utc::now().format("%Y-%m").to_string()
}

#[sqlx::test(migrations = "../migrations")]
async fn series_begin_before_the_survey_does_and_follow_what_is_written(pool: PgPool) {
    let world = World::new(pool).await;
    let now = now();
    let months = ["2024-01", "2024-02", "2024-03", now.as_str()];
    let first = listing("spam", 1, vec![uploaded("spam", "1.0", "2024-01-10"), uploaded("spam", "2.0", "2024-03-01")]);
    read(&world, &first, &[("1.0", blocked()), ("2.0", free())]).await;
    assert_eq!(figures(&world, "verdict:abi3-3.11:blocked", &months).await, [1, 1, 0, 0]);
    assert_eq!(figures(&world, "verdict:abi3-3.11:no-blocker", &months).await, [0, 0, 1, 1]);
    assert_eq!(figures(&world, "item:member:PyFrameObject.f_code", &months).await, [1, 1, 0, 0]);
    assert_eq!(figures(&world, "item:api:PyTuple_GET_SIZE", &months).await, [1, 1, 1, 1]);

    // Another project, with an abi3 wheel that came later than its sdist.
    let eggs = with_wheel(uploaded("eggs", "1.0", "2024-02-03"), "eggs", "cp39-abi3-win_amd64", "2024-03-31");
    read(&world, &listing("eggs", 1, vec![eggs]), &[("1.0", free())]).await;
    assert_eq!(figures(&world, "verdict:abi3-3.11:no-blocker", &months).await, [0, 1, 2, 2]);
    assert_eq!(figures(&world, "tagged:abi3", &months).await, [0, 0, 1, 1]);
    assert_eq!(figures(&world, "could-be:abi3-3.11", &months).await, [0, 1, 1, 1]);

    // An item in a part of the projects: those that were there when a year began, and those of a tool that nobody used.
    let part = async |item: &str, scope: &str| {
        let series = world.store.series(&item.parse().unwrap(), scope.parse().unwrap()).await.unwrap();
        let points = series.points.iter().filter(|point| months.iter().any(|m| point.on.to_string().starts_with(m)));
        points.map(|point| point.projects).collect::<Vec<_>>()
    };
    assert_eq!(part("item:api:PyTuple_GET_SIZE", "cohort:2025").await, [1, 2, 2, 2]);
    assert_eq!(part("item:member:PyFrameObject.f_code", "cohort:2025").await, [1, 1, 0, 0]);
    assert_eq!(part("item:api:PyTuple_GET_SIZE", "toolchain:cython").await, [0; 4]);
    assert_eq!(part("item:api:PyNever", "cohort:2025").await, [0; 4]);

    // The standing release was read as something else before.
    let file = world.store.selected_file(&first.name, &ReleaseVersion::new("2.0")).await.unwrap().unwrap();
    world.store.file_analysed(file, &tree(), &report("spam", blocked())).await.unwrap();
    assert_eq!(figures(&world, "verdict:abi3-3.11:no-blocker", &months).await, [0, 1, 1, 1]);
    assert_eq!(figures(&world, "item:member:PyFrameObject.f_code", &months).await, [1, 1, 1, 1]);
}

#[sqlx::test(migrations = "../migrations")]
async fn a_yank_a_deletion_and_a_withdrawal_count_from_the_day_they_were_seen(pool: PgPool) {
    let world = World::new(pool).await;
    let now = now();
    let months = ["2024-03", "2024-04", now.as_str()];
    let releases = || vec![uploaded("spam", "1.0", "2024-01-10"), uploaded("spam", "2.0", "2024-03-01")];
    read(&world, &listing("spam", 1, releases()), &[("1.0", blocked()), ("2.0", free())]).await;
    let mut yanked = listing("spam", 2, releases());
    yanked.releases[1].yanked = true;
    (yanked.releases[0].latest, yanked.releases[1].latest) = (true, false);
    world.store.project_recorded(&yanked).await.unwrap();
    assert_eq!(figures(&world, "verdict:abi3-3.11:blocked", &months).await, [0, 0, 1]);
    world.change("UPDATE seen_changes SET seen_at = '2024-04-20' WHERE what = 'release-yanked'").await;
    // Nobody rewrites what was seen: only who counts anew learns of it.
    let anew = points(&world.another().await, "verdict:abi3-3.11:blocked").await;
    let of = |month: &str| anew.iter().find(|point| point.on.to_string().starts_with(month)).unwrap().projects;
    assert_eq!(months.map(of), [0, 1, 1]);

    // Taken back, then deleted.
    world.store.project_recorded(&listing("spam", 3, releases())).await.unwrap();
    assert_eq!(figures(&world, "verdict:abi3-3.11:blocked", &months).await, [0, 1, 0]);
    world.store.project_recorded(&listing("spam", 4, vec![uploaded("spam", "1.0", "2024-01-10")])).await.unwrap();
    assert_eq!(figures(&world, "verdict:abi3-3.11:blocked", &months).await, [0, 1, 1]);
    let name = "spam".parse().unwrap();
    world.store.project_ended(&name, ProjectState::NotFound, "gone").await.unwrap();
    assert_eq!(figures(&world, "verdict:abi3-3.11:blocked", &months).await, [0, 1, 0]);
    let last = points(&world.store, "declared:abi3").await.pop().unwrap();
    assert_eq!(last.chain.with_files, 0);
    assert_eq!(world.number("SELECT count(*) FROM seen_changes WHERE what <> 'file-gone'").await, 4);
}

#[sqlx::test(migrations = "../migrations")]
async fn what_was_not_read_is_in_the_chain_and_nowhere_else(pool: PgPool) {
    let world = World::new(pool).await;
    let skipped =
        ReleaseRecord { state: ReleaseState::NotSelected, selected: None, ..uploaded("spam", "1.0", "2024-01-10") };
    read(&world, &listing("spam", 1, vec![skipped, uploaded("spam", "2.0", "2024-03-01")]), &[("2.0", free())]).await;
    let points = points(&world.store, "verdict:abi3-3.11:no-blocker").await;
    let told: Vec<_> = points.iter().take(3).map(|point| (point.projects, point.chain)).collect();
    let chain = |steps: i64, decided: i64| trends::Chain {
        with_files: 1,
        with_sdist: 1,
        selected: steps,
        fetched: steps,
        readable: steps,
        with_native: steps,
        decided: Some(decided),
        observed: 0,
    };
    assert_eq!(told, [(0, chain(0, 0)), (0, chain(0, 0)), (1, chain(1, 1))]);
    assert_eq!(points.last().map(|point| point.chain.observed), Some(1));
    assert_eq!(points.last().map(|point| point.on), Some(chrono::Utc::now().date_naive()));
}

#[sqlx::test(migrations = "../migrations")]
async fn who_moved_a_series_is_told_by_name_and_version(pool: PgPool) {
    let world = World::new(pool).await;
    let releases = vec![uploaded("spam", "1.0", "2024-01-10"), uploaded("spam", "2.0", "2024-03-01")];
    read(&world, &listing("spam", 1, releases), &[("1.0", blocked()), ("2.0", free())]).await;
    let told = async |subject: &str, month: &str| {
        let (subject, month): (_, Month) = (subject.parse().unwrap(), month.parse().unwrap());
        world.store.trend_changes(&subject, Scope::All, (month.before(), month)).await.unwrap()
    };
    let change = |before: Option<&str>| store::TrendChange {
        project: "spam".to_owned(),
        before: before.map(str::to_owned),
        now: Some(if before.is_some() { "2.0" } else { "1.0" }.to_owned()),
    };
    let came = told("item:api:PyTuple_GET_SIZE", "2024-01").await.unwrap();
    assert_eq!((came.entered, came.left), (vec![change(None)], vec![]));
    let went = told("item:member:PyFrameObject.f_code", "2024-03").await.unwrap();
    assert_eq!((went.entered, went.left), (vec![], vec![change(Some("1.0"))]));
    let improved = told("verdict:abi3-3.11:no-blocker", "2024-03").await.unwrap();
    assert_eq!((improved.entered, improved.left), (vec![change(Some("1.0"))], vec![]));
    assert_eq!(told("verdict:abi3-3.11:no-blocker", "1999-01").await, None);
    assert_eq!(told("item:api:PyNever", "2024-03").await, None);
    let marks = world.store.trend_marks().await.unwrap();
    assert_eq!(
        marks.iter().map(|mark| mark.analyzer_version.as_str()).collect::<Vec<_>>(),
        [analyzer::ANALYZER_VERSION]
    );
    let range = world.store.trend_range().await.unwrap();
    assert_eq!((range.first.to_string().as_str(), range.years.first()), ("2024-01-31", Some(&2025)));
}

#[sqlx::test(migrations = "../migrations")]
async fn facts_that_are_missing_are_derived_and_are_the_ones_written_with_the_report(pool: PgPool) {
    let world = World::new(pool).await;
    let releases = vec![uploaded("spam", "1.0", "2024-01-10")];
    read(&world, &listing("spam", 1, releases), &[("1.0", blocked())]).await;
    let facts = "SELECT f::text FROM report_facts f ORDER BY report_id";
    let written: Vec<String> = sqlx::query_scalar(facts).fetch_all(&world.pool).await.unwrap();
    world.change("DELETE FROM report_facts").await;
    assert_eq!(figures(&world, "item:member:PyFrameObject.f_code", &["2024-01"]).await, [1]);
    let derived: Vec<String> = sqlx::query_scalar(facts).fetch_all(&world.pool).await.unwrap();
    assert_eq!((written.len(), derived), (1, written));
}

#[sqlx::test(migrations = "../migrations")]
async fn the_releases_that_were_read_are_told_with_what_blocks_them_lowest_first(pool: PgPool) {
    let world = World::new(pool).await;
    let skipped =
        ReleaseRecord { state: ReleaseState::NotSelected, selected: None, ..uploaded("spam", "1.1", "2024-02-10") };
    let releases = vec![uploaded("spam", "1.0", "2024-01-10"), skipped, uploaded("spam", "2.0", "2024-03-01")];
    read(&world, &listing("spam", 1, releases), &[("1.0", blocked()), ("2.0", free())]).await;
    let (name, target) = ("spam".parse().unwrap(), "abi3-3.11".parse().unwrap());
    let found = world.store.release_blockers(&name, target).await.unwrap();
    let told: Vec<_> = found.iter().map(|one| (one.version.as_str(), one.blockers.join(" "))).collect();
    assert_eq!(told, [("1.0", CODE.to_owned()), ("2.0", String::new())]);
    assert_eq!(world.store.release_blockers(&"eggs".parse().unwrap(), target).await.unwrap(), []);
}

#[sqlx::test(migrations = "../migrations")]
async fn who_wrote_the_code_that_touches_a_structure_is_told_by_the_first_that_did(pool: PgPool) {
    let world = World::new(pool).await;
    let by = |class| Use { origin: Origin { class, by: None }, ..used(Kind::Member, CODE, &[3]) };
    let (own, generated, vendored) = (by(OriginClass::Own), by(OriginClass::Generated), by(OriginClass::Vendored));
    let touched = StructureCounts { api_level: 1, abi_level: 0 };
    let releases: Vec<ReleaseRecord> =
        (1..=3).map(|n| uploaded("spam", &format!("{n}.0"), &format!("2024-0{n}-10"))).collect();
    let listing = listing("spam", 1, releases);
    read(&world, &listing, &[]).await;
    let of_release = [vec![own, generated.clone()], vec![vendored, generated.clone()], vec![generated]];
    for (version, uses) in ["1.0", "2.0", "3.0"].into_iter().zip(of_release) {
        let file = world.store.selected_file(&listing.name, &ReleaseVersion::new(version)).await.unwrap().unwrap();
        world.store.file_fetched(file, bytes(&format!("spam {version}"))).await.unwrap();
        let structures = [("PyFrameObject".to_owned(), touched)].into();
        world.store.file_analysed(file, &tree(), &Report { structures, ..report("spam", uses) }).await.unwrap();
    }
    let months = ["2024-01", "2024-02", "2024-03"];
    for (by, expected) in [("", [1, 1, 1]), (":own", [1, 0, 0]), (":vendored", [0, 1, 0]), (":generated", [0, 0, 1])] {
        assert_eq!(figures(&world, &format!("structure:PyFrameObject{by}"), &months).await, expected, "{by:?}");
    }
    assert_eq!(world.store.trend_range().await.unwrap().structures, ["PyFrameObject"]);
    let (month, subject): (Month, _) =
        ("2024-01".parse().unwrap(), "structure:PyFrameObject:vendored".parse().unwrap());
    let nobody = world.store.trend_changes(&subject, Scope::All, (month.before(), month)).await.unwrap();
    assert_eq!(nobody.map(|changes| changes.entered.len()), Some(0), "nobody yet, which is an answer");
}

#[sqlx::test(migrations = "../migrations")]
async fn a_wheel_that_is_gone_counts_until_that_was_seen(pool: PgPool) {
    let world = World::new(pool).await;
    let now = now();
    let months = ["2024-01", "2024-02", now.as_str()];
    let made = || uploaded("spam", "1.0", "2024-01-10");
    let with = with_wheel(made(), "spam", "cp39-abi3-win_amd64", "2024-02-03");
    read(&world, &listing("spam", 1, vec![with]), &[("1.0", free())]).await;
    assert_eq!(figures(&world, "ships:abi3", &months).await, [0, 1, 1]);
    world.store.project_recorded(&listing("spam", 2, vec![made()])).await.unwrap();
    assert_eq!(figures(&world, "ships:abi3", &months).await, [0, 1, 0]);
    assert_eq!(figures(&world, "native", &months).await, [1, 1, 1]);
}

//! What the survey knows about a proposal.

use std::time::Duration;

use analyzer::{Kind, Origin, OriginClass, SourceFile, SourceTree, Use};
use packaging::ReleaseVersion;
use sqlx::PgPool;
use whatif::{Page, Proposal, Status};

use crate::world::{World, bytes, page, release, report, sdist, tree, used};

const F_CODE: &str = "PyFrameObject.f_code";

fn proposal(text: &str) -> Proposal {
    Proposal::from_toml(text).unwrap()
}

fn made(by: &str, use_: Use) -> Use {
    Use { origin: Origin { class: OriginClass::Generated, by: Some(by.to_owned()) }, ..use_ }
}

/// A project with releases 1.0, 2.0, … whose reports have these uses.
async fn with_releases(world: &World, name: &str, releases: Vec<Vec<Use>>) {
    let mut page = page(name);
    let versions: Vec<String> = (1..=releases.len()).map(|n| format!("{n}.0")).collect();
    page.releases = versions
        .iter()
        .enumerate()
        .map(|(n, version)| {
            let mut one = release(name, version);
            one.files = vec![sdist(name, version, &bytes(&format!("{name} {version}")))];
            one.latest = n + 1 == versions.len();
            one
        })
        .collect();
    world.store.project_recorded(&page).await.unwrap();
    for (version, uses) in versions.iter().zip(releases) {
        let wanted = ReleaseVersion::new(version);
        let file = world.store.selected_file(&name.parse().unwrap(), &wanted).await.unwrap().unwrap();
        world.store.file_fetched(file, bytes(&format!("{name} {version}"))).await.unwrap();
        world.store.file_analysed(file, &tree(), &report(name, uses)).await.unwrap();
    }
}

#[sqlx::test(migrations = "../migrations")]
async fn uses_of_standing_releases_come_with_their_first_site_and_maker(pool: PgPool) {
    let world = World::new(pool).await;
    world.analysed("own", vec![used(Kind::Member, F_CODE, &[3]), used(Kind::Api, "Py_TYPE", &[4])]).await;
    world.analysed("made", vec![made("cython 3.0.9", used(Kind::Member, F_CODE, &[3, 4]))]).await;
    world.analysed("other", vec![used(Kind::Api, "Py_TYPE", &[4])]).await;
    world.listed("unread").await;
    let inquiry = world.store.inquire(&proposal("hide = 'PyFrameObject.f_code'")).await.unwrap();
    let evidence = &inquiry.evidence;
    let names: Vec<(String, bool)> =
        evidence.projects.iter().map(|project| (project.name.to_string(), project.scanned)).collect();
    let expected = [("made", true), ("other", true), ("own", true), ("unread", false)];
    assert_eq!(names, expected.map(|(name, scanned)| (name.to_owned(), scanned)));
    let mut answer = inquiry.answer(Page::ALL);
    world.store.say_first_sites(&inquiry, &mut answer.rows).await.unwrap();
    let rows: Vec<_> =
        answer.rows.iter().map(|row| (row.name.as_str(), row.items.clone(), row.first_site.as_str())).collect();
    assert_eq!(rows, [("own", vec![(F_CODE.into(), 1)], "src/a.c:3"), ("made", vec![(F_CODE.into(), 2)], "src/a.c:3")]);
    assert_eq!(evidence.generators.len(), 1);
    assert!(evidence.limited.is_empty(), "nobody asked");
    assert_eq!(evidence.chain[0], ("in all".to_owned(), 4));
}

#[sqlx::test(migrations = "../migrations")]
async fn a_project_that_was_affected_once_is_told_with_the_release_that_fixed_it(pool: PgPool) {
    let world = World::new(pool).await;
    let bad = || vec![used(Kind::Member, F_CODE, &[3])];
    with_releases(&world, "fixed", vec![bad(), bad(), Vec::new(), Vec::new()]).await;
    with_releases(&world, "never", vec![Vec::new(), Vec::new()]).await;
    with_releases(&world, "still", vec![bad(), bad()]).await;
    let asked = proposal("hide = 'PyFrameObject.f_code'");
    let answer = world.store.inquire(&asked).await.unwrap().answer(Page::ALL);
    let rows: Vec<_> = answer
        .rows
        .iter()
        .map(|row| (row.name.as_str(), row.version.as_str(), row.status, row.solved.clone()))
        .collect();
    // Derived once for each project with several releases; another process finds it.
    assert_eq!(world.number("SELECT count(*) FROM project_past").await, 3);
    world.change("UPDATE project_past SET last = ARRAY[0]::integer[] WHERE cardinality(last) = 1").await;
    let kept = world.another().await.inquire(&asked).await.unwrap().answer(Page::ALL);
    assert_eq!(kept.rows[1].solved.as_deref(), Some("fixed in 2.0, 1.0 was affected"));
    assert_eq!(
        rows,
        [
            ("still", "2.0", Status::Affected, None),
            ("fixed", "4.0", Status::Fixed, Some("fixed in 3.0, 2.0 was affected".to_owned())),
        ]
    );
}

#[sqlx::test(migrations = "../migrations")]
async fn whole_kinds_unresolved_members_and_limited_projects_are_found(pool: PgPool) {
    let world = World::new(pool).await;
    world.analysed("static", vec![used(Kind::StaticType, "Spam_Type", &[2])]).await;
    let inquire = async |text: &str| world.store.inquire(&proposal(text)).await.unwrap();
    let types = inquire("opaque = 'PyTypeObject'").await.evidence;
    assert_eq!(types.hits.of(0).iter().map(|hit| &*types.item(hit).unwrap().name).collect::<Vec<_>>(), ["Spam_Type"]);
    // The reports of this world have two accesses to a member `next` of an unknown structure.
    let members = inquire("hide = 'PyThreadState.next'").await.evidence;
    assert_eq!(members.unresolved.len(), 1);
    // Its releases have one wheel, cp311-abi3.
    let levels = inquire("minimum-limited = '3.12'").await.evidence;
    assert_eq!(levels.limited.iter().map(|one| one.level.to_string()).collect::<Vec<_>>(), ["3.11"]);
    assert!(inquire("minimum-limited = '3.11'").await.answer(Page::ALL).rows.is_empty());
}

fn file(path: &str, text: &str) -> SourceFile {
    SourceFile { path: path.to_owned(), bytes: text.as_bytes().to_vec().into() }
}

async fn with_files(world: &World, name: &str, files: Vec<SourceFile>) {
    let id = world.fetched(name).await;
    let tree = SourceTree { name: format!("{name}-1.0.tar.gz"), files, ..SourceTree::default() };
    world.store.file_analysed(id, &tree, &report(name, Vec::new())).await.unwrap();
}

#[sqlx::test(migrations = "../migrations")]
async fn what_patterns_match_in_code_gives_each_project_its_status_and_first_line(pool: PgPool) {
    let world = World::new(pool).await;
    let own = "// Py_SIZE\n/* Py_SIZE */ Py_SIZE(a);\nputs(\"Py_SIZE\");\nPy_SIZE(b); Py_SIZE(c);\n";
    with_files(&world, "own", vec![file("src/a.c", own), file("tests/t.c", "Py_SIZE(t);\n")]).await;
    let guarded = "#if PY_VERSION_HEX < 0x03090000\nPy_SIZE(a);\n#endif\n";
    with_files(&world, "guarded", vec![file("a.c", guarded)]).await;
    with_files(&world, "made", vec![file("a.c", "/* Generated by Cython 3.1.2 */\nPy_SIZE(a);\n")]).await;
    with_files(&world, "words", vec![file("a.c", "// Py_SIZE\n"), file("pyproject.toml", "Py_SIZE\n")]).await;
    with_files(&world, "hidden", vec![file("a.c", "Py_SIZE(a);\n")]).await;
    world.store.source_hidden(&"hidden".parse().unwrap(), "its author asked for it").await.unwrap();
    let told = async |text: &str| {
        let inquiry = world.store.inquire_within(&proposal(text), Duration::from_mins(1)).await.unwrap();
        let mut answer = inquiry.answer(Page::ALL);
        world.store.say_first_sites(&inquiry, &mut answer.rows).await.unwrap();
        let row =
            |row: &whatif::Row| (row.name.clone(), row.status, row.sites.values().sum::<i64>(), row.first_site.clone());
        (answer.rows.iter().map(row).collect::<Vec<_>>(), answer.notes.len(), inquiry.is_complete())
    };
    let row = |name: &str, status, lines, first: &str| (name.to_owned(), status, lines, first.to_owned());
    let of_own = row("own", Status::Affected, 2, "src/a.c:2");
    let made = row("made", Status::Regenerate, 1, "a.c:2");
    let guarded = row("guarded", Status::Guarded, 1, "a.c:2");
    let expected = (vec![of_own, made.clone(), guarded.clone()], 1, true);
    assert_eq!(told("source = 'Py_SIZE'").await, expected);
    let on_38 = vec![row("guarded", Status::Affected, 1, "a.c:2"), expected.0[0].clone(), made];
    assert_eq!(told("source = 'Py_SIZE'\npython = '3.8'").await, (on_38, 1, true));
    assert_eq!(told("source = ['nowhere', 'Py_SIZE']").await, expected, "a union");
    // Two characters: no index helps, and that is said.
    let (rows, notes, is_complete) = told(r"source = '\bb\)'").await;
    assert_eq!((rows, notes, is_complete), (vec![row("own", Status::Affected, 1, "src/a.c:4")], 2, true));
    world.store.source_indexed(false, |_| ()).await.unwrap();
    assert_eq!(told("source = 'Py_SIZE'").await, expected, "the index decides nothing");
}

#[sqlx::test(migrations = "../migrations")]
async fn a_search_without_time_is_no_answer_and_says_so(pool: PgPool) {
    let world = World::new(pool).await;
    with_files(&world, "own", vec![file("a.c", "Py_SIZE(a);\n")]).await;
    let asked = proposal("source = 'Py_SIZE'");
    let inquiry = world.store.inquire_within(&asked, Duration::ZERO).await.unwrap();
    let answer = inquiry.answer(Page::ALL);
    assert_eq!((inquiry.is_complete(), answer.cut_short, answer.rows.len()), (false, true, 0));
    assert!(answer.notes.iter().any(|note| note.contains("cut short")), "{:?}", answer.notes);
}

#[sqlx::test(migrations = "../migrations")]
async fn an_answer_to_a_pattern_is_saved_under_the_id_of_its_rules(pool: PgPool) {
    let world = World::new(pool).await;
    with_files(&world, "own", vec![file("a.c", "f(a, b);\n")]).await;
    let save = async |text: &str| {
        let inquiry = world.store.inquire(&proposal(text)).await.unwrap();
        world.store.proposal_saved(&inquiry).await.unwrap()
    };
    let saved = save(r"source = ['a, b', '\w+;']").await;
    assert_eq!(saved, save(r"source = ['\w+;', 'a, b', ' a, b ']").await, "one spelling");
    assert_ne!(saved.head.id, save("source = 'a, b'").await.head.id);
    assert_eq!(saved.head.proposal().unwrap(), proposal(r"source = ['a, b', '\w+;']"));
    assert_eq!(saved.answer.rows[0].first_site, "a.c:1");
    let rule = whatif::Rule::from_canonical("source=a, b").unwrap();
    let own = "own".parse().unwrap();
    let judged = world.store.review_withdrawn(&rule, &own, "a.c", 1).await.unwrap();
    assert_eq!(judged, Err(store::NoSuchSite::Pattern));
}

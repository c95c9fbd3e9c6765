//! What pages show, over a small survey.

use crate::world::{World, page, report, tree, used};
use analyzer::{Certainty, Kind, Origin, OriginClass, Outcome, Use};
use sqlx::PgPool;
use store::{Chain, FileState, ProjectQuery, ProjectSort, ProjectState, ReleaseState, SearchHit, SearchPlace, Start};

const GET_SIZE: &str = "PyTuple_GET_SIZE";
const F_CODE: &str = "PyFrameObject.f_code";

fn target() -> capi::Target {
    "abi3-3.11".parse().unwrap()
}

/// One project in each step of the chain.
async fn survey(pool: PgPool) -> World {
    let world = World::new(pool).await;
    world.analysed("free", vec![used(Kind::Api, GET_SIZE, &[2, 3])]).await;
    let two =
        vec![used(Kind::Api, GET_SIZE, &[2]), used(Kind::Lvalue, "Py_TYPE", &[4]), used(Kind::Member, F_CODE, &[3])];
    world.analysed("stuck", two).await;
    world.analysed("stuck-too", vec![used(Kind::Member, F_CODE, &[3, 1])]).await;
    world.analysed("open-question", vec![]).await;
    let broken = world.fetched("broken").await;
    world.store.file_ended(broken, FileState::Unreadable, "damaged archive").await.unwrap();
    world.listed("waiting").await;
    let mut pure = page("pure");
    (pure.releases[0].state, pure.releases[0].selected) = (ReleaseState::PureByTags, None);
    world.store.project_recorded(&pure).await.unwrap();
    world.store.project_ended(&"ghost".parse().unwrap(), ProjectState::NotFound, "unknown").await.unwrap();
    let file = world.fetched("no-native").await;
    let mut nothing = report("no-native", vec![]);
    nothing.tree.native_files = 0;
    nothing.verdicts.iter_mut().for_each(|verdict| verdict.verdict = Outcome::Pure);
    world.store.file_analysed(file, &tree(), &nothing).await.unwrap();
    world
}

fn query() -> ProjectQuery {
    ProjectQuery {
        search: None,
        verdict: None,
        target: target(),
        sort: ProjectSort::Name,
        descending: false,
        start: Start::Page(1),
    }
}

async fn names(world: &World, query: &ProjectQuery) -> Vec<String> {
    world.store.projects(query).await.unwrap().rows.iter().map(|row| row.name.to_string()).collect()
}

#[sqlx::test(migrations = "../migrations")]
async fn an_empty_survey_has_pages_too(pool: PgPool) {
    let world = World::new(pool).await;
    let overview = world.store.overview(target()).await.unwrap();
    assert_eq!((overview.chain, overview.targets.len()), (Chain::default(), 15));
    assert_eq!(world.store.projects(&query()).await.unwrap().total, 0);
    assert!(world.store.item(GET_SIZE, None, &Start::Page(1)).await.unwrap().is_none());
    assert_eq!(world.store.data_version().await.unwrap(), 0);
    assert_eq!(world.store.status().await.unwrap().updated_at, None);
}

#[sqlx::test(migrations = "../migrations")]
async fn the_overview_counts_each_project_once_at_each_step(pool: PgPool) {
    let world = survey(pool).await;
    let overview = world.store.overview(target()).await.unwrap();
    let expected = Chain {
        all: 9,
        with_files: 8,
        with_sdist: 8,
        selected: 7,
        fetched: 6,
        readable: 5,
        with_native: 4,
        decided: 3,
    };
    assert_eq!(overview.chain, expected);
    let row = overview.targets.iter().find(|row| row.target == target()).unwrap();
    let counts = row.counts;
    assert_eq!((counts.no_blocker, counts.blocked, counts.undecided, counts.pure, counts.tool_blocks), (1, 2, 1, 1, 0));
    assert_eq!(overview.targets.len(), 15);
    let top: Vec<_> =
        overview.top_blockers.iter().map(|hit| (hit.item.as_str(), hit.kind, hit.projects, hit.sites)).collect();
    assert_eq!(top, [(F_CODE, Kind::Member, 2, 3), ("Py_TYPE", Kind::Api, 1, 1)]);
    assert_eq!(overview.projects["not-found"], 1);
    assert_eq!(overview.files["analysed"], 5);
    assert_eq!(overview.files["queued"], 1);
    assert!(overview.updated_at.is_some());
}

#[sqlx::test(migrations = "../migrations")]
async fn the_project_list_sorts_searches_and_filters(pool: PgPool) {
    let world = survey(pool).await;
    let all = names(&world, &query()).await;
    assert_eq!(all.len(), 9);
    assert!(all.is_sorted());
    let down = names(&world, &ProjectQuery { descending: true, ..query() }).await;
    assert!(down.iter().rev().eq(&all));
    let most = names(&world, &ProjectQuery { sort: ProjectSort::Blockers, ..query() }).await;
    assert_eq!(most[..2], ["stuck", "stuck-too"]);
    let verdicts = names(&world, &ProjectQuery { sort: ProjectSort::Verdict, ..query() }).await;
    assert_eq!(verdicts[..5], ["free", "stuck", "stuck-too", "open-question", "no-native"]);
    let turned = names(&world, &ProjectQuery { sort: ProjectSort::Verdict, descending: true, ..query() }).await;
    assert_eq!(turned[..2], ["no-native", "open-question"]);
    let uploaded = names(&world, &ProjectQuery { sort: ProjectSort::Uploaded, ..query() }).await;
    assert_eq!(uploaded.last().unwrap(), "ghost");
    let blocked = ProjectQuery { verdict: Some(Outcome::Blocked), search: Some("STUCK_".to_owned()), ..query() };
    assert_eq!(names(&world, &blocked).await, ["stuck-too"]);
    let none = ProjectQuery { search: Some("%".to_owned()), ..query() };
    assert_eq!(world.store.projects(&none).await.unwrap().total, 0);
    let beyond = world.store.projects(&ProjectQuery { start: Start::Page(2), ..query() }).await.unwrap();
    assert_eq!((beyond.rows.len(), beyond.total), (0, 9));
}

/// All rows, one part after another.
async fn walked(world: &World, query: &ProjectQuery, rows: usize) -> Vec<String> {
    let (mut query, mut all) = (query.clone(), Vec::new());
    query.start = Start::After(None, rows);
    loop {
        let found = world.store.projects(&query).await.unwrap().rows;
        let Some(last) = found.last() else { return all };
        query.start = Start::After(Some(query.place(last)), rows);
        all.extend(found.iter().map(|row| row.name.to_string()));
    }
}

#[sqlx::test(migrations = "../migrations")]
async fn a_list_goes_on_after_a_row_in_every_order(pool: PgPool) {
    let world = survey(pool).await;
    for sort in [ProjectSort::Name, ProjectSort::Verdict, ProjectSort::Blockers, ProjectSort::Uploaded] {
        for descending in [false, true] {
            let query = ProjectQuery { sort, descending, ..query() };
            assert_eq!(walked(&world, &query, 2).await, names(&world, &query).await, "{sort:?} {descending}");
        }
    }
    let all = world.store.items(None, None, &Start::Page(1)).await.unwrap().rows;
    for (before, hit) in all.iter().zip(&all[1..]) {
        let next = Start::After(Some(before.place()), 1);
        assert_eq!(world.store.items(None, None, &next).await.unwrap().rows, std::slice::from_ref(hit));
    }
}

#[sqlx::test(migrations = "../migrations")]
async fn a_row_of_the_list_says_why(pool: PgPool) {
    let world = survey(pool).await;
    let rows = world.store.projects(&query()).await.unwrap().rows;
    let row = |name: &str| rows.iter().find(|row| row.name.as_str() == name).unwrap();
    assert_eq!(row("broken").reason.as_deref(), Some("damaged archive"));
    assert_eq!(row("ghost").reason.as_deref(), Some("unknown"));
    assert_eq!((row("pure").release_state, row("pure").file_state), (Some(ReleaseState::PureByTags), None));
    assert_eq!((row("stuck").verdict, row("stuck").blockers), (Some(Outcome::Blocked), 2));
    assert_eq!(row("free").floor, capi::Target::all().next());
}

#[sqlx::test(migrations = "../migrations")]
async fn a_release_shows_its_report(pool: PgPool) {
    let world = survey(pool).await;
    let name = "stuck".parse().unwrap();
    let release = world.store.release(&name, None).await.unwrap().unwrap();
    assert_eq!(release.version, "1.0");
    assert_eq!(release.wheel_tags, ["cp311-abi3-manylinux_2_17_x86_64"]);
    let file = release.file.unwrap();
    let written = report("stuck", vec![]);
    assert_eq!(file.tree, Some(written.tree));
    assert_eq!(file.analyzer_version.as_deref(), Some(analyzer::ANALYZER_VERSION));
    assert!(file.verdicts.iter().map(|verdict| verdict.target).eq(capi::Target::all()));
    assert_eq!(file.verdicts[0].blocking_members, [F_CODE]);
    let uses: Vec<_> = file.uses.iter().map(|row| (row.kind, row.item.as_str(), row.sites)).collect();
    assert_eq!(uses, [(Kind::Api, GET_SIZE, 1), (Kind::Member, F_CODE, 1), (Kind::Lvalue, "Py_TYPE", 1)]);
    assert!(world.store.release(&name, Some("9.9")).await.unwrap().is_none());
    assert!(world.store.release(&"nobody".parse().unwrap(), None).await.unwrap().is_none());
    let waiting = world.store.release(&"waiting".parse().unwrap(), None).await.unwrap().unwrap().file.unwrap();
    assert_eq!((waiting.state, waiting.analyzer_version, waiting.verdicts.len()), (FileState::Queued, None, 0));
}

#[sqlx::test(migrations = "../migrations")]
async fn an_item_lists_its_users_with_their_first_site(pool: PgPool) {
    let world = survey(pool).await;
    let item = world.store.item(F_CODE, None, &Start::Page(1)).await.unwrap().unwrap();
    let users: Vec<_> =
        item.users.rows.iter().map(|user| (user.name.as_str(), user.sites, user.first_site.as_str())).collect();
    assert_eq!(users, [("stuck", 1, "src/a.c:3"), ("stuck-too", 2, "src/a.c:1")]);
    assert_eq!((item.users.total, item.chain.all), (2, 9));
    assert!(world.store.item(F_CODE, Some(Kind::Api), &Start::Page(1)).await.unwrap().is_none());
}

#[sqlx::test(migrations = "../migrations")]
async fn items_come_most_projects_first_and_search_finds_names(pool: PgPool) {
    let world = survey(pool).await;
    let items = world.store.items(None, None, &Start::Page(1)).await.unwrap();
    let rows: Vec<_> = items.rows.iter().map(|hit| (hit.item.as_str(), hit.projects, hit.sites)).collect();
    assert_eq!(rows, [(F_CODE, 2, 3), (GET_SIZE, 2, 3), ("Py_TYPE", 1, 1)]);
    let beyond = world.store.items(None, None, &Start::Page(9)).await.unwrap();
    assert_eq!((beyond.rows.len(), beyond.total), (0, 3));
    let one = world.store.item(GET_SIZE, None, &Start::Page(1)).await.unwrap().unwrap();
    assert_eq!(
        one.kinds.iter().map(|hit| (hit.kind, hit.projects, hit.sites)).collect::<Vec<_>>(),
        [(Kind::Api, 2, 3)]
    );
    let members = world.store.items(Some("FRAME"), Some(Kind::Member), &Start::Page(1)).await.unwrap();
    assert_eq!((members.total, members.rows[0].item.as_str()), (1, F_CODE));
    let hits = world.store.search("stuck", &SearchPlace::default(), 5).await.unwrap().hits;
    assert_eq!(hits, ["stuck", "stuck-too"].map(|name| SearchHit::Project(name.parse().unwrap())));
    let hits = world.store.search("py_t", &SearchPlace::default(), 5).await.unwrap().hits;
    assert_eq!(hits, [SearchHit::Item("Py_TYPE".to_owned(), 1)]);
}

#[sqlx::test(migrations = "../migrations")]
async fn sites_come_with_their_source_lines_and_snippets_from_the_pack(pool: PgPool) {
    let world = survey(pool).await;
    let name = "stuck-too".parse().unwrap();
    let sites = world.store.sites(&name, "1.0", F_CODE, 1).await.unwrap();
    assert_eq!((sites.total, sites.rows.len()), (2, 1));
    assert_eq!((sites.rows[0].line, sites.rows[0].text.as_str()), (1, "#include <Python.h>"));
    assert_eq!(world.store.sites(&name, "1.0", "PyNone", 9).await.unwrap().total, 0);
    let lines = world.store.snippet(&name, "1.0", crate::world::PATH, 3, 90).await.unwrap().unwrap();
    assert_eq!(lines, ["f->f_code;", "Py_TYPE(x) = y;"]);
    assert_eq!(world.store.snippet(&name, "1.0", "src/none.c", 1, 3).await.unwrap(), None);
    assert_eq!(world.store.snippet(&name, "9.9", crate::world::PATH, 1, 3).await.unwrap(), None);
}

#[sqlx::test(migrations = "../migrations")]
async fn a_first_site_is_of_code_that_counts_and_comes_for_items_that_have_one(pool: PgPool) {
    let world = survey(pool).await;
    let name = "stuck-too".parse().unwrap();
    let sites = world.store.first_sites(&name, "1.0", &[F_CODE, "PyNone", GET_SIZE]).await.unwrap();
    assert_eq!(sites.get(F_CODE).map(|site| (site.line, site.text.as_str())), Some((1, "#include <Python.h>")));
    assert!(!sites.contains_key("PyNone"));
    assert!(world.store.first_sites(&name, "9.9", &[F_CODE]).await.unwrap().is_empty());
    assert!(world.store.first_sites(&name, "1.0", &[]).await.unwrap().is_empty());
}

#[sqlx::test(migrations = "../migrations")]
async fn who_goes_on_after_a_user_of_an_item_reads_each_once_in_the_order_of_pages(pool: PgPool) {
    let world = World::new(pool).await;
    let one = used(Kind::Api, "Py_TYPE", &[2]);
    let copied = Origin { class: OriginClass::Vendored, by: Some("compat".to_owned()) };
    for name in ["eggs", "ham", "spam"] {
        let uses = vec![
            one.clone(),
            Use { certainty: Certainty::Probable, ..one.clone() },
            Use { origin: copied.clone(), ..one.clone() },
            Use { condition: "python < 3.9".parse().unwrap(), ..one.clone() },
            used(Kind::Lvalue, "Py_TYPE", &[3, 4]),
        ];
        world.analysed(name, uses).await;
    }
    let item = async |start: Start<_>| world.store.item("Py_TYPE", None, &start).await.unwrap().unwrap().users;
    let page = item(Start::Page(1)).await;
    assert_eq!((page.total, page.rows.len()), (15, 15));
    assert!(page.rows.is_sorted_by(|one, other| one.place() < other.place()), "{:?}", page.rows);
    for limit in [1, 2, 7, 15, 16] {
        let (mut all, mut after) = (Vec::new(), None);
        loop {
            let part = item(Start::After(after, limit)).await.rows;
            let Some(last) = part.last() else { break };
            after = Some(last.place());
            all.extend(part);
        }
        assert_eq!(all, page.rows, "{limit} at a time");
    }
}

#[sqlx::test(migrations = "../migrations")]
async fn who_goes_on_in_a_search_reads_each_name_once(pool: PgPool) {
    let world = survey(pool).await;
    let whole = world.store.search("t", &SearchPlace::default(), 100).await.unwrap();
    assert_eq!(whole.next, None);
    let of_projects = |hits: &[SearchHit]| {
        let (projects, items): (Vec<_>, Vec<_>) =
            hits.iter().cloned().partition(|hit| matches!(hit, SearchHit::Project(_)));
        [projects, items]
    };
    let whole = of_projects(&whole.hits);
    assert!(whole.iter().all(|hits| hits.len() > 1), "{whole:?}");
    for limit in [1, 2, 3] {
        let (mut all, mut after) = (Vec::new(), Some(SearchPlace::default()));
        while let Some(place) = after {
            let part = world.store.search("t", &place, limit).await.unwrap();
            all.extend(part.hits);
            after = part.next;
        }
        assert_eq!(of_projects(&all), whole, "{limit} at a time");
    }
}

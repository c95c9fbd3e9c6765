//! Analysing again from packs: the same report, written only where it says something new.

use analyzer::{Kind, Limits, Options, Report, TreeFlag};
use bytes::Bytes;
use sqlx::PgPool;
use store::{Error, FileId, FileState, Packed, Recorded};

use crate::world::{World, report, sdist, tree, used};

/// What an analyzer of before said: one that is older than any.
fn old(name: &str, lines: &[u32]) -> Report {
    let mut report = report(name, vec![used(Kind::Api, "PyTuple_GET_SIZE", lines)]);
    report.analyzer_version = String::from("0");
    report
}

fn now(name: &str, lines: &[u32]) -> Report {
    report(name, vec![used(Kind::Api, "PyTuple_GET_SIZE", lines)])
}

impl World {
    async fn analysed_of_old(&self, name: &str) -> FileId {
        let file = self.fetched(name).await;
        self.store.file_analysed(file, &tree(), &old(name, &[2])).await.unwrap();
        file
    }

    async fn again(&self, file: FileId, report: &Report) -> Recorded {
        let packed = Packed::again(&tree(), report).unwrap();
        self.store.file_reanalysed(file, report, &packed).await.unwrap()
    }

    async fn count(&self, table: &str) -> i64 {
        let sql = sqlx::AssertSqlSafe(format!("SELECT count(*) FROM {table}"));
        sqlx::query_scalar(sql).fetch_one(&self.pool).await.unwrap()
    }

    async fn outdated(&self) -> Vec<FileId> {
        self.store.files_outdated(None, 10).await.unwrap().into_iter().map(|row| row.file).collect()
    }
}

/// A tar of the analyzer's fixtures, with a name that comes twice and one that leaves its folder.
fn archive() -> Bytes {
    let mut tar = tar::Builder::new(Vec::new());
    let mut add = |name: &str, bytes: &[u8]| {
        let mut header = tar::Header::new_ustar();
        header.as_old_mut().name[..name.len()].copy_from_slice(name.as_bytes());
        header.set_size(bytes.len() as u64);
        header.set_cksum();
        tar.append(&header, bytes).unwrap();
    };
    let fixtures = std::fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/../analyzer/tests/fixtures")).unwrap();
    for file in fixtures.map(Result::unwrap).filter(|file| file.file_type().unwrap().is_file()) {
        add(&format!("spam-1.0/src/{}", file.file_name().display()), &std::fs::read(file.path()).unwrap());
    }
    add("spam-1.0/pyproject.toml", b"[build-system]\nrequires = [\"cython>=3.0\", \"setuptools\"]\n");
    add("spam-1.0/a.c", b"#include <Python.h>\n");
    add("spam-1.0/a.c", b"#include <Python.h>\r\nint x = \xff + PyTuple_GET_SIZE(t);\n");
    add("spam-1.0/README.md", b"not kept");
    add("spam-1.0/../b.c", b"PyObject *o; int n = o->ob_refcnt;");
    tar.into_inner().unwrap().into()
}

#[sqlx::test(migrations = "../migrations")]
async fn analysing_a_pack_gives_the_report_of_its_archive(pool: PgPool) {
    let world = World::new(pool).await;
    let archive = archive();
    let mut page = crate::world::page("spam");
    page.releases[0].files[0] = sdist("spam", "1.0", &archive);
    page.releases[0].files[0].filename = "spam-1.0.tar".to_owned();
    world.store.project_recorded(&page).await.unwrap();
    let file = world.file("spam").await;
    world.store.file_fetched(file, archive.clone()).await.unwrap();
    let tree = analyzer::read_sdist("spam-1.0.tar", &archive, &Limits::default()).unwrap();
    assert!(tree.flags.contains(&TreeFlag::DuplicateNames) && tree.flags.contains(&TreeFlag::OddNames));
    let first = analyzer::analyze(&tree, &Options::default());
    assert!(first.uses.len() > 50, "the fixtures use much");
    world.store.file_analysed(file, &tree, &first).await.unwrap();

    world.store.archives_dropped(store::Run::Real).await.unwrap();
    assert!(world.store.file_bytes(file).await.unwrap().is_none(), "from the pack, or not at all");
    let again = world.store.source_tree(file).await.unwrap().unwrap();
    assert_eq!(again, tree);
    let second = analyzer::analyze(&again, &Options::default());
    assert_eq!(second, first);
    // As it goes through a pipe.
    let sent: Report = serde_json::from_slice(&serde_json::to_vec(&first).unwrap()).unwrap();
    assert_eq!(sent, first);
    let digest = world.store.digest().await.unwrap();
    let packed = Packed::again(&again, &sent).unwrap();
    assert_eq!(world.store.file_reanalysed(file, &sent, &packed).await.unwrap(), Recorded::Same);
    assert_eq!(world.store.digest().await.unwrap(), digest);
}

#[sqlx::test(migrations = "../migrations")]
async fn a_version_that_says_the_same_writes_no_report_and_no_blob(pool: PgPool) {
    let world = World::new(pool).await;
    let file = world.analysed_of_old("spam").await;
    assert!(!world.store.is_analysed(file).await.unwrap());
    let blobs = blobs(&world).await;
    assert_eq!(world.again(file, &now("spam", &[2])).await, Recorded::Same);
    assert_eq!(world.again(file, &now("spam", &[2])).await, Recorded::Same);
    assert_eq!((world.count("reports").await, world.count("report_versions").await), (1, 2));
    assert_eq!(self::blobs(&world).await, blobs);
    assert!(world.store.is_analysed(file).await.unwrap());
    // Read as this version's answer: on its page, its sites, and among the users of an item.
    let name = "spam".parse().unwrap();
    let release = world.store.release(&name, None).await.unwrap().unwrap();
    assert_eq!(release.file.unwrap().uses.len(), 1);
    assert_eq!(world.store.sites(&name, "1.0", "PyTuple_GET_SIZE", 9).await.unwrap().total, 1);
    assert_eq!(world.store.items(Some("pytuple"), None, &store::Start::Page(1)).await.unwrap().rows[0].projects, 1);
    let target = "abi3-3.11".parse().unwrap();
    let row = world.store.project(&name, target).await.unwrap().unwrap().releases.remove(0);
    assert_eq!(row.verdict, Some(analyzer::Outcome::NoBlocker));
}

#[sqlx::test(migrations = "../migrations")]
async fn a_version_that_says_something_else_writes_its_report_beside_the_old_one(pool: PgPool) {
    let world = World::new(pool).await;
    let file = world.analysed_of_old("spam").await;
    assert_eq!(world.again(file, &now("spam", &[2, 3])).await, Recorded::Written);
    assert_eq!(world.again(file, &now("spam", &[2, 3])).await, Recorded::Same);
    assert_eq!((world.count("reports").await, world.count("report_versions").await), (2, 2));
    let sites = world.store.sites(&"spam".parse().unwrap(), "1.0", "PyTuple_GET_SIZE", 9).await.unwrap();
    assert_eq!(sites.total, 2);
}

#[sqlx::test(migrations = "../migrations")]
async fn outdated_files_are_listed_in_batches_until_this_version_answered(pool: PgPool) {
    let world = World::new(pool).await;
    let mut files = Vec::new();
    for name in ["a", "b", "c"] {
        files.push(world.analysed_of_old(name).await);
    }
    world.analysed("new", Vec::new()).await;
    world.fetched("never-analysed").await;
    assert_eq!(world.outdated().await, files);
    let first = world.store.files_outdated(None, 2).await.unwrap();
    assert_eq!((first.len(), first[0].filename.as_str()), (2, "a-1.0.tar.gz"));
    let rest = world.store.files_outdated(Some(first[1].file), 2).await.unwrap();
    assert_eq!(rest.iter().map(|row| row.file).collect::<Vec<_>>(), files[2..]);
    world.again(files[0], &now("a", &[2])).await;
    world.again(files[1], &now("b", &[3])).await;
    assert_eq!(world.outdated().await, files[2..]);
    // An older program beside a newer one does not undo its work.
    let mut newer = now("c", &[2]);
    newer.analyzer_version = "999".to_owned();
    world.again(files[2], &newer).await;
    assert_eq!(world.outdated().await, []);
}

#[sqlx::test(migrations = "../migrations")]
async fn a_file_on_which_an_analyzer_failed_is_tried_by_the_next_version_only(pool: PgPool) {
    let world = World::new(pool).await;
    let file = world.fetched("spam").await;
    world.store.file_ended(file, FileState::AnalyzerFailed, "it hung").await.unwrap();
    assert_eq!(world.outdated().await, [], "it is this version that failed");
    sqlx::query("UPDATE files SET failed_by = '1/3.14.0-1'").execute(&world.pool).await.unwrap();
    assert_eq!(world.outdated().await, [file]);
    assert!(world.store.source_tree(file).await.unwrap().is_none(), "it never had a pack");
    let report = now("spam", &[2]);
    let refused = world.store.file_reanalysed(file, &report, &Packed::again(&tree(), &report).unwrap()).await;
    assert!(matches!(refused, Err(Error::NotFetched(_))), "{refused:?}");
    world.store.file_analysed(file, &tree(), &report).await.unwrap();
    assert_eq!(world.outdated().await, []);
}

#[sqlx::test(migrations = "../migrations")]
async fn a_file_that_was_withdrawn_stays_so_when_it_is_analysed_again(pool: PgPool) {
    let world = World::new(pool).await;
    let file = world.analysed_of_old("spam").await;
    world.store.file_ended(file, FileState::Withdrawn, "gone").await.unwrap();
    world.again(file, &now("spam", &[2, 3])).await;
    assert_eq!(world.store.file_state(file).await.unwrap(), FileState::Withdrawn);
}

/// A program of before knows nothing of `report_versions`.
#[sqlx::test(migrations = "../migrations")]
async fn a_report_of_an_older_program_is_the_answer_of_its_version(pool: PgPool) {
    let world = World::new(pool).await;
    let file = world.analysed("spam", Vec::new()).await;
    sqlx::query("DELETE FROM report_versions").execute(&world.pool).await.unwrap();
    assert!(!world.store.is_analysed(file).await.unwrap());
    let mut connection = world.pool.acquire().await.unwrap();
    for sql in [
        "CREATE TEMP TABLE old AS SELECT file_id, analyzer_version, capi_version, schema_version, digest, tree, tools,
             problems, unresolved, structures, native_files, paths, sites_blob FROM reports",
        "DELETE FROM reports",
        "INSERT INTO reports (file_id, analyzer_version, capi_version, schema_version, digest, tree, tools, problems,
             unresolved, structures, native_files, paths, sites_blob) SELECT * FROM old",
    ] {
        sqlx::query(sql).execute(&mut *connection).await.unwrap();
    }
    assert!(world.store.is_analysed(file).await.unwrap());
}

async fn blobs(world: &World) -> usize {
    use futures_util::TryStreamExt;
    let blobs = store::Blobs::folder(world.blobs.path()).unwrap();
    blobs.list().try_collect::<Vec<_>>().await.unwrap().len()
}

//! Analysis in child processes: a file that makes its child crash, hang or swallow all memory is contained.
#![cfg(feature = "service")]

#[expect(dead_code, unused_imports, reason = "the child's part is in the program that is started here")]
#[path = "../src/analysis/mod.rs"]
mod analysis;

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use analysis::{Config, Outcome, Pool};
use analyzer::{Fingerprint, Limits, Options, TreeFacts};
use bytes::Bytes;
use fake_index::SdistBuilder;
use sqlx::ConnectOptions;
use store::{
    Blobs, FileId, FileKind, FileRecord, FileState, Packed, ProjectPage, ProjectState, ReleaseRecord, ReleaseState,
    Sha256, Store,
};

const SOURCE: &str =
    "#include <Python.h>\nint f(PyFrameObject *frame) { return frame->f_lineno + PyTuple_GET_SIZE(0); }\n";

fn sdist() -> Bytes {
    SdistBuilder::new("spam-1.0").file("a.c", SOURCE).file("setup.py", "from setuptools import setup\n").tar_gz().into()
}

/// Children of the real program, with faults on.
fn config(children: usize) -> Config {
    Config {
        program: PathBuf::from(env!("CARGO_BIN_EXE_abiscope")),
        children,
        memory: 1 << 30,
        deadline: Duration::from_mins(1),
        faults: true,
    }
}

/// Where tests are threads of one process, one after the other: they count its children.
async fn alone() -> tokio::sync::MutexGuard<'static, ()> {
    static ALONE: tokio::sync::Mutex<()> = tokio::sync::Mutex::const_new(());
    let alone = ALONE.lock().await;
    wait_for("the end of other children", || children().is_empty()).await;
    alone
}

async fn outcome(pool: &Pool, filename: &str) -> Outcome {
    pool.archive(filename, sdist(), Vec::new()).await.expect("children can be started")
}

/// Why the analyzer failed on the file.
async fn failure(pool: &Pool, filename: &str) -> String {
    match outcome(pool, filename).await {
        Outcome::Ended(FileState::AnalyzerFailed, reason) => reason,
        other => panic!("{filename} should have failed: {other:?}"),
    }
}

async fn succeeds(pool: &Pool) {
    let outcome = outcome(pool, "spam-1.0.tar.gz").await;
    assert!(matches!(outcome, Outcome::Analysed(_)), "{outcome:?}");
}

/// The children of this process, zombies included, by process id.
fn children() -> BTreeSet<i32> {
    let processes = std::fs::read_dir("/proc").expect("processes").filter_map(Result::ok);
    let numbers = processes.filter_map(|entry| entry.file_name().to_str()?.parse::<i32>().ok());
    numbers.filter(|pid| parent(*pid) == Some(std::process::id())).collect()
}

fn parent(pid: i32) -> Option<u32> {
    let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    stat.rsplit(") ").next()?.split(' ').nth(1)?.parse().ok()
}

fn is_running(pid: i32) -> bool {
    let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
    !matches!(stat.rsplit(") ").next().and_then(|rest| rest.chars().next()), None | Some('Z'))
}

async fn wait_for(what: &str, done: impl Fn() -> bool) {
    for _ in 0..600 {
        if done() {
            return;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    panic!("{what} did not come");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_child_says_what_this_process_would() {
    let _alone = alone().await;
    let pool = Pool::new(config(1)).expect("a pool");
    let tree = analyzer::read_sdist("spam-1.0.tar.gz", &sdist(), &Limits::default()).expect("an archive");
    let report = analyzer::analyze(&tree, &Options::default());
    let packed = Packed::of(&tree, &report).expect("packed");
    let Outcome::Analysed(from_archive) = outcome(&pool, "spam-1.0.tar.gz").await else { panic!("no report") };
    assert_eq!((&from_archive.report, &from_archive.packed), (&report, &packed));
    let pack = packed.sources().expect("sources").clone();
    let again = pool.pack("spam-1.0.tar.gz", pack, Vec::new()).await.expect("a child");
    let Outcome::Analysed(from_pack) = again else { panic!("no report: {again:?}") };
    assert_eq!(from_pack.report, report);
    assert_eq!((from_pack.packed.sources(), from_pack.packed.sites()), (None, packed.sites()));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_known_already_is_not_analysed_again() {
    let _alone = alone().await;
    let pool = Pool::new(config(1)).expect("a pool");
    let tree = analyzer::read_sdist("spam-1.0.tar.gz", &sdist(), &Limits::default()).expect("an archive");
    let (mine, other) = (Fingerprint::of(&tree), Fingerprint::from_bytes([7; 16]));
    let archive = async |known| pool.archive("spam-1.0.tar.gz", sdist(), known).await.expect("a child");
    let Outcome::Unchanged(unchanged) = archive(vec![other, mine]).await else { panic!("it was analysed") };
    assert_eq!((unchanged.fingerprint, &unchanged.tree), (mine, &TreeFacts::of(&tree)));
    assert!(matches!(archive(vec![other]).await, Outcome::Analysed(_)));
    let pack = store::sources_packed(&tree).expect("packed");
    let again = pool.pack("spam-1.0.tar.gz", pack, vec![mine]).await.expect("a child");
    assert!(matches!(again, Outcome::Unchanged(_)));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_archive_that_cannot_be_read_says_so_and_its_child_goes_on() {
    let _alone = alone().await;
    let pool = Pool::new(config(1)).expect("a pool");
    let bad = pool.archive("spam-1.0.tar.gz", Bytes::from_static(b"<html>"), Vec::new()).await.expect("a child");
    let Outcome::Ended(FileState::Unreadable, reason) = bad else { panic!("{bad:?}") };
    assert!(reason.starts_with("damaged archive"), "{reason}");
    let odd = pool.pack("spam-1.0.tar.gz", Bytes::from_static(b"no pack"), Vec::new()).await.expect("a child");
    assert!(matches!(&odd, Outcome::Ended(FileState::AnalyzerFailed, _)), "{odd:?}");
    let before = children();
    succeeds(&pool).await;
    assert!(children() == before && before.len() == 1, "one child did all: {before:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn every_way_to_die_is_told_and_costs_only_its_file() {
    let _alone = alone().await;
    let pool = Pool::new(config(1)).expect("a pool");
    for (filename, expected) in [
        ("panics-1.0.tar.gz", "a fault for tests"),
        ("aborts-1.0.tar.gz", "crashed (signal: 6"),
        ("overflows-1.0.tar.gz", "overflowed its stack"),
        ("quits-1.0.tar.gz", "ended without an answer"),
        ("hogs-1.0.tar.gz", "ran out of the memory it is allowed"),
        ("babbles-1.0.tar.gz", "answered garbage"),
    ] {
        let reason = failure(&pool, filename).await;
        assert!(reason.contains(expected), "{filename}: {reason}");
        succeeds(&pool).await;
        assert_eq!(children().len(), 1, "after {filename} there is the new child, and no zombie");
    }
    // One that only complains at length is well.
    assert!(matches!(outcome(&pool, "shouts-1.0.tar.gz").await, Outcome::Analysed(_)));
}

#[tokio::test(flavor = "multi_thread")]
async fn one_that_hangs_is_stopped_and_does_not_hold_up_the_others() {
    let _alone = alone().await;
    let pool = Pool::new(Config { deadline: Duration::from_secs(5), ..config(2) }).expect("a pool");
    let (reason, ()) = tokio::join!(failure(&pool, "hangs-1.0.tar.gz"), async {
        for _ in 0..3 {
            succeeds(&pool).await;
        }
    });
    assert!(reason.contains("no answer within 5 seconds"), "{reason}");
    succeeds(&pool).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn no_more_children_than_allowed_work_at_once() {
    let _alone = alone().await;
    let pool = Pool::new(config(2)).expect("a pool");
    let many = (0..8).map(|_| succeeds(&pool));
    futures_util::future::join_all(many).await;
    assert_eq!(children().len(), 2);
    drop(pool);
    wait_for("the end of all children", || children().is_empty()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_child_nobody_waits_for_any_more_is_killed() {
    let _alone = alone().await;
    let pool = Pool::new(config(1)).expect("a pool");
    let given_up = tokio::time::timeout(Duration::from_secs(3), outcome(&pool, "hangs-1.0.tar.gz")).await;
    assert!(given_up.is_err(), "{given_up:?}");
    wait_for("the end of the child", || children().is_empty()).await;
    succeeds(&pool).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_idle_child_that_was_killed_is_replaced_without_a_word() {
    let _alone = alone().await;
    let pool = Pool::new(config(1)).expect("a pool");
    succeeds(&pool).await;
    let first = children();
    for pid in &first {
        nix::sys::signal::kill(nix::unistd::Pid::from_raw(*pid), nix::sys::signal::Signal::SIGKILL).expect("killed");
        wait_for("its end", || !is_running(*pid)).await;
    }
    succeeds(&pool).await;
    assert!(children().is_disjoint(&first));
}

/// What stops a service stops its children only through it: what they work on is not lost.
#[tokio::test(flavor = "multi_thread")]
async fn a_child_is_deaf_to_the_signals_that_stop_its_parent() {
    let _alone = alone().await;
    let pool = Pool::new(config(1)).expect("a pool");
    succeeds(&pool).await;
    let first = children();
    for signal in [nix::sys::signal::Signal::SIGTERM, nix::sys::signal::Signal::SIGINT] {
        for pid in &first {
            nix::sys::signal::kill(nix::unistd::Pid::from_raw(*pid), signal).expect("sent");
        }
        succeeds(&pool).await;
    }
    assert_eq!(children(), first);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_program_that_cannot_be_started_is_no_files_fault() {
    let _alone = alone().await;
    for program in ["/nowhere/abiscope", "/bin/false"] {
        let pool = Pool::new(Config { program: PathBuf::from(program), ..config(1) }).expect("a pool");
        let failed = pool.archive("spam-1.0.tar.gz", sdist(), Vec::new()).await.expect_err("no child");
        assert!(failed.to_string().contains("child"), "{failed:#}");
    }
}

/// A survey of one project, in memory but for the rows.
async fn surveyed(database: &sqlx::PgPool) -> (Store, FileId) {
    let url = database.connect_options().to_url_lossy().to_string();
    Store::migrate(&url).await.expect("migrated");
    let store = Store::connect(&url, Blobs::in_memory()).await.expect("connected");
    let file = FileRecord {
        filename: "spam-1.0.tar.gz".to_owned(),
        url: "https://files.example/spam-1.0.tar.gz".to_owned(),
        sha256: Some(Sha256::of(&sdist())),
        size: None,
        uploaded_at: None,
        yanked: None,
        kind: FileKind::Sdist,
    };
    let release = ReleaseRecord {
        version: packaging::ReleaseVersion::new("1.0"),
        prerelease: false,
        yanked: false,
        latest: true,
        requires_python: None,
        uploaded_at: None,
        state: ReleaseState::Selected,
        reason: None,
        selected: Some(0),
        files: vec![file],
    };
    let page = ProjectPage {
        name: "spam".parse().expect("a name"),
        display_name: "spam".to_owned(),
        state: ProjectState::Listed,
        status_text: None,
        history: None,
        serial: None,
        etag: None,
        releases: vec![release],
    };
    store.project_recorded(&page).await.expect("recorded");
    let file = store.selected_file(&page.name, &page.releases[0].version).await.expect("asked").expect("a file");
    (store, file)
}

#[sqlx::test(migrations = false)]
async fn a_new_analyzer_goes_through_what_is_stored_and_fetches_nothing(database: sqlx::PgPool) {
    let _alone = alone().await;
    let (store, file) = surveyed(&database).await;
    let pool = Pool::new(config(1)).expect("a pool");
    let name = "spam-1.0.tar.gz";
    assert_eq!(analysis::again(&pool, &store, file, name).await.expect("asked"), None, "nothing is stored yet");

    store.file_fetched(file, sdist()).await.expect("stored");
    let Outcome::Analysed(mut by_an_older_one) = outcome(&pool, name).await else { panic!("no report") };
    by_an_older_one.report.analyzer_version = String::from("0");
    let made = &by_an_older_one;
    store.file_analysed_packed(file, &made.report, &made.packed).await.expect("recorded");
    store.archives_dropped(store::Run::Real).await.expect("dropped");
    assert!(!store.is_analysed(file).await.expect("asked"));

    let outdated = store.files_outdated(None, 10).await.expect("asked");
    assert_eq!(outdated.len(), 1);
    for row in outdated {
        let state = analysis::again(&pool, &store, row.file, &row.filename).await.expect("analysed");
        assert_eq!(state, Some(FileState::Analysed));
    }
    assert!(store.is_analysed(file).await.expect("asked"));
    assert!(store.files_outdated(None, 10).await.expect("asked").is_empty());
    store.close().await;
}

/// What children cost beside working in this process, over the archives of a folder:
/// `ABISCOPE_SDISTS=DIR cargo test -p abiscope --test analysis -- --ignored --nocapture overhead`.
#[ignore = "prints a measurement and asserts nothing"]
#[tokio::test(flavor = "multi_thread")]
async fn the_overhead_of_children() {
    let _alone = alone().await;
    let pool = Pool::new(config(1)).expect("a pool");
    let started = Instant::now();
    succeeds(&pool).await;
    println!("first answer of a new child: {:.1?}", started.elapsed());
    let started = Instant::now();
    for _ in 0..50 {
        succeeds(&pool).await;
    }
    println!("a tiny sdist: {:.2?} in a child", started.elapsed() / 50);
    let started = Instant::now();
    for _ in 0..50 {
        here("spam-1.0.tar.gz", &sdist());
    }
    println!("a tiny sdist: {:.2?} here", started.elapsed() / 50);
    let Some(folder) = std::env::var_os("ABISCOPE_SDISTS") else { return };
    for file in std::fs::read_dir(folder).expect("a folder").map(|file| file.expect("a file").path()) {
        let filename = file.file_name().and_then(|name| name.to_str()).expect("UTF-8").to_owned();
        let bytes = Bytes::from(std::fs::read(&file).expect("read"));
        let started = Instant::now();
        here(&filename, &bytes);
        let alone = started.elapsed();
        let started = Instant::now();
        let outcome = pool.archive(&filename, bytes.clone(), Vec::new()).await.expect("a child");
        let with_child = started.elapsed();
        let bytes = bytes.len();
        let Outcome::Analysed(analysed) = outcome else { panic!("{filename}: {outcome:?}") };
        let report = serde_json::to_vec(&analysed.report).expect("JSON").len();
        println!("{filename}: {bytes} bytes, report {report}: {alone:.0?} here, {with_child:.0?} in a child");
    }
}

/// The same work without a child.
fn here(filename: &str, bytes: &[u8]) -> Packed {
    let tree = analyzer::read_sdist(filename, bytes, &Limits::default()).expect("an archive");
    let report = analyzer::analyze(&tree, &Options::default());
    Packed::of(&tree, &report).expect("packed")
}

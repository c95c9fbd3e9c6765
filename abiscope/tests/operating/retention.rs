//! What is let go of, and that a new analyzer does without it.

use sqlx::PgPool;

use crate::deployment::{Deployment, fetched, files, index};

async fn rows(pool: &PgPool, sql: &'static str) -> Vec<(String, i64)> {
    sqlx::query_as(sql).fetch_all(pool).await.expect("rows")
}

/// Reports of each project, and versions of the analyzer that they are the answer of.
async fn reports(pool: &PgPool) -> Vec<(String, i64)> {
    rows(
        pool,
        "SELECT split_part(f.filename, '-', 1), count(DISTINCT said.report_id) * 10 + count(*)
         FROM report_versions said JOIN files f ON f.id = said.file_id GROUP BY 1 ORDER BY 1",
    )
    .await
}

#[sqlx::test(migrations = false)]
async fn without_archives_a_new_analyzer_fetches_nothing_and_writes_only_what_says_something_else(pool: PgPool) {
    let here = Deployment::on(&pool);
    let index = index(&["one", "two", "three"]);
    here.done(&["migrate"]);
    here.crawl(&index, &[]);
    assert_eq!((fetched(&index), files(&here.blobs())), (3, 9), "archive, sources and sites of each");
    let digest = here.digest();

    let dry = here.done(&["db", "prune", "--dry-run", "--drop-archives"]);
    assert!(dry.contains("archives that are packed") && dry.contains("would go"), "{dry}");
    assert_eq!(files(&here.blobs()), 9, "a dry run touches nothing");
    // By the policy of a crawl, whoever does its upkeep.
    here.crawl(&index, &["--drop-archives"]);
    assert_eq!(files(&here.blobs()), 6);
    assert_eq!((fetched(&index), here.digest()), (3, digest.clone()));

    // What is stored was said by an analyzer of before, of `two` something else.
    for change in [
        "UPDATE report_versions SET analyzer_version = '0'",
        "UPDATE reports SET analyzer_version = '0'",
        "UPDATE reports SET digest = decode(repeat('ab', 32), 'hex')
         WHERE file_id = (SELECT id FROM files WHERE filename LIKE 'two-%')",
    ] {
        sqlx::query(change).execute(&pool).await.expect("changed");
    }
    assert_eq!(here.status()["files"]["analysed"], 3);
    here.crawl(&index, &["--drop-archives"]);
    assert_eq!(fetched(&index), 3, "nothing is fetched");
    let expected = [("one", 12), ("three", 12), ("two", 22)].map(|(name, n)| (name.to_owned(), n));
    assert_eq!(reports(&pool).await, expected, "a report more only where another thing is said");

    // The older report goes when the operator says so; its sites are those of the new one.
    let pruned = here.done(&["db", "prune", "--old-reports", "0"]);
    assert!(
        pruned.lines().any(|line| line.split_whitespace().eq(["reports", "of", "older", "analyzers", "1"])),
        "{pruned}"
    );
    assert_eq!(reports(&pool).await[2], ("two".to_owned(), 11));
    assert_eq!(files(&here.blobs()), 6);
}

/// As after a restore in which the blobs were forgotten.
#[sqlx::test(migrations = false)]
async fn an_archive_that_was_lost_before_it_was_read_is_fetched_again(pool: PgPool) {
    let here = Deployment::on(&pool);
    let index = index(&["one"]);
    here.done(&["migrate"]);
    here.crawl(&index, &[]);
    let digest = here.digest();
    for change in
        ["DELETE FROM reports", "UPDATE files SET state = 'fetched', pack_blob = NULL WHERE state = 'analysed'"]
    {
        sqlx::query(change).execute(&pool).await.expect("changed");
    }
    std::fs::remove_dir_all(here.blobs()).expect("removed");
    here.crawl(&index, &[]);
    assert_eq!((fetched(&index), here.digest()), (2, digest));
}

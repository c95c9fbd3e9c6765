//! What the operator decides and looks at.

use sqlx::PgPool;

use crate::deployment::{Deployment, complaint, index};

#[sqlx::test(migrations = false)]
async fn a_project_is_hidden_with_a_reason_listed_and_shown_again(pool: PgPool) {
    let here = Deployment::on(&pool);
    here.done(&["migrate"]);
    here.crawl(&index(&["one"]), &[]);
    let digest = here.digest();
    here.refused(2, &["hide", "one"]);
    here.refused(2, &["hide", "one", "--reason", "  "]);
    assert!(here.refused(1, &["hide", "no name", "--reason", "why"]).contains("no name"));
    let hidden = here.run(&["hide", "One", "--reason", "its author asked for it"]);
    assert!(complaint(&hidden).contains("The source of one is hidden"), "{}", complaint(&hidden));
    assert!(!complaint(&hidden).contains("does not know"));
    let misspelt = here.run(&["hide", "onn", "--reason", "x"]);
    assert!(complaint(&misspelt).contains("does not know it yet"), "{}", complaint(&misspelt));
    let listed = here.done(&["hide", "--list"]);
    let names: Vec<&str> = listed.lines().filter_map(|line| line.split_whitespace().next()).collect();
    assert_eq!(names, ["one", "onn"]);
    assert!(listed.contains("its author asked for it"), "{listed}");
    assert_eq!(here.digest(), digest, "it was decided, not found out");
    here.done(&["hide", "onn", "--undo"]);
    assert!(here.refused(1, &["hide", "onn", "--undo"]).contains("was not hidden"));
    assert_eq!(here.done(&["hide", "--list"]).lines().count(), 1);
}

#[sqlx::test(migrations = false)]
async fn the_status_is_plain_text_where_nobody_looks_and_alarms_can_be_cleared(pool: PgPool) {
    let here = Deployment::on(&pool);
    here.done(&["migrate"]);
    here.crawl(&index(&["one"]), &[]);
    sqlx::query("INSERT INTO alarms (kind, subject, detail) VALUES ('listing-refused', 'x', 'half of it is gone')")
        .execute(&pool)
        .await
        .expect("raised");
    let status = here.done(&["status"]);
    for words in ["listing  ", "1 listed · 1 new", "budget", "no limit", "last hour", "no worker seen", "alarms  "] {
        assert!(status.contains(words), "{words:?} is not in\n{status}");
    }
    assert!(!status.contains('\u{1b}'), "{status}");
    let told = here.run(&["alarms"]);
    assert!(String::from_utf8_lossy(&told.stdout).contains("half of it is gone"));
    assert!(here.done(&["alarms", "--clear", "--kind", "file-content-changed"]).is_empty());
    assert!(here.done(&["alarms", "--clear"]).contains("half of it is gone"), "what is cleared is told");
    assert!(!here.done(&["status"]).contains("alarms  "));
}

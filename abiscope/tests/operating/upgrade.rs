//! Old and new programs beside each other.

use sqlx::PgPool;

use crate::deployment::{Background, Deployment, comes, crawling, index};

/// As an upgrade does it: the new program migrates while the old ones are at work.
#[sqlx::test(migrations = false)]
async fn what_is_at_work_goes_on_when_the_schema_moves_on_and_what_is_started_then_is_refused(pool: PgPool) {
    let here = Deployment::on(&pool);
    let index = index(&["one", "two", "three", "four", "five", "six"]);
    here.done(&["migrate"]);
    let url = index.url();
    let slowly: Vec<&str> = crawling(&url).iter().map(|arg| if *arg == "0" { "3" } else { *arg }).collect();
    let mut crawl = Background::start(&mut here.command(&slowly));
    let analysed = async || {
        let count = sqlx::query_scalar("SELECT count(*) FROM files WHERE state = 'analysed'").fetch_one(&pool).await;
        count.expect("counted")
    };
    let before: i64 = comes("the first report", async || Some(analysed().await).filter(|count| *count > 0)).await;
    sqlx::query("INSERT INTO schema_versions VALUES (9999, '0.9.0')").execute(&pool).await.expect("moved on");
    for started in [&["status"][..], &["migrate"], &["work"]] {
        let refused = here.refused(1, started);
        assert!(refused.contains("use abiscope 0.9.0 or later"), "{refused}");
    }
    assert_eq!(crawl.ends(), Some(0));
    assert!(before < 6 && analysed().await == 6, "{before} reports, then {}", analysed().await);
}

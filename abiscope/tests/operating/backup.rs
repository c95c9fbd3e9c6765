//! Backups: taken while a crawl runs, of older schemas, and refused if they are of newer ones.

use std::path::Path;

use fake_index::FakeIndex;
use sqlx::migrate::Migrator;
use sqlx::{AssertSqlSafe, PgPool};

use crate::deployment::{Background, Deployment, comes, complaint, copy, crawling, fetched, url};

/// An index of so many projects of all sorts.
const PROJECTS: u32 = 40;

fn of(deployment: &Deployment, kind: &str, what: &str) -> i64 {
    deployment.status()["crawl"]["queue"][kind][what].as_i64().unwrap_or_default()
}

#[tokio::test]
async fn a_backup_taken_while_a_crawl_runs_is_whole_and_its_crawl_goes_on_elsewhere() {
    let (here, there) = (Deployment::private(), Deployment::private());
    let index = FakeIndex::start_in_thread();
    index.generate(7, PROJECTS);
    let slowly = index.url();
    let slowly: Vec<&str> = crawling(&slowly).iter().map(|arg| if *arg == "0" { "12" } else { *arg }).collect();
    let mut crawl = Background::start(&mut here.command(&slowly));
    comes("the first reports", async || (here.status()["files"]["analysed"].as_i64()? > 3).then_some(())).await;

    // The database first: every blob that it names is there already.
    let dump = here.dir().join("backup.dump");
    let dump = dump.to_str().expect("UTF-8");
    here.done(&["db", "export", dump]);
    copy(&here.blobs(), &there.blobs());
    assert_eq!(crawl.ends(), Some(0));
    let (digest, asked) = (here.digest(), fetched(&index));

    there.done(&["db", "import", dump]);
    let status = there.status();
    assert_eq!(status["crawl"]["workers"].as_array().map(Vec::len), Some(0), "nobody of there works here");
    assert_eq!(
        of(&there, "fetch", "running") + of(&there, "analyse", "running") + of(&there, "read-project", "running"),
        0
    );
    assert_ne!(there.digest(), digest, "the crawl was under way");
    there.crawl(&index, &[]);
    assert_eq!(there.digest(), digest);
    assert!(fetched(&index) - asked < asked, "what was stored is not fetched again");

    // At rest, a copy says the same at once.
    let (third, rest) = (Deployment::private(), here.dir().join("rest.dump"));
    let rest = rest.to_str().expect("UTF-8");
    here.done(&["db", "export", rest]);
    third.done(&["db", "import", rest]);
    assert_eq!(third.digest(), digest);
    assert!(third.refused(1, &["db", "import", rest]).contains("empty data directory"), "nothing is overwritten");
}

async fn older(pool: &PgPool, schema: i64) {
    let migrations = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../migrations"));
    Migrator::new(migrations).await.expect("migrations").run_to(schema, pool).await.expect("migrated");
    sqlx::query("INSERT INTO projects (name, display_name, state) VALUES ('spam', 'Spam', 'listed')")
        .execute(pool)
        .await
        .expect("a project");
}

/// Another database on the same server, which is dropped by [`Other::drop`].
struct Other<'a> {
    pool: &'a PgPool,
    name: String,
}

impl<'a> Other<'a> {
    async fn make(pool: &'a PgPool, prefix: &str) -> Self {
        let name = format!("{prefix}{}", pool.connect_options().get_database().expect("a name"));
        let other = Self { pool, name: name.chars().take(63).collect() };
        other.run(format!("CREATE DATABASE \"{}\"", other.name)).await;
        other
    }

    fn deployment(&self) -> Deployment {
        let here = self.pool.connect_options();
        Deployment::at(&url(self.pool).replace(here.get_database().expect("a name"), &self.name))
    }

    async fn run(&self, sql: String) {
        sqlx::raw_sql(AssertSqlSafe(sql)).execute(self.pool).await.expect("done");
    }

    async fn drop(self) {
        self.run(format!("DROP DATABASE \"{}\" WITH (FORCE)", self.name)).await;
    }
}

#[sqlx::test(migrations = false)]
async fn an_export_of_an_older_schema_is_imported_and_migrated(pool: PgPool) {
    older(&pool, 4).await;
    let here = Deployment::on(&pool);
    assert!(
        here.refused(1, &["status"]).contains("run `abiscope migrate`"),
        "a new program helps with an older schema"
    );
    let dump = here.dir().join("old.dump");
    let dump = dump.to_str().expect("UTF-8");
    here.done(&["db", "export", dump]);
    here.done(&["migrate"]);
    let (migrated, digest) = (here.status(), here.digest());
    assert!(migrated["schema"].as_i64() > Some(4));

    let named = Other::make(&pool, "a").await;
    let there = named.deployment();
    there.done(&["db", "import", dump]);
    assert_eq!((&there.status()["schema"], &there.status()["projects"]), (&migrated["schema"], &migrated["projects"]));
    assert_eq!(there.digest(), digest);
    assert!(there.refused(1, &["db", "import", dump]).contains("createdb"), "nothing is overwritten");
    named.drop().await;

    // One that was migrated and never used is as good as an empty one.
    let unused = Other::make(&pool, "b").await;
    let there = unused.deployment();
    there.done(&["migrate"]);
    there.done(&["db", "import", dump]);
    assert_eq!(there.digest(), digest);
    unused.drop().await;

    let private = Deployment::private();
    private.done(&["status"]);
    private.done(&["db", "import", dump]);
    assert_eq!(private.digest(), digest);
}

#[sqlx::test(migrations = false)]
async fn what_is_newer_or_no_export_is_refused_and_nothing_is_changed(pool: PgPool) {
    let here = Deployment::on(&pool);
    here.done(&["migrate"]);
    sqlx::query("INSERT INTO schema_versions VALUES (9999, '0.9.0')").execute(&pool).await.expect("newer");
    let dump = here.dir().join("new.dump");
    let dump = dump.to_str().expect("UTF-8");
    here.done(&["db", "export", dump]);
    let there = Deployment::private();
    let before = there.status();
    let refused = there.refused(1, &["db", "import", dump]);
    assert!(refused.contains("schema 9999") && refused.contains("use abiscope 0.9.0 or later"), "{refused}");
    let junk = here.dir().join("junk");
    std::fs::write(&junk, "no dump").expect("written");
    assert!(there.refused(1, &["db", "import", junk.to_str().expect("UTF-8")]).contains("cannot be read"));
    assert!(there.refused(1, &["db", "import", "/nowhere/x"]).contains("/nowhere/x"));
    assert_eq!(there.status()["schema"], before["schema"]);
}

/// Where the private server of a deployment that is running something listens.
fn private_url(deployment: &Deployment) -> String {
    let state = std::fs::read_to_string(deployment.dir().join("postgres/server.json")).expect("it runs");
    let state: serde_json::Value = serde_json::from_str(&state).expect("JSON");
    state["url"].as_str().expect("an address").to_owned()
}

#[tokio::test]
async fn a_private_database_is_copied_before_it_is_migrated() {
    let here = Deployment::private();
    // Keeps the server up while the database is made one of an older schema.
    let mut holds = Background::serving(&mut here.command(&["serve", "--listen", "127.0.0.1:0"]));
    let pool = PgPool::connect(&private_url(&here)).await.expect("a connection");
    sqlx::raw_sql("DROP SCHEMA public CASCADE; CREATE SCHEMA public").execute(&pool).await.expect("emptied");
    older(&pool, 5).await;
    pool.close().await;
    let told = here.run(&["status"]);
    holds.stops();
    assert_eq!(told.status.code(), Some(0), "{}", complaint(&told));
    assert!(complaint(&told).contains("from schema 5 to"), "{}", complaint(&told));
    let copy = here.dir().join("schema-5.dump");
    assert!(copy.is_file() && String::from_utf8_lossy(&told.stdout).contains("projects"));
    let there = Deployment::private();
    there.done(&["db", "import", copy.to_str().expect("UTF-8")]);
    assert_eq!(there.digest(), here.digest());
    assert!(!complaint(&here.run(&["status"])).contains("schema"), "only once");
}

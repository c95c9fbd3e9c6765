//! Each role's exact command and environment, without containers: against a Postgres, an S3 store and an index on
//! loopback. `cargo xtask roles` runs this alone.

use std::collections::BTreeMap;
use std::time::Instant;

use fake_index::FakeIndex;
use serde_json::Value;
use sqlx::{ConnectOptions, PgPool};

use crate::compose::Compose;
use crate::exposition::Exposition;
use crate::running::{LONGEST, Running, files};

/// Projects of the generated index, of all sorts.
const PROJECTS: u32 = 100;

#[sqlx::test(migrations = false)]
async fn every_role_of_the_composition_does_its_part(pool: PgPool) {
    let database = pool.connect_options().to_url_lossy().to_string();
    // A thread of its own: what follows waits for processes.
    tokio::task::spawn_blocking(move || composed(&database)).await.expect("the composition");
}

fn composed(database: &str) {
    let index = FakeIndex::start_in_thread();
    index.generate(11, PROJECTS);
    let folder = tempfile::tempdir().expect("a folder");
    let buckets = folder.path().join("buckets");
    let s3 = fake_s3::start_in_thread(&buckets).expect("an S3 store");
    let stand = Stand {
        compose: Compose::with(&variables(&index)).expect("complete"),
        folder: folder.path(),
        database,
        s3: format!("http://{s3}"),
    };

    let mut roles = stand.start_all();
    let status = crawled(&stand);
    let serve = position(&roles, "serve");
    assert_eq!(roles[serve].get(8017, "/healthz"), "ok\n");
    assert_eq!(roles[serve].get(8017, "/readyz"), "ready\n");
    roles[serve].get(8017, "/search?q=hush");

    let blobs = files(&buckets.join(fake_s3::BUCKET));
    let analysed = status["files"]["analysed"].as_u64().expect("some");
    assert!(analysed > 30 && blobs as u64 > analysed, "{blobs} blobs of {analysed} sdists");
    let digest = stand.ask(&["digest"]);
    assert!(digest.trim().len() == 64 && digest == stand.ask(&["digest"]), "{digest}");

    metrics_tell(&roles, &status);
    people_see_little(&stand, roles[serve].ports[&8018]);
    ended_well(&mut roles);
    roles.iter().for_each(logs_tell);
}

fn variables(index: &FakeIndex) -> BTreeMap<&'static str, String> {
    BTreeMap::from([
        ("ABISCOPE_CONTACT", "tests@example.org".to_owned()),
        ("ABISCOPE_INDEX_URL", index.url()),
        ("ABISCOPE_REQUESTS_PER_SECOND", "0".to_owned()),
        ("ABISCOPE_S3_KEY", fake_s3::ID.to_owned()),
        ("ABISCOPE_S3_SECRET", fake_s3::SECRET.to_owned()),
        ("ABISCOPE_POSTGRES_PASSWORD", "secret".to_owned()),
    ])
}

/// What stands for the network inside the composition.
struct Stand<'a> {
    compose: Compose,
    folder: &'a std::path::Path,
    database: &'a str,
    s3: String,
}

impl Stand<'_> {
    /// The same on this machine.
    fn elsewhere(&self, text: &str) -> String {
        match text {
            "postgres://abiscope:secret@postgres:5432/abiscope" => self.database.to_owned(),
            "http://s3:8333" => self.s3.clone(),
            _ => {
                assert!(!text.contains("postgres:") && !text.contains("s3:8333"), "{text} leads nowhere");
                text.to_owned()
            }
        }
    }

    /// Starts every role when those it waits for are as they should be. Returns those that go on.
    fn start_all(&self) -> Vec<Running> {
        let mut running = Vec::new();
        for service in self.compose.roles() {
            for number in 0..self.compose.replicas(service) {
                let said = self.folder.join(format!("{service}-{number}.log"));
                let (command, environment) = (self.compose.command(service), self.compose.environment(service));
                let elsewhere = |text: &str| self.elsewhere(text);
                running.push(Running::start(service, &command, &environment, &elsewhere, said));
            }
            let begun = running.len() - self.compose.replicas(service);
            if let Some(check) = self.compose.health(service) {
                running[begun..].iter_mut().for_each(|role| role.well(&check));
                continue;
            }
            let mut role = running.pop().expect("just begun");
            assert!(role.end().success(), "{service}: {}", role.said());
            logs_tell(&role);
        }
        running
    }

    /// What another command says, run where the dashboard is: `docker compose exec serve abiscope …`.
    fn ask(&self, arguments: &[&str]) -> String {
        let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_abiscope"));
        let environment = self.compose.environment("serve");
        command.env_clear().envs(environment.iter().map(|(name, value)| (name, self.elsewhere(value))));
        let done = command.args(arguments).output().expect("it runs");
        assert!(done.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&done.stderr));
        String::from_utf8(done.stdout).expect("text")
    }
}

/// Waits until all that can be done is done, and says how it stands then.
fn crawled(stand: &Stand) -> Value {
    let since = Instant::now();
    loop {
        let status: Value = serde_json::from_str(&stand.ask(&["status", "--format", "json"])).expect("JSON");
        let crawl = &status["crawl"];
        let number = |value: &Value| value.as_i64().expect("a number");
        let depths = crawl["queue"].as_object().expect("kinds").values();
        let left: i64 = depths.map(|depth| number(&depth["ready"]) + number(&depth["running"])).sum();
        let soon = crawl["next_due_seconds"].as_i64().is_some_and(|seconds| seconds < 120);
        let kinds = status["projects"].as_object().expect("states").len();
        let begun = number(&crawl["names"]["listed"]) > 0 && kinds > 1;
        if begun && left == 0 && !soon {
            return status;
        }
        assert!(since.elapsed() < LONGEST, "the crawl does not come to an end: {status}");
        std::thread::sleep(std::time::Duration::from_millis(500));
    }
}

fn position(roles: &[Running], name: &str) -> usize {
    roles.iter().position(|role| role.name == name).expect(name)
}

fn metrics_tell(roles: &[Running], status: &Value) {
    let scrapes: Vec<Exposition> = roles.iter().map(|role| Exposition::read(&role.get(8018, "/metrics"))).collect();
    let everywhere = |name: &str, with: &str| scrapes.iter().map(|scrape| scrape.sum(name, with)).sum::<f64>();
    let serve = &scrapes[position(roles, "serve")];
    for (of, name) in [("projects", "abiscope_projects"), ("files", "abiscope_files")] {
        for (state, count) in status[of].as_object().expect("counts") {
            serve.says(&format!("{name}{{state=\"{state}\"}}"), count.as_u64().expect("a count"));
        }
    }
    serve.says("abiscope_database_up", 1);
    serve.says("abiscope_queue_jobs{kind=\"fetch\",status=\"ready\"}", 0);
    serve.says("abiscope_workers{role=\"work\"}", 2);
    assert!(serve.sum("abiscope_listing_age_seconds", "index=") > 0.0);
    assert!(serve.value("abiscope_database_bytes") > 1e6);
    assert!(serve.sum("abiscope_http_requests_total", "route=\"/readyz\",status=\"200\"") >= 1.0);
    assert!(serve.has("abiscope_http_request_duration_seconds_bucket"));
    for what in ["past", "standing"] {
        assert!(serve.sum("abiscope_memory_read_duration_seconds_count", &format!("what=\"{what}\"")) >= 1.0, "{what}");
    }

    let analysed = status["files"]["analysed"].as_f64().expect("some");
    assert!(everywhere("abiscope_jobs_total", "kind=\"analyse\",outcome=\"done\"") >= analysed);
    assert!(everywhere("abiscope_job_duration_seconds_count", "kind=\"analyse\"") >= analysed);
    assert!(everywhere("abiscope_analysis_children_total", "") >= 1.0);
    assert!(everywhere("abiscope_fetched_bytes_total", "") > 1000.0);
    assert!(everywhere("abiscope_index_tries_total", "outcome=\"good\"") > analysed);
    let (sent, given) =
        (everywhere("abiscope_index_requests_total", ""), serve.sum("abiscope_budget_requests_total", ""));
    assert!(sent > f64::from(PROJECTS) && sent <= given, "{sent} requests of {given} slots");
    for (role, scrape) in roles.iter().zip(&scrapes) {
        assert_eq!(scrape.has("abiscope_queue_jobs"), role.name != "work", "{}", role.name);
        assert!(scrape.has("abiscope_build_info"), "{}", role.name);
        assert_eq!(role.get(8018, "/healthz"), "ok\n");
    }
}

/// Without structured logs a request is no line; and metrics do not take a place that is taken.
fn people_see_little(stand: &Stand, taken: std::net::SocketAddr) {
    let mut environment = stand.compose.environment("serve");
    environment.remove("ABISCOPE_LOG_FORMAT");
    let (command, elsewhere) = (stand.compose.command("serve"), |text: &str| stand.elsewhere(text));
    let start = |name: &str, environment: &BTreeMap<String, String>| {
        Running::start(name, &command, environment, &elsewhere, stand.folder.join(format!("{name}.log")))
    };
    let mut quiet = start("quiet", &environment);
    quiet.well(&stand.compose.health("serve").expect("a check"));
    quiet.get(8017, "/projects");
    quiet.terminate();
    assert!(quiet.end().success());
    let said = quiet.said();
    assert!(said.contains("Dashboard: http://") && !said.contains("/projects") && !said.contains('{'), "{said}");

    environment.insert("ABISCOPE_METRICS".to_owned(), taken.to_string());
    let mut late = start("late", &environment);
    assert_eq!(late.end().code(), Some(1));
    assert!(late.said().contains("--metrics"), "{}", late.said());
}

/// As after `docker compose stop`.
fn ended_well(roles: &mut [Running]) {
    roles.iter().for_each(Running::terminate);
    for role in roles {
        let expected = if role.name == "crawl" { 130 } else { 0 };
        assert_eq!(role.end().code(), Some(expected), "{}: {}", role.name, role.said());
    }
}

/// Every line is a JSON object with what a line has to have, and each role tells of its own.
fn logs_tell(role: &Running) {
    let said = role.said();
    let lines: Vec<Value> = said.lines().map(|line| serde_json::from_str(line).expect(line)).collect();
    for line in &lines {
        for field in ["timestamp", "level", "target", "message"] {
            assert!(line[field].is_string(), "{field} of {line}");
        }
    }
    let told =
        |message: &str, field: &str| lines.iter().any(|line| line["message"] == message && !line[field].is_null());
    match &*role.name {
        "work" => assert!(told("job done", "seconds"), "{said}"),
        "serve" => {
            assert!(told("request", "status"), "{said}");
            assert!(lines.iter().any(|line| line["route"] == "/search") && !said.contains("hush"), "{said}");
        }
        "crawl" => assert!(lines.iter().any(|line| line["names"].as_u64().is_some_and(|names| names > 50)), "{said}"),
        _ => assert!(!lines.is_empty(), "{} says nothing", role.name),
    }
}

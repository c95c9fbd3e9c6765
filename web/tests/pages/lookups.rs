//! Looking a project up, step by step.

use std::sync::Arc;

use axum::body::{Body, to_bytes};
use axum::http::{Request, StatusCode, header};
use chrono::{Duration, Utc};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use store::JobKind;
use tower::ServiceExt;

use crate::client::{Reply, page};
use crate::world::World;
use crate::world::survey::in_a_hurry;

/// One server over one world, for several requests.
struct Server {
    world: Arc<World>,
    router: axum::Router,
}

impl Server {
    fn over(world: World) -> Self {
        Self::with(world, web::Config::default())
    }

    fn with(world: World, config: web::Config) -> Self {
        let world = Arc::new(world);
        Self { router: web::router_over(Arc::clone(&world) as Arc<dyn web::Survey>, config), world }
    }

    async fn ask(&self, request: Request<Body>) -> Reply {
        let response = self.router.clone().oneshot(request).await.expect("the router never fails");
        let (parts, body) = response.into_parts();
        let bytes = to_bytes(body, 10_000_000).await.expect("a body");
        Reply { status: parts.status, headers: parts.headers, text: String::from_utf8_lossy(&bytes).into_owned() }
    }

    async fn get(&self, address: &str) -> Reply {
        self.ask(Request::get(address).body(Body::empty()).expect("a request")).await
    }

    async fn look_up(&self, name: &str) -> Reply {
        self.ask(posted(&[]).body(form(name)).expect("a request")).await
    }

    /// How the job for a project stands.
    fn stands(&self, name: &str, change: impl FnOnce(&mut store::Underway)) {
        let mut looked_up = self.world.looked_up.lock().expect("no test panics while holding it");
        change(looked_up.entry(name.parse().expect("a name")).or_insert_with(|| in_a_hurry(JobKind::ReadProject)));
    }

    fn jobs(&self) -> usize {
        self.world.looked_up.lock().expect("no test panics while holding it").len()
    }
}

fn posted(headers: &[(&str, &str)]) -> axum::http::request::Builder {
    let mut request = Request::post("/lookup")
        .header(header::HOST, "abiscope.example")
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    request
}

fn form(name: &str) -> Body {
    Body::from(format!("name={}", utf8_percent_encode(name, NON_ALPHANUMERIC)))
}

#[tokio::test]
async fn an_unread_project_can_be_asked_for_and_its_page_says_how_far_it_is() {
    let server = Server::over(World::new());
    let unread = server.get("/projects/nobody").await;
    assert_eq!(unread.status, StatusCode::NOT_FOUND);
    unread.says("The survey has not read a project called nobody.").says("Read nobody now");
    assert!(unread.text.contains("<form class=\"offer\" action=\"/lookup\" method=\"post\"><input type=\"hidden\" name=\"name\" value=\"nobody\">"));
    assert_eq!(unread.header("cache-control"), "no-store");

    let posted = server.look_up(" No_Body ").await;
    assert_eq!((posted.status, posted.header("location")), (StatusCode::SEE_OTHER, "/projects/no-body"));
    let waits = server.get("/projects/no-body").await;
    assert_eq!((waits.status, waits.header("cache-control")), (StatusCode::OK, "no-store"));
    waits.says("It is first in the queue: its page on PyPI is read next.").says("looks again every 2 seconds");
    assert!(waits.text.contains("<noscript><meta http-equiv=\"refresh\" content=\"2\"></noscript>"));
    assert!(waits.text.contains("<body data-reload=\"2\">"));
    for (kind, words) in
        [(JobKind::Fetch, "Its sdist is being fetched."), (JobKind::Analyse, "Its sdist is being analysed.")]
    {
        server.stands("no-body", |job| (job.kind, job.running) = (kind, true));
        server.get("/projects/no-body").await.says(words).says("✓ read its page on PyPI (done)");
    }
}

#[tokio::test]
async fn a_failed_try_is_told_with_its_reason_and_the_next_one() {
    let server = Server::over(World::new());
    server.stands("unlucky", |job| {
        (job.tries, job.due_seconds) = (2, 150);
        job.last_error = Some("503 <b>from</b> the index".to_owned());
    });
    let reply = server.get("/projects/unlucky").await;
    reply.says("The last try did not succeed: 503").says("It is tried again in 2 min.").says("every 10 seconds");
    assert!(!reply.text.contains("<b>from</b>"));
}

#[tokio::test]
async fn without_a_worker_the_page_says_so() {
    for (silent, words) in [
        (Some(61), "No worker has been seen for a minute (the last one 61 s ago)"),
        (None, "No worker has been seen for a minute (none within a day)"),
    ] {
        let server = Server::over(World { workers_silent: silent, ..World::new() });
        server.look_up("waiting").await;
        server.get("/projects/waiting").await.says(words).says("What waits keeps its place");
    }
    let server = Server::over(World::new());
    server.look_up("waiting").await;
    let prose = server.get("/projects/waiting").await.prose();
    assert!(!prose.contains("No worker"), "{prose}");
}

#[tokio::test]
async fn a_project_that_was_read_is_offered_again_only_after_an_hour() {
    let mut world = World::new();
    for known in &mut world.projects {
        let read_at = match known.detail.name.as_str() {
            "numpy" => Utc::now() - Duration::minutes(59),
            "lxml" => Utc::now() - Duration::minutes(61),
            // The index did not know it.
            "no-such-thing" => Utc::now() - Duration::hours(23),
            _ => continue,
        };
        known.detail.read_at = read_at;
    }
    let server = Server::over(world);
    assert!(!server.get("/projects/numpy").await.text.contains("/lookup"));
    server.get("/projects/lxml").await.says("Read again");
    let unknown = server.get("/projects/no-such-thing").await;
    unknown.says("it is asked again when somebody looks the name up after");
    assert!(!unknown.text.contains("/lookup"));
    page("/projects/no-such-thing").await.says("Ask PyPI again");
    // Its sdist waits behind the crawl.
    page("/projects/grpcio").await.says("Read it now");
}

#[tokio::test]
async fn a_page_from_before_the_look_up_is_not_shown_again() {
    let server = Server::over(World::new());
    let first = server.get("/projects/lxml").await;
    let tag = first.header("etag").to_owned();
    let conditional = || Request::get("/projects/lxml").header(header::IF_NONE_MATCH, &tag).body(Body::empty());
    assert_eq!(server.ask(conditional().expect("a request")).await.status, StatusCode::NOT_MODIFIED);
    server.look_up("lxml").await;
    let again = server.ask(conditional().expect("a request")).await;
    assert_eq!((again.status, again.header("etag")), (StatusCode::OK, ""));
    again.says("Its sdist is first in the queue to be fetched.").says("○ undecided");
}

#[tokio::test]
async fn what_is_no_name_is_refused_with_a_sentence() {
    let server = Server::over(World::new());
    for (name, words) in [
        ("-bad-", "is not a project name: letters, digits"),
        ("", "is not a project name"),
        ("a b", "is not a project name"),
        ("<script>", "is not a project name"),
        (&"x".repeat(201), "at most 200 characters"),
    ] {
        let reply = server.look_up(name).await;
        assert_eq!(reply.status, StatusCode::BAD_REQUEST, "{name}");
        reply.says(words);
        assert!(!reply.text.contains("<script>"));
    }
    let without = server.ask(posted(&[]).body(Body::from("x=y")).expect("a request")).await;
    assert_eq!(without.status, StatusCode::BAD_REQUEST);
    without.says("needs a form with name=");
    assert_eq!(server.jobs(), 0);
}

#[tokio::test]
async fn another_sites_page_cannot_look_anything_up() {
    let server = Server::over(World::new());
    for headers in [
        [("sec-fetch-site", "cross-site"), ("origin", "https://elsewhere.example")],
        [("sec-fetch-site", "same-site"), ("origin", "https://other.abiscope.example")],
        [("accept", "*/*"), ("origin", "https://elsewhere.example")],
        [("accept", "*/*"), ("origin", "null")],
    ] {
        let reply = server.ask(posted(&headers).body(form("a")).expect("a request")).await;
        assert_eq!(reply.status, StatusCode::FORBIDDEN, "{headers:?}");
        reply.says("s page, so nothing was done.");
    }
    assert_eq!(server.jobs(), 0);
    for headers in [
        [("sec-fetch-site", "same-origin"), ("origin", "https://abiscope.example")],
        [("accept", "*/*"), ("origin", "https://abiscope.example")],
    ] {
        let reply = server.ask(posted(&headers).body(form("a")).expect("a request")).await;
        assert_eq!(reply.status, StatusCode::SEE_OTHER, "{headers:?}");
    }
}

#[tokio::test]
async fn one_client_is_stopped_after_twenty_and_others_are_not() {
    let config =
        web::Config { client_header: Some("x-forwarded-for".parse().expect("a header")), ..Default::default() };
    let server = Server::with(World::new(), config);
    let from = async |address: &str| {
        server.ask(posted(&[("x-forwarded-for", address)]).body(form("a")).expect("a request")).await
    };
    for _ in 0..20 {
        assert_eq!(from("made-up, 192.0.2.1").await.status, StatusCode::SEE_OTHER);
    }
    let refused = from("198.51.100.7, 192.0.2.1").await;
    assert_eq!(refused.status, StatusCode::TOO_MANY_REQUESTS);
    let wait: u64 = refused.header("retry-after").parse().expect("seconds");
    assert!((1..=21).contains(&wait), "{wait}");
    refused.says("Too much was asked for in a short time");
    assert_eq!(from("198.51.100.7").await.status, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn a_full_queue_takes_no_more() {
    let server = Server::over(World { full: true, ..World::new() });
    let reply = server.look_up("one-more").await;
    assert_eq!((reply.status, reply.header("retry-after")), (StatusCode::SERVICE_UNAVAILABLE, "61"));
    reply.says("Many look-ups wait already");
}

#[tokio::test]
async fn the_search_and_the_front_page_lead_to_look_ups() {
    page("/search?q=zzz").await.says("it may exist on PyPI all the same").says("Read zzz now");
    page("/search?q=num").await.says("Read num now");
    let item = page("/search?q=PyNothing_GET").await;
    assert!(!item.text.contains("/lookup"), "an item is no project");
    assert!(page("/").await.text.contains("action=\"/lookup\" method=\"post\""));
    let server = Server::over(World::empty());
    assert!(server.get("/").await.text.contains("action=\"/lookup\" method=\"post\""));
    let reply = server.get("/lookup").await;
    assert_eq!((reply.status, reply.header("location")), (StatusCode::SEE_OTHER, "/search"));
}

#[tokio::test]
async fn what_is_made_for_programs_is_given_to_one_client_so_often_and_pages_to_anybody() {
    let config =
        web::Config { client_header: Some("x-forwarded-for".parse().expect("a header")), ..Default::default() };
    let server = Server::with(World::new(), config);
    let from = async |path: &str, address: &str| {
        let request = Request::get(path).header("x-forwarded-for", address).body(Body::empty());
        server.ask(request.expect("a request")).await.status
    };
    for _ in 0..100 {
        assert_eq!(from("/api/v1/status", "192.0.2.1").await, StatusCode::OK);
    }
    assert_eq!(from("/whatif?remove=Py_TYPE", "192.0.2.1").await, StatusCode::TOO_MANY_REQUESTS);
    assert_eq!(from("/projects/numpy", "192.0.2.1").await, StatusCode::OK, "a page");
    assert_eq!(from("/api/v1/status", "192.0.2.2").await, StatusCode::OK, "another client");
    assert_eq!(from("/api/v1/status", "127.0.0.1").await, StatusCode::OK, "this machine");
}

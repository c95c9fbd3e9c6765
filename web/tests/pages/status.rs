//! The status page, and the figures that are counted over everything.

use axum::body::Body;
use axum::http::{Request, StatusCode};
use tower::ServiceExt;

use crate::client::{ask, page};
use crate::world::World;

fn request(address: &str) -> Request<Body> {
    Request::get(address).body(Body::empty()).expect("a request")
}

#[tokio::test]
async fn status_says_how_fresh_everything_is() {
    page("/status")
        .await
        .says("14,022 projects are due to be looked at")
        .tells("Names on the index 682,110 of them never read 13,204")
        .tells("half of them within 4 days the oldest 29 days ago")
        .says("refused: 3,412 of 682,110 names vanished at once")
        .tells("682,110 211 4,820 37 accepted");
}

#[tokio::test]
async fn status_says_what_waits_and_who_works() {
    page("/status")
        .await
        .says("The oldest that is ready has waited for 9 min; of those put off the next one is due in 5 min.")
        .tells("s page 3 13,980 12 9 1")
        .says("In the last hour 9,120 pages were read, 402 sdists fetched and 398 analysed.")
        .tells("read-project:hostile 12")
        .tells("5 a second 1.4 s for 95 s more 3 of 8 184,203 files.example")
        .says("listing-refused");
}

#[tokio::test]
async fn status_is_escaped_never_kept_and_tells_no_machine() {
    let reply = page("/status").await;
    assert!(!reply.text.contains("<script>") && !reply.text.contains("vanished at once <b>"));
    assert!(!reply.text.contains("box-7"), "which machine it is, is nobody's business");
    assert_eq!((reply.header("cache-control"), reply.header("etag")), ("no-store", ""));
    assert!(reply.text.contains("<body data-reload=\"30\">"), "something is being done");
}

#[tokio::test]
async fn status_says_plainly_that_nobody_is_at_work() {
    let idle = ask(World { workers_silent: Some(200), ..World::new() }, request("/status")).await;
    idle.says("No worker has been seen for a minute (the last one 3 min ago), so nothing is read now.");
    assert!(!idle.text.contains("data-reload"));
    let empty = ask(World { workers_silent: None, ..World::empty() }, request("/status")).await;
    empty.says("none within a day").says("Nobody within a day.").says("Nothing is ready; nothing is put off.");
}

#[tokio::test]
async fn the_front_page_says_what_wheels_say_with_its_denominators() {
    page("/")
        .await
        .says("37 of 39 projects with a release ship wheels (94.9 %).")
        .tells("abi3 the stable ABI: one wheel for many Pythons 4 10.8 %")
        .tells("cp3xt one version of a free-threaded build 21 56.8 %");
}

#[tokio::test]
async fn the_miss_rate_of_the_prefilter_is_published_or_said_to_be_unmeasured() {
    page("/about").await.says("Not measured yet: 31,240 releases").says("0 of them are in the sample");
    let config = web::Config { sampled: |name| name.as_str() != "numpy", ..web::Config::default() };
    let router = web::router_over(std::sync::Arc::new(World::new()), config);
    let response = router.oneshot(request("/about")).await.expect("an answer");
    assert_eq!(response.status(), StatusCode::OK);
    let body = axum::body::to_bytes(response.into_body(), 1_000_000).await.expect("a body");
    let text = String::from_utf8_lossy(&body);
    assert!(text.contains("<b>2 of 39</b> analysed releases of the sample"), "{text}");
    assert!(
        text.contains("a miss rate of 5.1\u{a0}%, with 95&nbsp;% certainty between 1.42\u{a0}% and 16.89\u{a0}%"),
        "{text}"
    );
    assert!(text.contains("href=\"/projects/aiohttp/1.0\""));
}

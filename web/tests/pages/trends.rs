//! The pages about trends, their files and their figures.

use axum::http::StatusCode;

use crate::client::{get, page};

#[tokio::test]
async fn the_overview_answers_in_its_first_sentence_and_draws_every_figure_twice() {
    let reply = page("/trends").await;
    reply.says("On 2026-11-22,").says("with native source have no blocker for abi3-3.11");
    reply.says("The survey began to look on 2026-02-01").says(&format!("analyzer {}", analyzer::ANALYZER_VERSION));
    for figure in ["verdicts", "stable-abi", "structures", "toolchains", "removals", "deprecations"] {
        assert!(reply.text.contains(&format!("href=\"/trends/{figure}\"")), "{figure}");
    }
    assert_eq!(reply.text.matches("<figure class=\"chart\">").count(), 12, "each by projects and by downloads");
    assert!(reply.text.len() < 200_000, "{} bytes", reply.text.len());
    assert!(!reply.text.contains("style="), "the policy forbids it");
}

#[tokio::test]
async fn a_figure_has_its_values_below_and_each_leads_to_who_moved_it() {
    let reply = page("/trends/verdicts?target=abi3-3.9").await;
    reply.says("Verdicts for abi3-3.9").says("The values").tells("2026-11-22").says("2026-10");
    assert!(reply.text.contains("<td class=\"n\"><a href=\"/trends/changes?of=verdict%3Aabi3-3.9%3Ano-blocker&"));
    assert_eq!(get("/trends/nothing").await.status, StatusCode::NOT_FOUND);
    assert_eq!(get("/trends/verdicts?scope=nowhere").await.status, StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn pictures_bring_their_own_style_and_nothing_else_may() {
    let reply = page("/trends/verdicts-projects.svg").await;
    assert_eq!(reply.header("content-type"), "image/svg+xml; charset=utf-8");
    assert!(reply.header("content-security-policy").contains("style-src 'sha256-"));
    assert!(reply.text.starts_with("<svg xmlns=") && reply.text.contains("prefers-color-scheme:dark"));
    assert!(!reply.text.contains("<a "), "a file leads nowhere");
    assert_ne!(reply.text, page("/trends/verdicts-downloads.svg").await.text);
    assert_eq!(get("/trends/verdicts.pdf").await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn the_same_values_are_in_the_csv_and_the_json() {
    let csv = page("/trends/stable-abi.csv").await.text;
    assert!(csv.starts_with("date,series,scope,projects,with_native_source,"), "{csv}");
    let last = csv.lines().rfind(|line| line.contains(",ships:abi3,")).expect("a line");
    let json: serde_json::Value = serde_json::from_str(&page("/trends/stable-abi.json").await.text).expect("JSON");
    let series = json["series"].as_array().expect("series");
    let tagged = series.iter().find(|series| series["subject"] == "ships:abi3").expect("a series");
    let point = tagged["points"].as_array().and_then(|points| points.last()).expect("a point");
    assert!(point["projects"].as_i64() > Some(0));
    assert!(
        last.starts_with(&format!(
            "2026-11-22,ships:abi3,all,{},{},",
            point["projects"], point["chain"]["with_native"]
        )),
        "{last}"
    );
}

#[tokio::test]
async fn who_moved_a_series_is_named_with_both_versions_and_adds_up() {
    let series: serde_json::Value =
        serde_json::from_str(&page("/api/v1/series?of=tagged:abi3").await.text).expect("JSON");
    let points = series["points"].as_array().expect("points");
    let at = |month: &str| {
        let point = points.iter().find(|point| point["on"].as_str().is_some_and(|on| on.starts_with(month)));
        point.and_then(|point| point["projects"].as_i64()).expect("a point")
    };
    let changes = "of=tagged:abi3&after=2024-01&until=2026-11";
    let json: serde_json::Value =
        serde_json::from_str(&page(&format!("/api/v1/series/changes?{changes}")).await.text).expect("JSON");
    let count = |list: &str| i64::try_from(json[list].as_array().expect("a list").len()).expect("few");
    assert_eq!(at("2026-11") - at("2024-01"), count("entered") - count("left"));
    assert!(count("entered") > 0);
    let reply = page(&format!("/trends/changes?{changes}")).await;
    reply.says("From the end of 2024-01 to the end of 2026-11").says("count now and did not before");
    assert_eq!(get("/trends/changes?of=tagged:abi3&after=2026-11&until=2026-11").await.status, StatusCode::BAD_REQUEST);
    assert_eq!(get("/trends/changes?of=tagged:abi3&until=1999-01").await.status, StatusCode::NOT_FOUND);
    assert_eq!(get("/trends/changes?of=tagged").await.status, StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn any_subject_has_a_page_of_its_own() {
    let reply = page("/trends/series?of=structure:PyTypeObject&scope=age:10-").await;
    reply.says("structure:PyTypeObject").says("The values");
    reply.says("in all").says("in code of their own").says("in generated code only");
    page("/trends/series?of=structure:PyTypeObject:own").await.says("structure:PyTypeObject:own");
    page("/trends/series?of=removed:3.13").await.says("removed:3.13");
    for file in ["series.csv", "series.json", "series-projects.svg", "series-downloads.svg"] {
        page(&format!("/trends/{file}?of=structure:PyTypeObject")).await;
    }
    assert_eq!(get("/trends/series").await.status, StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn the_method_stands_beside_the_figures_with_what_was_measured() {
    let reply = page("/methodology").await;
    reply
        .says("Each project counts on each date by the release that stood for it then")
        .says("as it was still visible")
        .tells("API names, recall")
        .says("What the prefilter, which looks at the tags of wheels only, misses")
        .says("projects with files →")
        .says("Changes of definition");
    assert!(page("/trends").await.text.contains("href=\"/methodology\""));
}

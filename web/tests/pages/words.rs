//! What pages say first.

use axum::body::Body;
use axum::http::{Request, StatusCode};

use crate::client::{PAGES, ask, get, page};
use crate::world::World;

#[tokio::test]
async fn the_front_page_answers_in_one_sentence_with_its_denominator() {
    let home = page("/").await;
    home.says(
        "3 of 32 projects with native source have no blocker found for abi3-3.11 (9.4 %). 5 could not be decided.",
    );
    home.says("For abi3t-3.15");
    home.says("What blocks most projects for abi3-3.11");
    assert!(home.text.contains("href=\"/projects?verdict=no-blocker\""), "the figure leads to its list");
}

#[tokio::test]
async fn every_step_of_the_denominator_chain_is_shown() {
    page("/").await.says(
        "40 projects in the survey 39 with files 38 with an sdist 37 selected: not pure by tags 35 fetched 34 readable 32 with native source 27 decided",
    );
}

#[tokio::test]
async fn a_survey_of_nothing_says_what_to_do() {
    let request = Request::get("/").body(Body::empty()).expect("a request");
    let reply = ask(World::empty(), request).await;
    assert_eq!(reply.status, StatusCode::OK);
    reply.says("The survey has not read a project yet").says("abiscope survey NAME");
}

#[tokio::test]
async fn an_item_says_how_many_projects_use_it_of_how_many() {
    page("/items/PyTuple_GET_ITEM")
        .await
        .says("7 of 32 projects with native source name it (21.9 %; 95 sites); 3 assign to it (9.4 %; 8 sites).");
}

#[tokio::test]
async fn the_method_page_names_words_and_versions() {
    page("/about")
        .await
        .says("whatever the project itself asks for")
        .says("Comments, strings and documentation are never counted")
        .says(&format!("analyzer {}, C-API data {}", analyzer::ANALYZER_VERSION, capi::DATA_VERSION));
}

#[tokio::test]
async fn status_counts_what_waits() {
    page("/status")
        .await
        .says("2 of 37 selected sdists are still to be read")
        .says("It is tried again later by itself.");
}

#[tokio::test]
async fn no_page_promises_compatibility_or_ranks() {
    for address in PAGES {
        let prose = get(address).await.prose().to_lowercase();
        for word in ["compatible", "worst", "violat"] {
            assert!(!prose.contains(word), "{address} says {word:?}");
        }
    }
}

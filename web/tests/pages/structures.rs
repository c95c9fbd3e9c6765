//! Structures, and the unlock curve.

use axum::http::StatusCode;

use crate::client::{get, page};

#[tokio::test]
async fn every_structure_says_how_many_projects_are_in_the_way_of_how_many() {
    let reply = page("/structures").await;
    reply.says("projects with native source touch the members of Py").tells("PyFrameObject").says("python/cpython");
    assert!(reply.text.contains("href=\"/structures/PyTypeObject\""));
    let json: serde_json::Value = serde_json::from_str(&page("/structures.json").await.text).expect("JSON");
    assert!(json["structures"][0]["direct"].as_i64() > Some(0) && json["chain"]["with_native"].as_i64() > Some(10));
}

#[tokio::test]
async fn one_structure_names_its_members_by_who_wrote_the_code() {
    let reply = page("/structures/PyTypeObject").await;
    reply
        .says("make PyTypeObject opaque")
        .says("The limited API hides its members at every level")
        .says("Static types")
        .tells("PyTypeObject.tp_name");
    assert!(reply.text.contains("/whatif?opaque=PyTypeObject\""));
    let missing = get("/structures/PyTypObject").await;
    assert_eq!(missing.status, StatusCode::NOT_FOUND);
    missing.says("CPython has no structure PyTypObject. Close to it: PyTypeObject.");
}

#[tokio::test]
async fn the_unlock_curve_says_what_frees_most_with_and_without_weights() {
    let reply = page("/unlock").await;
    reply
        .says("With the first 10 of these items in the limited API")
        .says("Each project counts one")
        .says("Each project counts its downloads");
    assert_eq!(reply.text.matches("<polyline").count(), 2);
    let json: serde_json::Value =
        serde_json::from_str(&page("/unlock.json?target=abi3-3.15").await.text).expect("JSON");
    let steps = json["each"]["steps"].as_array().expect("steps");
    assert!(steps.windows(2).all(|two| two[0]["free"].as_i64() <= two[1]["free"].as_i64()), "{json}");
    assert_eq!(get("/unlock?target=abi3-9").await.status, StatusCode::BAD_REQUEST);
}

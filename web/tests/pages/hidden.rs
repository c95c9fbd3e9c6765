//! Source that is not shown: the pages say so, and why.

use axum::body::Body;
use axum::http::{Request, StatusCode};
use store::SourceHidden;

use crate::client::{Reply, ask, page};
use crate::world::World;

const REASON: &str = "its author asked for it <b>on 2026-11-20</b>";
const LINE: &str = "/projects/simplejson/4.3.0/source?path=simplejson%2F_speedups.c&line=510";
const SITES: &str = "/projects/simplejson/4.3.0/sites?item=PyUnicode_READ";

/// A page of a survey that hides the source of simplejson.
async fn hidden(because: SourceHidden, address: &str) -> Reply {
    let mut world = World::new();
    let known = world.projects.iter_mut().find(|known| known.detail.name.as_str() == "simplejson").expect("known");
    known.release.as_mut().expect("a release").source_hidden = Some(because);
    ask(world, Request::get(address).body(Body::empty()).expect("a request")).await
}

#[tokio::test]
async fn a_project_whose_source_the_operator_hides_says_why_and_keeps_its_facts() {
    let operator = || SourceHidden::Operator { reason: REASON.to_owned() };
    let project = hidden(operator(), "/projects/simplejson").await;
    assert_eq!(project.status, StatusCode::OK);
    project
        .says("The operator of this survey does not show the source of simplejson; what was found stays.")
        .says("▲ blocked in every target");
    assert!(project.text.contains("its author asked for it &#60;b&#62;on 2026-11-20"), "{}", project.text);

    let sites = hidden(operator(), SITES).await;
    assert_eq!(sites.status, StatusCode::OK);
    sites.says("21 places").says("its author asked for it");
    assert!(!sites.text.contains("value = "), "no line of source");

    let source = hidden(operator(), LINE).await;
    assert_eq!(source.status, StatusCode::NOT_FOUND);
    source.says("does not show the source of simplejson").says("its author asked for it");
    assert!(!source.text.contains("class=\"ln\"") && !source.text.contains("PyTuple_Check"));
}

#[tokio::test]
async fn the_source_of_a_project_under_quarantine_says_so_and_all_others_are_shown() {
    let source = hidden(SourceHidden::Quarantined, LINE).await;
    assert_eq!(source.status, StatusCode::NOT_FOUND);
    source.says("PyPI has put simplejson under quarantine");
    let other = hidden(SourceHidden::Quarantined, "/projects/numpy").await;
    assert!(!other.text.contains("quarantine"));
    assert!(page(LINE).await.text.contains("class=\"ln\""));
    assert!(!page("/projects/simplejson").await.text.contains("operator"));
}

//! Lists: filtered, sorted and turned over by link.

use crate::client::{get, page};

#[tokio::test]
async fn projects_are_filtered_by_verdict_and_name() {
    let blocked = page("/projects?verdict=blocked").await;
    blocked.says("21 projects with the verdict “blocked” for abi3-3.11, of 40 in the survey");
    assert!(!blocked.text.contains("href=\"/projects/cryptography\""));
    let named = page("/projects?q=NUM").await;
    named.says("1 project with “NUM” in the name");
    assert!(named.text.contains("href=\"/projects/numpy\""));
    page("/projects?q=zzz").await.says("No project of the survey fits.");
}

#[tokio::test]
async fn sorting_is_a_link_that_turns_round() {
    let by_name = page("/projects").await;
    assert!(by_name.text.contains("aria-sort=\"ascending\"><a href=\"/projects?desc=1\">Project"), "{}", by_name.text);
    assert!(by_name.text.contains("href=\"/projects?sort=blockers\""));
    let by_blockers = page("/projects?sort=blockers").await;
    assert!(
        by_blockers.text.contains("aria-sort=\"descending\"><a href=\"/projects?sort=blockers&#38;desc=1\">Blockers")
    );
    let first = by_blockers.text.find("/projects/hostile\"").expect("400 blockers");
    assert!(first < by_blockers.text.find("/projects/numpy\"").expect("fewer blockers"));
}

#[tokio::test]
async fn a_list_keeps_its_question_when_sorted_or_turned_over() {
    let reply = page("/items?kind=api").await;
    reply.says("Rows 1 to 50 of");
    assert!(reply.text.contains("href=\"/items?kind=api&#38;page=2\" rel=\"next\""));
    let second = page("/items?kind=api&page=2").await;
    assert!(second.text.contains("href=\"/items?kind=api\" rel=\"prev\""));
    page("/items?kind=api&page=9999").await.says("No rows here");
}

#[tokio::test]
async fn csv_holds_the_whole_list() {
    let reply = get("/projects.csv").await;
    assert_eq!(reply.header("content-type"), "text/csv; charset=utf-8");
    assert_eq!(reply.text.lines().count(), 41);
    assert!(
        reply.text.contains("cryptography,50.0.2,listed,selected,analysed,abi3-3.11,no-blocker,0,abi3-3.8,2026-11-04,"),
        "{}",
        reply.text
    );
    assert!(
        get("/overview.csv").await.text.starts_with("target,no-blocker,blocked,tool-blocks,undecided,pure\nabi3-3.2,")
    );
    assert!(get("/items.csv?kind=member").await.text.contains("PyTypeObject.tp_name,member,"));
    assert!(get("/items/PyTuple_GET_ITEM/projects.csv").await.text.contains("cffi,2.1.1,lvalue,write,own,,always,1,"));
    assert!(
        get("/projects/simplejson/4.3.0/uses.csv").await.text.contains("api,PyUnicode_READ,,own,,always,certain,21")
    );
}

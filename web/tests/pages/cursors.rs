//! Lists that programs read to their end.

use axum::http::StatusCode;
use serde_json::Value;

use crate::client::{Reply, get};

async fn answer(address: &str) -> (Reply, Value) {
    let reply = get(address).await;
    assert_eq!(reply.status, StatusCode::OK, "{address}: {}", reply.text);
    let body = serde_json::from_str(&reply.text).expect("JSON");
    (reply, body)
}

/// The rows of a list, the users of an item, or what was found.
fn rows(body: &Value) -> Vec<Value> {
    let rows = [&body["rows"], &body["users"]["rows"], &body["hits"]].into_iter().find_map(Value::as_array);
    rows.expect("rows").clone()
}

/// Follows `Link` to the end.
async fn walked(first: &str) -> Vec<Value> {
    let (mut address, mut all) = (first.to_owned(), Vec::new());
    loop {
        let (reply, body) = answer(&address).await;
        all.extend(rows(&body));
        let Some(next) = body["next"].as_str() else {
            assert_eq!(reply.header("link"), "", "{address}");
            return all;
        };
        let link = reply.header("link");
        let within = link.strip_prefix('<').and_then(|rest| rest.strip_suffix(">; rel=\"next\""));
        within.expect("a link").clone_into(&mut address);
        assert!(address.ends_with(&format!("cursor={next}")), "{link}");
        assert!(all.len() < 10_000, "{first} has no end");
    }
}

#[tokio::test]
async fn who_follows_the_links_reads_each_row_once_in_every_order() {
    for list in [
        "/api/v1/projects?",
        "/api/v1/projects?desc=1&",
        "/api/v1/projects?sort=verdict&",
        "/api/v1/projects?sort=blockers&desc=1&target=abi3-3.2&",
        "/api/v1/projects?sort=uploaded&verdict=blocked&",
        "/api/v1/items?",
        "/api/v1/items?kind=member&q=tp_&",
        "/api/v1/items/PyTypeObject.tp_name?",
        "/api/v1/items/PyTypeObject.tp_name?kind=member&",
    ] {
        let body = answer(&format!("{list}limit=1")).await.1;
        let total = if body["users"].is_null() { &body["total"] } else { &body["users"]["total"] }.clone();
        let whole = walked(&format!("{list}limit=500")).await;
        assert!(whole.len() > 1 && total == whole.len(), "{list}: {} of {total}", whole.len());
        for limit in [3, 20] {
            assert_eq!(walked(&format!("{list}limit={limit}")).await, whole, "{list}{limit}");
        }
    }
}

#[tokio::test]
async fn who_follows_the_links_of_a_search_finds_each_name_once() {
    let whole = walked("/api/v1/search?q=py&limit=500").await;
    let of_kind = |hits: &[Value], kind: &str| -> Vec<Value> {
        hits.iter().filter(|hit| !hit[kind].is_null()).cloned().collect()
    };
    for limit in [7, 20] {
        let all = walked(&format!("/api/v1/search?q=py&limit={limit}")).await;
        assert_eq!(all.len(), whole.len());
        for kind in ["project", "item"] {
            let expected = of_kind(&whole, kind);
            assert!(expected.len() > 1, "{kind}");
            assert_eq!(of_kind(&all, kind), expected, "{kind}, {limit} at a time");
        }
    }
    let (_, first) = answer("/api/v1/search?q=py&limit=1").await;
    let cursor = first["next"].as_str().expect("a cursor");
    for address in ["/api/v1/search?q=pyt&", "/api/v1/items?", "/api/v1/items/Py_TYPE?"] {
        assert_eq!(get(&format!("{address}cursor={cursor}")).await.status, StatusCode::BAD_REQUEST, "{address}");
    }
    assert_eq!(answer("/api/v1/search").await.1["next"], Value::Null);
}

#[tokio::test]
async fn a_page_by_number_is_as_before_and_says_how_to_go_on() {
    let (_, first) = answer("/api/v1/items?page=1").await;
    let (_, second) = answer("/api/v1/items?page=2").await;
    assert_eq!((rows(&first).len(), &first["total"]), (50, &second["total"]));
    let next = first["next"].as_str().expect("a cursor");
    assert_eq!(rows(&answer(&format!("/api/v1/items?cursor={next}")).await.1), rows(&second));
    assert_eq!(answer("/api/v1/items?page=999").await.1["next"], Value::Null);
}

#[tokio::test]
async fn a_cursor_of_another_list_or_of_none_is_refused_with_a_reason() {
    let (_, by_verdict) = answer("/api/v1/projects?sort=verdict&limit=2").await;
    let cursor = by_verdict["next"].as_str().expect("a cursor");
    for address in [
        format!("/api/v1/projects?cursor={cursor}"),
        format!("/api/v1/projects?sort=verdict&desc=1&cursor={cursor}"),
        format!("/api/v1/projects?sort=verdict&target=abi3-3.2&cursor={cursor}"),
        format!("/api/v1/items?cursor={cursor}"),
        format!("/api/v1/projects?sort=verdict&page=2&cursor={cursor}"),
        "/api/v1/items?cursor=%00".to_owned(),
        "/api/v1/items?cursor=e30".to_owned(),
        "/api/v1/items?cursor=%F0%9F%90%8D".to_owned(),
        "/api/v1/items?page=1&limit=5".to_owned(),
        "/api/v1/items?limit=0".to_owned(),
        "/api/v1/items?limit=501".to_owned(),
        "/api/v1/items?limit=-1".to_owned(),
    ] {
        let reply = get(&address).await;
        assert_eq!(reply.status, StatusCode::BAD_REQUEST, "{address}");
        assert_eq!(reply.header("content-type"), "application/problem+json", "{address}");
        assert!(reply.text.contains("cursor") || reply.text.contains("number of rows"), "{}", reply.text);
    }
}

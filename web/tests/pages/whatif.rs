//! What a change of CPython would break.

use axum::http::StatusCode;

use crate::client::{get, page};

#[tokio::test]
async fn the_empty_page_says_what_it_is_for_and_gives_questions() {
    let reply = page("/whatif").await;
    reply.says("Name what would go, and see which projects stand in the way").says("PyTypeObject becomes opaque");
    assert!(reply.text.contains("<input name=\"forbid-lvalue\""));
    assert!(reply.text.contains("<option selected>3.15</option>"));
}

#[tokio::test]
async fn the_questions_it_gives_are_questions() {
    let reply = page("/whatif").await;
    let addresses: Vec<String> = reply
        .text
        .split("href=\"")
        .filter_map(|rest| rest.split('"').next())
        .filter(|address| address.starts_with("/whatif?"))
        .map(|address| address.replace("&#38;", "&"))
        .collect();
    assert_eq!(addresses.len(), 5);
    for address in addresses {
        page(&address).await.says("projects with sources that were read would have to change their own code");
    }
}

#[tokio::test]
async fn an_answer_names_projects_with_status_items_and_first_site() {
    let reply = page("/whatif?title=Opaque+types&opaque=PyTypeObject").await;
    reply
        .says("Opaque types")
        .says("Asked for CPython 3.15: make PyTypeObject opaque.")
        .says("▲ affected")
        .tells("top 1,000");
    assert!(reply.text.contains("/projects/numpy/2.5.5/sites?item=PyTypeObject.tp_name\""), "{}", reply.text);
    assert!(reply.text.contains("/whatif.rst?title=Opaque%20types&#38;python=3.15&#38;opaque=PyTypeObject\""));
    let one = page("/whatif?opaque=PyTypeObject&status=guarded").await;
    assert!(!one.text.contains("/projects/numpy/2.5.5/sites"), "only guarded ones");
}

#[tokio::test]
async fn wrong_names_are_told_with_what_comes_close_and_the_form_keeps_them() {
    let reply = get("/whatif?remove=PyTuple_GETITEM,Py_TYPE").await;
    assert_eq!(reply.status, StatusCode::BAD_REQUEST);
    reply.says("is no item of CPython&#39;s C API; did you mean PyTuple_GET_ITEM");
    assert!(reply.text.contains("value=\"PyTuple_GETITEM,Py_TYPE\""));
    for address in ["/whatif.json?remove=Nothing_Like_It", "/whatif.csv", "/api/v1/whatif?python=x&remove=Py_TYPE"] {
        assert_eq!(get(address).await.status, StatusCode::BAD_REQUEST, "{address}");
    }
}

#[tokio::test]
async fn the_same_answer_comes_in_every_form() {
    let question = "?opaque=PyTypeObject&title=T";
    page(&format!("/whatif.rst{question}")).await.says("* numpy (2.5.5): affected");
    page(&format!("/whatif.md{question}")).await.says("## T");
    page(&format!("/whatif.csv{question}")).await.says("numpy,2.5.5,affected");
    for path in ["/whatif.json", "/api/v1/whatif"] {
        let reply = page(&format!("{path}{question}")).await;
        let value: serde_json::Value = serde_json::from_str(&reply.text).expect("JSON");
        assert_eq!(value["rules"][0], "make PyTypeObject opaque");
        assert!(value["sums"]["statuses"]["affected"].as_i64() > Some(3), "{value}");
        assert_eq!(value["analyzer_version"], analyzer::ANALYZER_VERSION);
    }
}

#[tokio::test]
async fn hostile_names_stay_text() {
    page("/whatif?opaque=PyTypeObject&title=%3Cscript%3Ealert(1)%3C/script%3E").await;
    let reply = page("/whatif?opaque=PyTypeObject&title=%3Cscript%3Ealert(1)%3C/script%3E").await;
    assert!(!reply.text.contains("<script>alert"));
}

#[tokio::test]
async fn a_pattern_is_a_rule_on_the_page_in_the_form_and_in_the_api() {
    let question = "?source=ob_type%5Cs*%3D%5B%5E%3D%5D,?%0D%0A%5Bxy%5D+%3D&title=T";
    let reply = page(&format!("/whatif{question}")).await;
    reply.says("forbid code that matches [xy] =; forbid code that matches ob_type\\s*=[^=],?.");
    reply.says("Earlier releases are not searched");
    assert!(reply.text.contains(">ob_type\\s*=[^=],?\n[xy] =</textarea>"), "{}", reply.text);
    assert!(
        reply.text.contains("/search/source?q=ob_type%5Cs%2A%3D%5B%5E%3D%5D%2C%3F&#38;project=simplejson&#38;code=1\"")
    );
    for form in ["/whatif.json", "/api/v1/whatif"] {
        let reply = page(&format!("{form}{question}")).await;
        let value: serde_json::Value = serde_json::from_str(&reply.text).expect("JSON");
        assert_eq!(value["fields"][2][1], r"ob_type\s*=[^=],?");
        assert_eq!(
            (&value["rows"][0]["name"], &value["rows"][0]["status"]),
            (&"simplejson".into(), &"affected".into())
        );
        assert_eq!(value.get("cut_short"), None);
    }
}

#[tokio::test]
async fn what_is_no_pattern_is_refused_with_its_place_and_what_was_cut_short_is_not_kept() {
    let reply = get("/whatif?source=ob_type(").await;
    assert_eq!(reply.status, StatusCode::BAD_REQUEST);
    reply.says("unclosed group, at character 8");
    assert_eq!(get("/api/v1/whatif?source=a%00b").await.status, StatusCode::BAD_REQUEST);
    for form in ["/whatif", "/whatif.json", "/whatif.rst", "/whatif.md", "/api/v1/whatif"] {
        let reply = get(&format!("{form}?source=slow|ob_type")).await;
        assert_eq!((reply.status, reply.header("cache-control")), (StatusCode::OK, "no-store"), "{form}");
        reply.says("cut short by its bounds");
    }
    let table = get("/whatif.csv?source=slow|ob_type").await;
    assert!(table.text.lines().nth(1).is_some_and(|line| line.ends_with(",true")), "{}", table.text);
}

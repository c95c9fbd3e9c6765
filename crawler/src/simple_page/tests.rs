use serde_json::{Value, json};

use super::*;

fn parse(page: &Value) -> Result<SimplePage, BadPage> {
    SimplePage::read(&"zope-demo".parse().unwrap(), page.to_string().as_bytes())
}

fn page(files: &Value) -> Value {
    json!({ "meta": { "api-version": "1.0" }, "name": "Zope.Demo", "files": files })
}

fn file(keys: Value) -> SimpleFile {
    let mut entry = json!({ "filename": "zope_demo-1.0.tar.gz", "url": "a", "hashes": {} });
    let Value::Object(keys) = keys else { panic!("an object is wanted") };
    entry.as_object_mut().unwrap().extend(keys);
    parse(&page(&json!([entry]))).unwrap().files.remove(0)
}

#[test]
fn a_full_page_is_read() {
    let sha256 = "0f".repeat(32);
    let page = json!({
        "meta": { "api-version": "1.4", "_last-serial": 17, "future": [1] },
        "name": "zope_demo",
        "project-status": { "status": "archived", "reason": "done" },
        "versions": ["1.0", "2004d"],
        "files": [{
            "filename": "zope_demo-1.0.tar.gz", "url": "https://files.example/a", "hashes": { "sha256": sha256 },
            "size": 12, "upload-time": "2024-05-06T07:08:09.123456Z", "yanked": false, "requires-python": ">=3.9",
            "core-metadata": { "sha256": "x" }, "provenance": null,
        }],
    });
    let page = parse(&page).unwrap();
    assert_eq!((page.display_name.as_str(), page.serial), ("zope_demo", Some(17)));
    assert_eq!(page.status.as_deref(), Some("archived"));
    assert_eq!(page.versions, ["1.0", "2004d"]);
    let file = &page.files[0];
    assert_eq!(file.sha256.unwrap().to_string(), sha256);
    assert_eq!((file.size, file.yanked.as_ref()), (Some(12), None));
    assert_eq!(file.requires_python.as_deref(), Some(">=3.9"));
    assert_eq!(file.uploaded_at.unwrap().timestamp_subsec_micros(), 123_456);
}

#[test]
fn optional_keys_may_be_absent_or_odd() {
    let bare = file(json!({ "url": 7, "hashes": [], "size": -1, "upload-time": "yesterday", "requires-python": 3 }));
    let empty = SimpleFile {
        filename: "zope_demo-1.0.tar.gz".to_owned(),
        url: String::new(),
        sha256: None,
        size: None,
        uploaded_at: None,
        requires_python: None,
        yanked: None,
    };
    assert_eq!(bare, empty);
    assert_eq!(file(json!({ "hashes": { "sha256": "short", "md5": "x" } })).sha256, None);
    assert!(file(json!({ "upload-time": "2024-05-06T07:08:09Z" })).uploaded_at.is_some());
    assert_eq!(parse(&page(&json!([]))).unwrap().status, None);
}

#[test]
fn anything_but_false_is_yanked() {
    for (value, reason) in [
        (json!(false), None),
        (json!(null), None),
        (json!(""), Some("")),
        (json!("broken"), Some("broken")),
        (json!(true), Some("")),
    ] {
        assert_eq!(file(json!({ "yanked": value })).yanked.as_deref(), reason, "{value}");
    }
}

#[test]
fn the_serial_is_a_number_or_text_or_absent() {
    for (value, serial) in [(json!(5), Some(5)), (json!("5"), Some(5)), (json!(null), None), (json!("x"), None)] {
        let mut page = page(&json!([]));
        page["meta"]["_last-serial"] = value;
        assert_eq!(parse(&page).unwrap().serial, serial);
    }
}

#[test]
fn pages_of_another_version_or_shape_are_malformed_and_another_project_is_named() {
    let files = json!([]);
    let mut second = page(&files);
    second["meta"]["api-version"] = json!("2.0");
    let mut other = page(&files);
    other["name"] = json!("zope-demon");
    let mut without_files = page(&files);
    without_files.as_object_mut().unwrap().remove("files");
    assert_eq!(parse(&other), Err(BadPage::OfAnother("zope-demon".parse().unwrap())));
    for bad in [second, without_files, page(&json!([{ "url": "a" }])), json!([]), json!({})] {
        assert!(matches!(parse(&bad), Err(BadPage::Malformed(_))), "{bad}");
    }
}

#[test]
fn more_files_than_the_limit_are_refused() {
    let many = |count: usize| page(&Value::Array(vec![json!({ "filename": "a" }); count]));
    assert_eq!(parse(&many(MOST_ENTRIES)).unwrap().files.len(), MOST_ENTRIES);
    assert_eq!(parse(&many(MOST_ENTRIES + 1)).unwrap_err(), BadPage::TooMany("files"));
}

#[test]
fn the_digest_is_of_what_is_said_and_not_of_its_order() {
    let file = |name: &str, yanked: &str| json!({ "filename": name, "url": "a", "hashes": {}, "yanked": yanked });
    let said = |files: Value, serial: i64| {
        let mut page = page(&files);
        page["meta"]["_last-serial"] = json!(serial);
        parse(&page).unwrap()
    };
    let one = said(json!([file("a-1.0.zip", ""), file("a-1.1.zip", "")]), 1);
    let same = said(json!([file("a-1.1.zip", ""), file("a-1.0.zip", "")]), 2);
    let other = said(json!([file("a-1.1.zip", "bad"), file("a-1.0.zip", "")]), 1);
    assert_eq!(one.digest("latest"), same.digest("latest"));
    assert_ne!(one.digest("latest"), other.digest("latest"));
    assert_ne!(one.digest("latest"), one.digest("1.0"));
}

#[test]
fn large_values_of_unexpected_kinds_are_passed_over() {
    let large = json!(vec![vec![0; 100]; 100]);
    let odd = file(json!({ "size": large, "yanked": false, "hashes": { "sha256": large }, "url": { "a": large } }));
    assert_eq!((odd.size, odd.sha256, odd.url.as_str()), (None, None, ""));
}

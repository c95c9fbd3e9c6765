use proptest::prelude::*;

use super::*;

/// What is handed out, as `name=display@serial`, and the end.
fn read(body: &str) -> (Vec<String>, Result<ListingEnd, Stopped>) {
    let (out, mut projects) = mpsc::channel(1000);
    let end = read_all(body.as_bytes(), out);
    let shown = |project: ListedProject| {
        let serial = project.serial.map(|serial| format!("@{serial}")).unwrap_or_default();
        format!("{}={}{serial}", project.name, project.display_name)
    };
    (std::iter::from_fn(|| projects.try_recv().ok()).map(shown).collect(), end)
}

fn stopped(body: &str) -> Stopped {
    read(body).1.unwrap_err()
}

#[test]
fn projects_are_handed_out_normalised_in_their_order_with_serials_in_any_form() {
    let (projects, end) = read(
        r#"{"projects": [{"name": "Zope.Demo", "_last-serial": 7}, {"_last-serial": "8", "name": "a", "x": [1, {}]},
            {"name": "b"}, {"name": "c", "_last-serial": [9]}], "meta": {"_last-serial": "9", "api-version": "1.99"},
            "alternate": {"a": [[]]}}"#,
    );
    assert_eq!(projects, ["zope-demo=Zope.Demo@7", "a=a@8", "b=b", "c=c"]);
    let end = end.unwrap();
    assert_eq!((end.projects, end.serial), (4, Some(9)));
    assert_eq!((end.invalid.count, end.duplicates.count), (0, 0));
}

#[test]
fn duplicates_and_what_is_no_name_are_passed_over_and_told() {
    let (projects, end) = read(
        r#"{"meta": {"api-version": "1.0"},
            "projects": [{"name": "a-b"}, {"name": "A_b"}, {"name": "../etc"}, {"name": "\u001b[31m"}, {"name": "c"}]}"#,
    );
    assert_eq!(projects, ["a-b=a-b", "c=c"]);
    let end = end.unwrap();
    assert_eq!((end.projects, end.serial), (2, None));
    assert_eq!(end.duplicates, Oddities { count: 1, examples: vec!["A_b".to_owned()] });
    assert_eq!(end.invalid, Oddities { count: 2, examples: vec!["../etc".to_owned(), "\\x1b[31m".to_owned()] });
}

#[test]
fn only_so_many_odd_names_are_quoted() {
    let names = vec![r#"{"name": "-"}"#; 1000].join(",");
    let (_, end) = read(&format!(r#"{{"meta": {{"api-version": "1.0"}}, "projects": [{names}]}}"#));
    let invalid = end.unwrap().invalid;
    assert_eq!((invalid.count, invalid.examples.len()), (1000, 20));
}

#[test]
fn a_listing_that_ends_early_is_short_and_never_complete() {
    let whole = r#"{"meta": {"api-version": "1.0"}, "projects": [{"name": "a"}, {"name": "b"}]}"#;
    assert!(read(whole).1.is_ok());
    for length in 0..whole.len() {
        assert!(matches!(stopped(&whole[..length]), Stopped::Short(_)), "{length}");
    }
}

#[test]
fn other_text_and_other_versions_are_malformed() {
    for (body, why) in [
        (r#"{"meta": {"api-version": "2.0"}, "projects": []}"#, "version \"2.0\""),
        (r#"{"projects": [], "meta": {"api-version": "10.0"}}"#, "version \"10.0\""),
        (r#"{"projects": []}"#, "missing field `meta`"),
        (r#"{"meta": {"api-version": "1.0"}}"#, "missing field `projects`"),
        (r#"{"meta": {"api-version": "1.0"}, "projects": {}}"#, "a list of projects"),
        (r#"{"meta": {"api-version": "1.0"}, "projects": [{"title": "a"}]}"#, "missing field `name`"),
        (r#"{"meta": {"api-version": "1.0"}, "projects": []} more"#, "trailing"),
        ("[]", "the list of projects"),
        ("<!DOCTYPE html>", "expected value"),
    ] {
        match stopped(body) {
            Stopped::Malformed(found) => assert!(found.contains(why), "{body}: {found}"),
            other => panic!("{body}: {other:?}"),
        }
    }
}

proptest! {
    #[test]
    fn a_damaged_listing_is_complete_only_if_it_is_still_json(
        at in 0_usize..200, byte in any::<u8>(), cut in 0_usize..250, inserted in any::<bool>(),
    ) {
        let projects = (0..5).map(|n| format!(r#"{{"name": "p{n}", "_last-serial": {n}}}"#)).collect::<Vec<_>>().join(",");
        let mut body = format!(r#"{{"meta": {{"api-version": "1.0"}}, "projects": [{projects}], "x": [null]}}"#).into_bytes();
        let at = at % body.len();
        if inserted { body.insert(at, byte) } else { body[at] = byte }
        body.truncate(cut.max(1));
        let (out, mut handed_out) = mpsc::channel(1000);
        let end = read_all(body.as_slice(), out);
        let count = std::iter::from_fn(|| handed_out.try_recv().ok()).count() as u64;
        if let Ok(end) = end {
            prop_assert!(serde_json::from_slice::<serde_json::Value>(&body).is_ok());
            prop_assert_eq!(end.projects, count);
        }
    }
}

#[test]
fn the_reading_ends_when_nobody_takes_the_projects() {
    let (out, projects) = mpsc::channel(1);
    drop(projects);
    let body = br#"{"meta": {"api-version": "1.0"}, "projects": [{"name": "a"}]}"#;
    assert_eq!(read_all(body.as_slice(), out), Err(Stopped::Abandoned));
}

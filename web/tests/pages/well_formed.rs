//! Every page's tags are balanced, its ids differ, its tables have captions, its parts have labels.

use std::collections::HashSet;

use crate::client::{PAGES, get};

/// Elements without an end tag.
const VOID: [&str; 5] = ["meta", "link", "input", "br", "rect"];

/// Checks the nesting of tags; the error names the place.
fn balanced(html: &str) -> Result<(), String> {
    let mut open: Vec<String> = Vec::new();
    for piece in html.split('<').skip(1) {
        let tag = piece.split('>').next().unwrap_or("");
        let name: String = tag.trim_start_matches('/').chars().take_while(char::is_ascii_alphanumeric).collect();
        if tag.starts_with('!') || tag.ends_with('/') || VOID.contains(&name.as_str()) {
            continue;
        }
        if !tag.starts_with('/') {
            open.push(name);
        } else if open.pop().as_deref() != Some(name.as_str()) {
            return Err(format!("</{name}> closes nothing; open: {open:?}"));
        }
    }
    if open.is_empty() { Ok(()) } else { Err(format!("left open: {open:?}")) }
}

#[test]
fn the_check_itself_finds_what_is_wrong() {
    assert!(balanced("<p><b>x</b><br></p>").is_ok());
    assert!(balanced("<p><b>x</p></b>").is_err());
    assert!(balanced("<p>").is_err());
}

#[tokio::test]
async fn every_page_is_well_formed() {
    for address in PAGES.into_iter().chain(["/nope", "/projects?page=0"]) {
        let html = get(address).await.text;
        if let Err(wrong) = balanced(&html) {
            panic!("{address}: {wrong}");
        }
        let ids: Vec<&str> = html.split(" id=\"").skip(1).filter_map(|rest| rest.split('"').next()).collect();
        let different: HashSet<&&str> = ids.iter().collect();
        assert_eq!(ids.len(), different.len(), "{address}: an id stands twice in {ids:?}");
    }
}

#[tokio::test]
async fn every_page_can_be_read_without_seeing_it() {
    for address in PAGES {
        let html = get(address).await.text;
        assert_eq!(html.matches("<h1").count(), 1, "{address}: one main heading");
        assert_eq!(
            html.matches("<table").count(),
            html.matches("<caption").count(),
            "{address}: a caption for each table"
        );
        for landmark in ["<header", "<nav", "<main", "<footer", "role=\"search\"", "class=\"skip\"", "lang=\"en-GB\""] {
            assert!(html.contains(landmark), "{address} has no {landmark}");
        }
    }
}

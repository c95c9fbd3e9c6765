//! Everything from outside is text.

use crate::client::{get, page};

/// Pages that show what an uploader or a visitor wrote.
async fn hostile() -> Vec<(String, String)> {
    let item = "%3Cscript%3Ealert(%27x%27)%3C%2Fscript%3E%E2%80%AE0_".to_owned() + &"x".repeat(300);
    let version = "1.0+%3Cscript%3Ealert(%27x%27)%3C%2Fscript%3E";
    let mut pages = Vec::new();
    for address in [
        "/projects".to_owned(),
        "/projects/hostile".to_owned(),
        format!("/projects/hostile/{version}"),
        format!("/projects/hostile/{version}/uses"),
        format!("/projects/hostile/{version}/sites?item={item}"),
        format!("/projects/hostile/{version}/source?path=%3Cscript%3E&line=9"),
        "/items?kind=static-type&q=script".to_owned(),
        format!("/items/{item}"),
        "/search?q=%3Cscript%3E".to_owned(),
    ] {
        let reply = page(&address).await;
        pages.push((address, reply.text));
    }
    for address in ["/projects/%3Cscript%3E", "/projects?verdict=%3Cscript%3E", "/items/%3Cscript%3E"] {
        pages.push((address.to_owned(), get(address).await.text));
    }
    pages
}

#[tokio::test]
async fn no_foreign_markup_gets_through() {
    for (address, text) in hostile().await {
        assert!(text.contains("&#60;script&#62;"), "{address} does not show it at all:\n{text}");
        assert_eq!(text.matches("<script").count(), 1, "{address}: only our own script");
        assert!(!text.contains("javascript:"), "{address}");
    }
}

#[tokio::test]
async fn characters_that_hide_are_shown() {
    let mut shown = 0;
    for (address, text) in hostile().await {
        let hidden = text.chars().find(|c| (c.is_control() && !"\n\t".contains(*c)) || "\u{202e}\u{200b}".contains(*c));
        assert_eq!(hidden, None, "{address}");
        shown += text.matches("⟨U+202E⟩").count();
    }
    assert!(shown > 100, "{shown}");
}

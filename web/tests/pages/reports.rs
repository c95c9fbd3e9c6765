//! Reports: the list, and the static site of one.

use std::collections::BTreeSet;

use axum::http::StatusCode;

use crate::client::{get, page};

#[tokio::test]
async fn the_list_says_which_report_took_the_place_of_which() {
    let reply = page("/reports").await;
    reply.tells("2026-11 2026-11-22").says("corrects 2026-11-early").says("corrected by 2026-11");
    let json: serde_json::Value = serde_json::from_str(&page("/reports.json").await.text).expect("JSON");
    assert_eq!(json["snapshots"][0]["corrects"], "2026-11-early");
}

#[tokio::test]
async fn a_report_is_whole_by_itself_and_the_manifest_has_each_file_with_its_hash() {
    let index = page("/reports/2026-11/index.html").await;
    index.says("State of 2026-11-22").says("have no blocker for abi3-3.11").says("takes the place of 2026-11-early");
    let manifest: serde_json::Value =
        serde_json::from_str(&page("/reports/2026-11/manifest.json").await.text).expect("JSON");
    let files: BTreeSet<&str> =
        manifest["files"].as_array().expect("files").iter().filter_map(|file| file["path"].as_str()).collect();
    for (format, table) in
        ["csv", "jsonl", "parquet"].into_iter().flat_map(|f| ["series", "files", "structures"].map(|t| (f, t)))
    {
        assert!(files.contains(format!("data/{table}.{format}").as_str()), "{table}.{format}");
    }
    // Every address leads to a file of the report: nothing is from elsewhere.
    for path in files.iter().filter(|path| path.rsplit_once('.').is_some_and(|(_, ending)| ending == "html")) {
        let html = page(&format!("/reports/2026-11/{path}")).await.text;
        assert!(html.len() < 300_000, "{path}: {} bytes", html.len());
        for link in html.split("href=\"").skip(1).filter_map(|rest| rest.split('"').next()) {
            let target = link.split('#').next().unwrap_or_default();
            assert!(link.starts_with('#') || target == "manifest.json" || files.contains(target), "{path}: {link}");
        }
    }
    let sum = |path: &str| {
        let found = manifest["files"].as_array().expect("files").iter().find(|file| file["path"] == path);
        found.and_then(|file| file["sha256"].as_str()).map(str::to_owned)
    };
    let csv = page("/reports/2026-11/data/files.csv").await.text;
    assert_eq!(sum("data/files.csv"), Some(store::Sha256::of(csv.as_bytes()).to_string()));
    assert!(csv.contains("numpy,2.5.5,numpy-2.5.5.tar.gz,"));
    page("/reports/2026-11/methodology.html").await.says("1 of 2 analysed releases of the sample hold native source");
    page("/reports/2026-11/structures.html").await.tells("PyTypeObject 9");
    page("/reports/2026-11/toolchains.html").await.says("Verdicts by toolchain");
    for wrong in ["/reports/2025/index.html", "/reports/2026-11/nothing.html", "/reports/No%20Name/index.html"] {
        assert_eq!(get(wrong).await.status, StatusCode::NOT_FOUND, "{wrong}");
    }
}

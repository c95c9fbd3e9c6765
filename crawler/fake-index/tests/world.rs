//! Generated worlds: every case, the same each time, changing as time passes.

use std::collections::{BTreeMap, BTreeSet};

use fake_index::{Case, FakeIndex, FaultPlan};
use reqwest::{Client, redirect};
use serde_json::Value;

/// An index and somebody who reads it.
struct Read {
    index: FakeIndex,
    client: Client,
}

impl Read {
    async fn start(seed: u64, projects: u32) -> Self {
        let index = FakeIndex::start().await;
        index.generate(seed, projects);
        let client = Client::builder().no_proxy().redirect(redirect::Policy::none()).build().expect("a client");
        Self { index, client }
    }

    async fn json(&self, path: &str) -> Option<Value> {
        let url = format!("{}{path}", self.index.url());
        let answer = self.client.get(url).send().await.expect("an answer");
        if answer.status().is_success() { answer.json().await.ok() } else { None }
    }

    async fn listing(&self) -> BTreeMap<String, i64> {
        let listing = self.json("").await.expect("a listing");
        let entry = |entry: &Value| {
            let name = entry["name"].as_str().expect("a name").to_lowercase().replace(['.', '_'], "-");
            (name, entry["_last-serial"].as_i64().expect("a serial"))
        };
        listing["projects"].as_array().expect("projects").iter().map(entry).collect()
    }

    fn named(&self, wanted: Case) -> String {
        let found = self.index.generated().into_iter().find(|(_, case)| *case == wanted);
        found.expect("one of each case").0
    }
}

#[tokio::test]
async fn a_small_world_holds_every_case_and_two_of_one_seed_are_alike() {
    let (one, two, other) = (Read::start(1, 200).await, Read::start(1, 200).await, Read::start(2, 200).await);
    let cases: BTreeSet<Case> = one.index.generated().into_iter().map(|(_, case)| case).collect();
    assert_eq!(cases.len(), 32);
    assert_eq!(one.index.generated(), two.index.generated());
    assert_ne!(one.index.generated(), other.index.generated());
    for (name, _) in one.index.generated() {
        let without_address = |read: &Read, page: Option<Value>| {
            page.map(|page| page.to_string().replace(&read.index.url().replace("/simple/", ""), ""))
        };
        let path = format!("{name}/");
        let pages = (one.json(&path).await, two.json(&path).await);
        assert_eq!(without_address(&one, pages.0), without_address(&two, pages.1), "{name}");
    }
}

#[tokio::test]
async fn the_listing_leaves_out_what_an_index_leaves_out() {
    let read = Read::start(1, 500).await;
    let listed = read.listing().await;
    for (name, case) in read.index.generated() {
        let absent = matches!(case, Case::Quarantined | Case::Moved);
        assert_eq!(listed.contains_key(&name), !absent, "{name}: {case:?}");
    }
    assert!(read.json(&format!("{}/", read.named(Case::Gone))).await.is_none());
    let quarantined = read.json(&format!("{}/", read.named(Case::Quarantined))).await.unwrap();
    assert_eq!(quarantined["project-status"]["status"], "quarantined");
    assert_eq!(quarantined["files"], serde_json::json!([]));
}

#[tokio::test]
async fn files_are_served_with_the_hash_that_the_page_gives() {
    let read = Read::start(1, 60).await;
    let page = read.json(&format!("{}/", read.named(Case::Abi3Wheel))).await.unwrap();
    let files = page["files"].as_array().unwrap();
    assert_eq!(files.len(), 3);
    for file in files {
        let bytes = read.client.get(file["url"].as_str().unwrap()).send().await.unwrap().bytes().await.unwrap();
        let hash = format!("{:x}", <sha2::Sha256 as sha2::Digest>::digest(&bytes));
        assert_eq!(file["hashes"]["sha256"], hash);
        assert_eq!(file["size"], bytes.len());
    }
}

#[tokio::test]
async fn time_brings_releases_and_takes_projects_away_and_moves_the_serial_of_each() {
    let read = Read::start(1, 1000).await;
    let before = read.listing().await;
    read.index.evolve();
    let after = read.listing().await;
    let gone = before.keys().filter(|name| !after.contains_key(*name)).count();
    let changed: Vec<_> = after.iter().filter(|(name, serial)| before[*name] != **serial).collect();
    assert!((1..20).contains(&gone), "{gone}");
    assert!((20..120).contains(&changed.len()), "{}", changed.len());
    let mut grown = 0;
    for (name, serial) in &changed {
        let page = read.json(&format!("{name}/")).await.unwrap();
        assert_eq!(page["meta"]["_last-serial"], **serial);
        grown += usize::from(page["versions"].as_array().unwrap().iter().any(|version| version == "3.0.1"));
    }
    assert!(grown > 10 && grown < changed.len(), "{grown} of {}", changed.len());
}

#[tokio::test]
async fn new_projects_appear_beside_the_old_ones() {
    let read = Read::start(1, 100).await;
    read.index.evolve();
    let before = read.listing().await;
    read.index.grow(50);
    let after = read.listing().await;
    assert!(before.iter().all(|(name, serial)| after[name] == *serial));
    assert!(after.len() > before.len() + 30);
}

#[tokio::test]
async fn a_phase_of_faults_ends_by_itself_address_by_address() {
    let read = Read::start(1, 100).await;
    read.index.begin_phase(Some(FaultPlan::transient(7)));
    let mut failures = 0;
    for round in 0..3 {
        for (name, _) in read.index.generated() {
            let answer = read.client.get(format!("{}{name}/", read.index.url())).send().await;
            let failed = answer.is_err() || answer.is_ok_and(|answer| answer.status().is_server_error());
            failures += usize::from(failed);
            assert!(!(failed && round == 2), "{name} fails a third time");
        }
    }
    assert!(failures > 0);
}
